// Checks of what people tell the simulator: every fault of a setting is named, and nothing is done by halves.

/** What is wrong with a setting: `where` in it, and what. @typedef {{ where: string, problem: string }} Finding */

/** A setting that was not taken. */
export class SettingError extends TypeError {
  name = "SettingError";

  /** @param {Finding[]} findings */
  constructor(findings) {
    super(findings.map(({ where, problem }) => `${where}: ${problem}`).join("; "));
    this.findings = findings;
  }
}

/**
 * A member of a setting: what it may be, and what it is for.
 * @typedef {object} Member
 * @property {string} expects
 * @property {string} about
 * @property {unknown} [standard] its default
 * @property {boolean} [required]
 * @property {(value: unknown) => boolean} accepts
 */

/**
 * @param {number} from
 * @param {number} to
 * @param {string} about
 * @param {number} [standard]
 * @returns {Member}
 */
export const integer = (from, to, about, standard) => ({
  expects: `an integer from ${from} to ${to}`,
  about,
  standard,
  accepts: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
});

/**
 * @param {string} about
 * @param {string} [standard]
 * @param {number} [longest]
 * @returns {Member}
 */
export const text = (about, standard, longest = 1_000_000) => ({
  expects: `a text of at most ${longest} characters`,
  about,
  standard,
  accepts: (value) => typeof value === "string" && value.length <= longest,
});

/**
 * A text that can stand in a line of an HTTP head.
 * @param {string} about
 * @param {string} [standard]
 * @returns {Member}
 */
export const line = (about, standard) => ({
  expects: "a text of visible Latin-1 characters, blanks and tabs",
  about,
  standard,
  accepts: (value) => typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
});

/**
 * @param {readonly string[]} choices
 * @param {string} about
 * @param {string} [standard]
 * @returns {Member}
 */
export const choice = (choices, about, standard) => ({
  expects: `one of ${choices.join(", ")}`,
  about,
  standard,
  accepts: (value) => choices.includes(/** @type {string} */ (value)),
});

/**
 * @param {string} about
 * @param {boolean} [standard]
 * @returns {Member}
 */
export const flag = (about, standard) => ({
  expects: "true or false",
  about,
  standard,
  accepts: (value) => typeof value === "boolean",
});

/** A number of an order or a product. @param {string} about @returns {Member} */
export const decimal = (about) => ({
  expects: "a whole number, or a string of its digits without leading zeros",
  about,
  accepts: (value) =>
    typeof value === "string"
      ? /^(0|[1-9][0-9]{0,18})$/.test(value)
      : Number.isSafeInteger(value) && Number(value) >= 0,
});

/** @param {Member} member @returns {Member} */
export const required = (member) => ({ ...member, required: true });

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Everything that is wrong with the members of an object.
 * @param {unknown} setting
 * @param {Record<string, Member>} members
 * @param {string} where
 * @returns {Finding[]}
 */
export function findings(setting, members, where) {
  if (!isObject(setting)) return [{ where, problem: "must be an object" }];
  /** @type {Finding[]} */
  const found = [];
  for (const name of Object.keys(setting)) {
    if (!Object.hasOwn(members, name)) {
      const known = Object.keys(members).join(", ");
      found.push({ where: `${where}.${name}`, problem: `is unknown; known are ${known}` });
    }
  }
  for (const [name, member] of Object.entries(members)) {
    const value = Object.hasOwn(setting, name) ? setting[name] : undefined;
    if (value === undefined) {
      if (member.required)
        found.push({ where: `${where}.${name}`, problem: `is missing: ${member.expects}` });
    } else if (!member.accepts(value)) {
      found.push({ where: `${where}.${name}`, problem: `must be ${member.expects}` });
    }
  }
  return found;
}

/** @param {Finding[]} found */
export function insistOn(found) {
  if (found.length > 0) throw new SettingError(found);
}
