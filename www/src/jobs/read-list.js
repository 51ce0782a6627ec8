// A list of orders as it is dropped or pasted: CSV with comma, semicolon or tab, or a number a line. What its values mean, the
// server says.

/** @typedef {{ line: number, raw: string, order: Record<string, unknown> }} Row */
/** @typedef {{ rows: Row[], columns: string[], foreign: string[], header: string | undefined }} List */

/** Columns by their names, however they are written. */
const COLUMNS = new Map(
  [
    "orderNumber",
    "serialNumber",
    "certificateID",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
  ].map((name) => [name.toLowerCase(), name]),
);

/** @param {string} name */
const columnOf = (name) => COLUMNS.get(name.replace(/[\s_]/g, "").toLowerCase());

/** @param {Uint8Array} bytes UTF-8, or UTF-16 with its mark */
export function textOf(bytes) {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  return new TextDecoder(mark).decode(bytes);
}

/** @param {string} text @returns {List} */
export function readList(text) {
  const records = split(text.replace(/^\ufeff/, ""));
  if (/^sep=/i.test(records[0]?.raw ?? "")) records.shift();
  const [first] = records;
  if (!first) return { rows: [], columns: [], foreign: [], header: undefined };
  const separator = [",", ";", "\t"].reduce((best, one) =>
    cells(first.raw, one).length > cells(first.raw, best).length ? one : best,
  );
  const names = cells(first.raw, separator);
  // A list of numbers alone has no header.
  const bare = /^\s*#?\d+\s*$/.test(first.raw);
  const columns = bare ? ["orderNumber"] : names.map((name) => columnOf(name) ?? "");
  if (!bare) records.shift();
  return {
    columns: columns.filter(Boolean),
    foreign: bare ? [] : names.filter((name) => columnOf(name) === undefined && name !== ""),
    header: bare ? undefined : first.raw,
    rows: records.map(({ line, raw }) => ({ line, raw, order: orderOf(columns, cells(raw, separator)) })),
  };
}

/** @param {string[]} columns @param {string[]} values */
function orderOf(columns, values) {
  /** @type {Record<string, unknown>} */
  const order = {};
  columns.forEach((name, index) => {
    const value = values[index] ?? "";
    if (name !== "" && value !== "") order[name] = typed(name, value);
  });
  return order;
}

/**
 * A number is what stands there in one piece: two with a blank between them must not become the number of another order.
 * @param {string} name
 * @param {string} value
 */
function typed(name, value) {
  if (name === "orderNumber") return value.replace(/^#\s*/, "");
  if (name === "codeReason" || name === "product") return /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (name === "test")
    return /^(true|y|yes)$/i.test(value) ? true : /^(false|n|no)$/i.test(value) ? false : value;
  return value;
}

/** Records with the number of their first line; a quoted value may have line breaks. Empty ones are left out. @param {string} text */
function split(text) {
  const records = [];
  let [begin, line, first, quoted] = [0, 1, 1, false];
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    if (sign === "\n") line += 1;
    if (at < text.length && (sign !== "\n" || quoted)) continue;
    const raw = text.slice(begin, at).replace(/\r$/, "");
    if (raw.replace(/[\s,;]/g, "") !== "") records.push({ line: first, raw });
    [begin, first] = [at + 1, line];
  }
  return records;
}

/** @param {string} raw @param {string} separator */
function cells(raw, separator) {
  const values = [];
  let [begin, quoted] = [0, false];
  for (let at = 0; at <= raw.length; at += 1) {
    if (raw[at] === '"') quoted = !quoted;
    if (at < raw.length && (raw[at] !== separator || quoted)) continue;
    values.push(unquoted(raw.slice(begin, at).trim()));
    begin = at + 1;
  }
  return values;
}

/** Quotes that do not stand around the whole cell stay in it, and the server refuses it. @param {string} cell */
function unquoted(cell) {
  const [, inner] = /^"((?:[^"]|"")*)"$/.exec(cell) ?? [];
  return inner === undefined ? cell : inner.replaceAll('""', '"').trim();
}
