// The file that a job is made of: CSV as it is, or JSON: a plan, or its orders alone.
import { readFile } from "node:fs/promises";
import { WrongUse } from "../arguments.js";

/**
 * @param {string} file
 * @param {{ name?: string, deadline?: string, defaults?: { codeReason: string | number } }} terms these come before the file's own
 * @returns {Promise<any>} the plan
 */
export async function planOf(file, terms) {
  const kind = /\.(csv|json)$/i.exec(file)?.[1].toLowerCase();
  if (!kind) throw new WrongUse(["FILE must end in .csv or .json: that says how it is read"]);
  const content = await readFile(file).catch(() => {
    throw new WrongUse([`${file} is no file that can be read`]);
  });
  if (kind === "csv") return { csv: content, ...terms };
  const plan = jsonOf(content);
  if (Array.isArray(plan)) return { orders: plan, ...terms };
  if (typeof plan === "object" && plan !== null)
    return { ...plan, ...terms, ...mergedDefaults(plan.defaults, terms.defaults) };
  throw new WrongUse([`FILE must be an array of orders, or an object with orders`]);
}

/** @param {Buffer} content */
function jsonOf(content) {
  let text, value;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    value = JSON.parse(text);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    // Node quotes the text; where it is wrong, is enough.
    const place = /position \d+/.exec(message)?.[0];
    throw new WrongUse([`FILE is not JSON${place ? ` (at ${place})` : ""}`]);
  }
  // Of two members with one name JSON.parse takes the last: which one was meant, nobody can tell.
  if (membersWritten(text) !== membersOf(value))
    throw new WrongUse(["FILE has an object in which a member stands twice"]);
  return value;
}

/** How many members the objects of a well-formed JSON text are written with. @param {string} text */
const membersWritten = (text) => (text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/:/g) ?? []).length;

/** How many they have. @param {unknown} value @returns {number} */
function membersOf(value) {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, member) => sum + membersOf(member), own);
}

/** Those of the command over those of the file. What is no object is left for the client to name. @param {any} [own] @param {object} [over] */
const mergedDefaults = (own, over) =>
  over && typeof own === "object" && own !== null && !Array.isArray(own)
    ? { defaults: { ...own, ...over } }
    : {};

/** A reason as the edge takes it: its name, or its number. @param {string} text */
export const reasonOf = (text) => (/^\d$/.test(text) ? Number(text) : text);

/** A deadline as the edge takes it: a date-time, or a time from now. @param {string} text */
export function deadlineOf(text) {
  const units = { m: 60_000, h: 3_600_000, d: 86_400_000 };
  const found = /^(\d{1,6})([mhd])$/.exec(text);
  if (!found) return text;
  const [, count, unit] = found;
  return new Date(Date.now() + Number(count) * units[/** @type {"m" | "h" | "d"} */ (unit)]).toISOString();
}
