// What in an env file may not mean what was meant, since dotenv says nothing of it. No value is ever quoted.

/** The expression by which dotenv reads a file: name, value, and what it passes over behind the value. */
const SETTING =
  /^[^\S\n]*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?[^\S\n]*(#.*)?$/gm;

/** Of these a `#` is likelier to be a part than the beginning of a comment. */
const SECRETS = ["CA_LOGIN_NAME", "CA_LOGIN_PASSWORD", "API_KEYS", "AUDIT_SIGNING_KEY", "GRANTS"];

const TYPOGRAPHIC =
  /^[\u2018-\u201f\u00ab\u00bb\u2039\u203a\uff02\uff07\u2032\u2033\u00b4]|[\u2018-\u201f\u00ab\u00bb\u2039\u203a\uff02\uff07\u2032\u2033\u00b4]$/;

const QUOTE = "write the whole value in quotes ('...', \"...\" or `...`)";

/**
 * One line for each thing that an operator should look at, with its line and name.
 * @param {string} text
 * @returns {string[]}
 */
export function envFileNotices(text) {
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  /** @type {{ line: number, what: string }[]} */
  const found = [];
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** Lines that belong to a setting. @type {Set<number>} */
  const read = new Set();
  for (const match of lines.matchAll(SETTING)) {
    const [whole, name, written = "", comment = ""] = match;
    const line = lineAt(lines, match.index + whole.search(/\S/));
    const value = written.trim();
    const last = lineAt(lines, match.index + whole.length);
    for (let at = line; at <= last; at += 1) read.add(at);
    const before = seen.get(name);
    if (before !== undefined) {
      found.push({ line, what: `${name} is given twice, in line ${before} too: this one counts` });
    }
    seen.set(name, line);
    const blank = /\s$/.test(whole.slice(0, whole.length - comment.length));
    const what = noticeOf(name, value, { blank, comment });
    if (what) found.push({ line, what });
    if (last > line && /\n[^\S\n]*(?:export\s+)?[A-Z][A-Z0-9_]*=/.test(value)) {
      found.push({
        line,
        what: `the value of ${name} goes on to line ${last}, over what looks like other settings`,
      });
    }
  }
  for (const [at, line] of lines.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line) || read.has(at + 1)) continue;
    found.push({ line: at + 1, what: "it is no NAME=value, and is ignored" });
  }
  return found.sort((one, other) => one.line - other.line).map(({ line, what }) => `line ${line}: ${what}`);
}

/**
 * @param {string} name
 * @param {string} value as it is written
 * @param {{ blank: boolean, comment: string }} rest `blank`: whether one stands between value and comment
 */
function noticeOf(name, value, { blank, comment }) {
  const isQuoted = /^(['"`])[^]*\1$/.test(value) && value.length > 1;
  if (!isQuoted && TYPOGRAPHIC.test(value)) {
    return `the value of ${name} has typographic quotation marks, which are a part of it: ${QUOTE}`;
  }
  if (!isQuoted && /^['"`]/.test(value)) {
    return `the value of ${name} begins with a quotation mark and goes on behind the closing one, or has none: ${QUOTE}`;
  }
  if (comment === "" || (blank && (isQuoted || !SECRETS.includes(name)))) return undefined;
  return `the line of ${name} goes on behind its value, from a # on: ${QUOTE} if that is a part of it`;
}

/** @param {string} text @param {number} index */
const lineAt = (text, index) => text.slice(0, index).split("\n").length;
