// What is exactly a complete success, written from the protocol's page and in another way than in the client.

const ENDS = /^(?:[ \t\r\n]|\xef\xbb\xbf)+|(?:[ \t\r\n]|\xef\xbb\xbf)+$/g;
const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/;

/**
 * Which code of 0, -20 and -21 a reply of the CA carries beyond doubt about this call, if any.
 * @param {{ status: number, headers: Record<string, string>, body: Buffer }} reply
 * @param {{ orderNumber: string, test: boolean }} order
 */
export function codeOfDone({ status, headers, body }, order) {
  if (status !== 200 || body.length > 65536) return undefined;
  const length = headers["content-length"];
  if (length !== undefined && Number(length) !== body.length) return undefined;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "identity" && encoding.trim() !== "") {
    return undefined;
  }
  const text = body.toString("latin1");
  const code = codeOfLines(text) ?? codeOfPairs(text);
  if (code === undefined || !["0", "-20", "-21"].includes(code)) return undefined;
  const bare = text.replace(ENDS, "");
  const follows = text.slice(text.indexOf(code) + code.length);
  // A negative number that nothing follows may be the beginning of a longer one.
  if (code !== "0" && length === undefined && !/^(?:[ \t]|\xef\xbb\xbf)*[\r\n]|^&/.test(follows))
    return undefined;
  if (code === "0" && /[^\t\r\n\x20-\x7e]/.test(bare)) return undefined;
  return contradictions(bare, code, order).next().done ? Number(code) : undefined;
}

/**
 * Extra pairs, in whichever form, that take back what a code which counts as done says of this call.
 * @param {string} text
 * @param {string} code
 * @param {{ orderNumber: string, test: boolean }} order
 */
function* contradictions(text, code, { orderNumber, test }) {
  /** @type {Record<string, string | undefined>} */
  const sent = { ordernumber: orderNumber, test: test ? "Y" : "N", serialnumber: undefined };
  for (const line of text.split(/[\r\n&]/)) {
    const [name, ...value] = line.replace(ENDS, "").split("=");
    const key = decodedName(name);
    const said = decoded(value.join("="));
    if (["ordernumber", "serialnumber", "certificateid", "test"].includes(key) && sent[key] !== said)
      yield key;
    if (["errordetail", "erroritem"].includes(key) && code === "0" && said !== "") yield key;
  }
}

/** @param {string} text */
function codeOfLines(text) {
  const [first, ...rest] = text
    .replace(ENDS, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(ENDS, ""));
  const code = /^(?:errorcode=)?(0|-[1-9][0-9]{0,8})$/i.exec(first)?.[1];
  const more = rest.filter((line) => line !== "");
  if (code === undefined || (code === "0" && more.length > 0)) return undefined;
  if (more.some((line) => /^(?:0|-[1-9][0-9]{0,8})$/.test(line))) return undefined;
  return code;
}

/** @param {string} text */
function codeOfPairs(text) {
  const bare = text.replace(ENDS, "");
  const pairs = (bare.endsWith("&") ? bare.slice(0, -1) : bare).split("&");
  const codes = pairs.filter((pair) => decodedName(pair) === "errorcode");
  const message = pairs.some(
    (pair) => decodedName(pair) === "errormessage" && /=./.test(pair.replace(/[\r\n]/g, "x")),
  );
  const code = codes.length === 1 ? /^errorcode=(0|-[1-9][0-9]{0,8})$/i.exec(codes[0])?.[1] : undefined;
  if (code === "0" && (message || !pairs.every((pair) => NAME.test(pair.split("=", 1)[0])))) return undefined;
  return code;
}

/** @param {string} text */
const decoded = (text) =>
  text.replaceAll("+", " ").replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));

/** @param {string} pair */
const decodedName = (pair) => decoded(pair.split("=", 1)[0]).trim().toLowerCase();

const CODES = { revoked: 0, tested: 0, "already-revoked": -21, "already-rejected": -20 };

/**
 * Which outcome a reply of the edge carries beyond doubt for this order, if any.
 * @param {{ status: number, headers: Record<string, string>, body: Buffer }} reply
 * @param {{ orderNumber: string, test: boolean }} order
 */
export function outcomeOfEdge({ status, headers, body }, order) {
  if (status !== 200 || !/^\s*application\/json\s*(;.*)?$/i.test(headers["content-type"] ?? ""))
    return undefined;
  const text = body.toString("utf8");
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (document === null || typeof document !== "object" || Array.isArray(document)) return undefined;
  const { outcome, errorCode, orderNumber, test } = document;
  const once = ["outcome", "errorCode", "orderNumber", "test"].every(
    (name) => text.match(new RegExp(`"${name}"\\s*:`, "g"))?.length === 1,
  );
  const fits = Object.hasOwn(CODES, outcome) && CODES[/** @type {keyof CODES} */ (outcome)] === errorCode;
  const right = orderNumber === order.orderNumber && test === order.test;
  const kind = outcome === "revoked" ? !test : outcome === "tested" ? test : true;
  return once && fits && right && kind ? outcome : undefined;
}
