// Random changes to a token: a letter, a bit, a piece, a member of its JSON; and pieces of other tokens in it.
import { encoded } from "./tokens.mjs";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OTHERS = "+/=.~!*' ,;:%&#@\"\\";

/** A random number generator that can be started again. @param {number} seed */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (/** @type {number} */ limit) => next() % limit;
  /** @template T @param {ArrayLike<T>} items */
  const one = (items) => items[below(items.length)];
  return { below, one };
}

/** @typedef {ReturnType<typeof random>} Random */
/** @typedef {(token: string, random: Random, others: string[]) => string} Mutation */

/** @param {string} text @param {number} at @param {number} length @param {string} [by] */
const replaced = (text, at, length, by = "") => text.slice(0, at) + by + text.slice(at + length);

/** @param {string} token @param {Random} random @param {(part: string) => string} change */
function inOnePart(token, { below }, change) {
  const parts = token.split(".");
  const at = below(parts.length);
  parts[at] = change(parts[at]);
  return parts.join(".");
}

/** Members and values that matter. */
const MEMBERS = {
  0: ["alg", "kid", "typ", "crit", "jku", "jwk", "b64"],
  1: [
    "iss",
    "aud",
    "sub",
    "exp",
    "nbf",
    "iat",
    "groups",
    "email",
    "email_verified",
    "common_name",
    "client_id",
  ],
};
const VALUES = [
  null,
  true,
  0,
  1,
  -1,
  4e9,
  1e300,
  "",
  "none",
  "HS256",
  "ES256",
  "JWT",
  "mallory",
  [],
  ["revokers"],
  {},
];

/** @type {Mutation[]} */
export const MUTATIONS = [
  // A letter becomes another one of the alphabet.
  (token, { below, one }) => replaced(token, below(token.length), 1, one(LETTERS)),
  // A letter becomes one of another alphabet.
  (token, { below, one }) => replaced(token, below(token.length), 1, one(OTHERS)),
  // The last letter of a part changes: its lowest bits may not count.
  (token, random) =>
    inOnePart(token, random, (part) => replaced(part, part.length - 1, 1, random.one(LETTERS))),
  // A letter more.
  (token, { below, one }) => replaced(token, below(token.length + 1), 0, one(LETTERS + OTHERS)),
  // A few letters less.
  (token, { below }) => replaced(token, below(token.length), 1 + below(4)),
  // It ends early.
  (token, { below }) => token.slice(0, below(token.length)),
  // Two letters change places.
  (token, { below }) => {
    const at = below(token.length - 1);
    return replaced(token, at, 2, token[at + 1] + token[at]);
  },
  // A letter in the other case.
  (token, { below }) => {
    const at = below(token.length);
    const letter = token[at];
    return replaced(
      token,
      at,
      1,
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
  },
  // A piece comes twice.
  (token, { below }) => {
    const at = below(token.length);
    return replaced(token, at, 0, token.slice(at, at + 1 + below(16)));
  },
  // A bit of a part's bytes.
  (token, random) =>
    inOnePart(token, random, (part) => {
      const bytes = Buffer.from(part, "base64url");
      bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      return bytes.toString("base64url");
    }),
  // A byte less or more.
  (token, random) =>
    inOnePart(token, random, (part) => {
      const bytes = [...Buffer.from(part, "base64url")];
      const at = random.below(bytes.length);
      if (random.below(2)) bytes.splice(at, 1);
      else bytes.splice(at, 0, random.below(256));
      return Buffer.from(bytes).toString("base64url");
    }),
  // A part of another token, which may be the issuer's.
  (token, random, others) => {
    const at = random.below(3);
    const donor = random.one(others).split(".");
    return token
      .split(".")
      .map((part, index) => (index === at ? donor[index] : part))
      .join(".");
  },
  // Parts in another order, too many or too few of them.
  (token, { below, one }) => Array.from({ length: below(6) }, () => one(token.split("."))).join("."),
  // A member of the header or of the claims.
  (token, { below, one }) => {
    const at = /** @type {0 | 1} */ (below(2));
    const parts = token.split(".");
    const members = JSON.parse(Buffer.from(parts[at], "base64url").toString());
    const name = one(MEMBERS[at]);
    if (below(4) === 0) delete members[name];
    else members[name] = one(VALUES);
    parts[at] = encoded(members);
    return parts.join(".");
  },
  // A member twice.
  (token, { below, one }) => {
    const at = /** @type {0 | 1} */ (below(2));
    const parts = token.split(".");
    const json = Buffer.from(parts[at], "base64url").toString();
    parts[at] = encoded(
      `${json.slice(0, -1)},${JSON.stringify(one(MEMBERS[at]))}:${JSON.stringify(one(VALUES))}}`,
    );
    return parts.join(".");
  },
];

/**
 * The token after one to three changes.
 * @type {Mutation}
 */
export function mutated(token, random, others) {
  let text = token;
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    try {
      text = random.one(MUTATIONS)(text, random, others);
    } catch {
      // What is left of it is too little for this change.
    }
  }
  return text;
}
