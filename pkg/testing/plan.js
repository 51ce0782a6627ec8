// The plan of a job, of JSON or CSV: its orders, each once, under one hash; or what is wrong with each row.
import { sha256Hex } from "./audit.js";
import { Problem, readObject } from "./http.js";
import { SERIOUSNESS, canonical, identifiedBy, identityOf, nameText, readOrder } from "./orders.js";

/** @typedef {import("./orders.js").Order} Order */
/** @typedef {{ row: number, order: Order, label?: string }} Planned */
/**
 * @typedef {object} Plan
 * @property {string} [name]
 * @property {string} [deadline]
 * @property {Planned[]} orders
 * @property {object[]} merged
 * @property {number} duplicates
 * @property {number} conflicts
 * @property {string} planHash
 */

const COLUMNS = [
  "orderNumber",
  "serialNumber",
  "certificateID",
  "codeReason",
  "revocationReason",
  "productCode",
  "product",
  "test",
  "label",
];
const SEPARATORS = [",", ";", "\t"];
const LISTED = 100;
const MAX_LABEL = 255;

/** @param {string} body @param {boolean} isCsv @param {URLSearchParams} query @returns {Promise<Plan>} */
export async function readPlan(body, isCsv, query) {
  /** @type {Record<string, string>} */
  const fields = {};
  const given = isCsv ? ofCsv(body, query, fields) : readObject(body);
  const { orders: rows = [], defaults = {}, name, deadline, ...others } = given;
  for (const other of Object.keys(others)) fields[other] = "is not known here";
  if (
    name !== undefined &&
    !(typeof name === "string" && /^[^\u0000-\u001f\u007f-\u009f]{1,200}$/u.test(name))
  )
    fields.name = "must have 1 to 200 characters, none of them a control character";
  if (deadline !== undefined && !(typeof deadline === "string" && Number.isFinite(Date.parse(deadline))))
    fields.deadline = "must be a time as in RFC 3339, for example 2026-11-28T17:00:00Z";
  if (!Array.isArray(rows)) fields.orders = "must be an array of orders";
  else if (rows.length === 0 && Object.keys(fields).length === 0)
    fields[isCsv ? "list" : "orders"] = "must have at least one row";

  /** @type {Planned[]} */
  const planned = [];
  /** @type {Set<number>} */
  const bad = new Set();
  for (const [at, members] of (Array.isArray(rows) ? rows : []).entries()) {
    const row = at + 1;
    const isObject = typeof members === "object" && members !== null && !Array.isArray(members);
    if (!isObject) {
      fields[`row ${row}`] = isCsv ? "has not as many fields as the header row" : "must be an object";
      bad.add(row);
      continue;
    }
    const { order, label, fields: faults = {} } = readRow(defaults, members);
    if (order) planned.push({ row, order, label });
    else bad.add(row);
    for (const [field, fault] of Object.entries(faults)) fields[`row ${row}: ${field}`] = fault;
  }
  noteMixed(planned, fields, bad);
  if (Object.keys(fields).length > 0) {
    const rows = [...bad].sort((one, other) => one - other);
    throw new Problem("invalid-order", "The plan is not sound: see rows and fields. Nothing was kept.", {
      fields,
      rows,
    });
  }
  return { name, deadline: deadline && new Date(deadline).toISOString(), ...(await merge(planned)) };
}

/** @param {string} body @param {URLSearchParams} query @param {Record<string, string>} fields @returns {Record<string, any>} */
function ofCsv(body, query, fields) {
  const { codeReason, revocationReason, test, ...terms } = Object.fromEntries(query);
  const orders = csvRows(body, fields);
  /** @type {Record<string, unknown>} */
  const defaults = test === "true" ? { test: true } : {};
  if (revocationReason) defaults.revocationReason = revocationReason;
  if (codeReason !== undefined) defaults.codeReason = member("codeReason", codeReason);
  const { fields: faults } = readOrder({ orderNumber: 1, ...defaults });
  for (const [name, fault] of Object.entries(faults ?? {})) {
    fields[name] = fault;
    delete defaults[name];
    // Whatever is wrong with it, no row lacks one.
    if (name === "codeReason") defaults.codeReason = 0;
  }
  return { ...terms, orders, defaults };
}

/**
 * An order that says why, since what is done cannot be corrected afterwards; and what people call it.
 * @param {object} defaults @param {Record<string, any>} row
 */
function readRow(defaults, { label: written = "", ...row }) {
  const members = { ...defaults, ...row };
  const { order, fields } = readOrder(members);
  const faults = { ...fields };
  if (!Object.hasOwn(members, "codeReason"))
    faults.codeReason = "is missing, and the plan has none for all rows";
  if (typeof written !== "string") faults.label = "must be a string";
  else if ([...written.trim()].length > MAX_LABEL) faults.label = `must have at most ${MAX_LABEL} characters`;
  if (Object.keys(faults).length > 0) return { fields: faults };
  return { order, label: written.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").trim() || undefined };
}

/** A plan either tests or revokes: the rows of the smaller part are at fault. @param {Planned[]} planned @param {Record<string, string>} fields @param {Set<number>} bad */
function noteMixed(planned, fields, bad) {
  const tests = planned.filter(({ order }) => order.test);
  const revokes = planned.filter(({ order }) => !order.test);
  const fewer = tests.length <= revokes.length ? tests : revokes;
  if (fewer.length === 0) return;
  fields.test = `must be the same in all rows, for a plan either tests or revokes: ${tests.length} test, ${revokes.length} revoke`;
  for (const { row } of fewer) bad.add(row);
}

/** The same order in several rows: the first stays, with the most serious reason. @param {Planned[]} planned */
async function merge(planned) {
  /** @type {Map<string, Planned & { rows: number[], reasons: Set<number> }>} */
  const once = new Map();
  for (const { row, order, label } of planned) {
    const first = once.get(identityOf(order));
    if (!first) {
      once.set(identityOf(order), { row, order, label, rows: [row], reasons: new Set([order.codeReason]) });
      continue;
    }
    first.rows.push(row);
    first.label ??= label;
    first.reasons.add(order.codeReason);
    if (SERIOUSNESS[order.codeReason] > SERIOUSNESS[first.order.codeReason]) first.order = order;
  }
  const all = [...once.values()];
  const several = all.filter(({ rows }) => rows.length > 1).slice(0, LISTED);
  return {
    orders: all.map(({ row, order, label }) => ({ row, order, label })),
    duplicates: planned.length - all.length,
    conflicts: all.filter(({ reasons }) => reasons.size > 1).length,
    merged: several.map(({ order, label, rows, reasons }) => ({
      ...identifiedBy(order, label),
      ...{ rows, count: rows.length, codeReason: order.codeReason, conflict: reasons.size > 1 },
    })),
    planHash: await hash(all.map(({ order }) => order)),
  };
}

/** SHA-256 of the orders' lines, sorted. @param {Order[]} orders */
function hash(orders) {
  const compare = (/** @type {any} */ one, /** @type {any} */ other) =>
    one < other ? -1 : Number(one > other);
  const sorted = [...orders].sort(
    (one, other) =>
      compare(one.orderNumber === undefined, other.orderNumber === undefined) ||
      compare(BigInt(one.orderNumber ?? 0), BigInt(other.orderNumber ?? 0)) ||
      compare(nameText(one), nameText(other)) ||
      compare(one.productCode ?? "", other.productCode ?? "") ||
      compare(one.product ?? -1, other.product ?? -1),
  );
  const line = (/** @type {Order} */ order) =>
    `${canonical({ ...order, ...(order.product === undefined ? {} : { product: String(order.product) }) })}\n`;
  return sha256Hex(sorted.map(line).join(""));
}

/** The rows of a CSV text (RFC 4180) as orders have them. @param {string} text @param {Record<string, string>} fields for what is wrong with it */
function csvRows(text, fields) {
  const [header = [], ...records] = csvRecords(text.replace(/^\uFEFF/, ""));
  const spelt = (/** @type {string} */ name) => name.replaceAll(/[ _]/g, "").toLowerCase();
  const columns = header.map((cell) => COLUMNS.find((name) => spelt(name) === spelt(cell)));
  for (const [at, column] of columns.entries())
    if (column && columns.indexOf(column) !== at) fields[`column ${column}`] = "is there twice";
  if (columns.includes(undefined)) fields.columns = `are not known: there are ${COLUMNS.join(", ")}`;
  if (!["orderNumber", "serialNumber", "certificateID"].some((name) => columns.includes(name)))
    fields["header row (line 1)"] = "must have a column orderNumber, serialNumber or certificateID";
  if (Object.keys(fields).length > 0) return [];
  return records.map((record) =>
    record.length === header.length
      ? Object.fromEntries(
          record.flatMap((cell, at) => (cell === "" ? [] : [[columns[at], member(columns[at], cell)]])),
        )
      : undefined,
  );
}

/** A cell is text; numbers and booleans are read from their one spelling. @param {string | undefined} column @param {string} cell */
function member(column, cell) {
  if (column === "test" && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === "true";
  return (column === "codeReason" || column === "product") && /^(0|[1-9][0-9]{0,15})$/.test(cell)
    ? Number(cell)
    : cell;
}

/** @param {string} text */
function csvRecords(text) {
  const [line] = text.split(/\r?\n/, 1);
  const separator = SEPARATORS.find((each) => line.includes(each)) ?? ",";
  /** @type {string[][]} */
  const records = [];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"\\r\\n${separator}]*)(${separator}|\\r?\\n|$)`, "y");
  for (let record = /** @type {string[]} */ ([]); cell.lastIndex < text.length;) {
    const [, quoted, end] = cell.exec(text) ?? [];
    if (quoted === undefined)
      throw new Problem("invalid-order", "The CSV cannot be read.", {
        fields: { list: "is not as in RFC 4180" },
      });
    record.push(quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted);
    if (end === separator && cell.lastIndex < text.length) continue;
    if (end === separator) record.push("");
    records.push(record);
    record = [];
  }
  return records;
}
