// Values as flat text for wasm, and its answers as values; src/client/transcript.rs tells what the letters mean.

const encoder = new TextEncoder();

/** @typedef {[scope: string, name: string, value: string]} Entry */

/**
 * As bytes. What stands between the parts is no byte of UTF-8, so no value can look like another entry.
 * @param {Entry[]} entries
 */
export function written(entries) {
  const parts = entries.flat().map((part) => encoder.encode(part));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length + 1, 0)).fill(0xff);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length + 1;
  }
  return bytes;
}

/**
 * What a value is. It is neither coerced, nor asked for anything that could throw.
 * @param {unknown} value
 */
export function letter(value) {
  switch (typeof value) {
    case "undefined":
      return "u";
    case "string":
      return /\p{Surrogate}/u.test(value) ? `m${value.length}` : `s${value}`;
    case "number":
      return `n${new BigUint64Array(new Float64Array([value]).buffer)[0]}`;
    case "boolean":
      return value ? "b1" : "b0";
    case "function":
      return "f";
    default:
      return isRecord(value) ? "o" : Array.isArray(value) ? "l" : "x";
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The members of an object that are given: its own, and not `undefined`.
 * @param {string} scope
 * @param {unknown} value
 * @returns {Entry[]}
 */
export function members(scope, value) {
  if (!isRecord(value)) return [];
  const given = Object.keys(value).filter((name) => value[name] !== undefined);
  return given.map((name) => [scope, name, letter(value[name])]);
}

/**
 * Any property, of any value; `undefined` where there is none or reading it throws.
 * @param {any} value
 * @param {string} name
 */
export function property(value, name) {
  try {
    return (typeof value === "object" && value !== null) || typeof value === "function"
      ? value[name]
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What wasm told: the object of each scope, its members its own whatever they are called, `__proto__` too.
 * @param {string} text
 * @param {unknown} [document] the one that was answered
 * @returns {Map<string, any>}
 */
export function read(text, document) {
  /** @type {Map<string, [string, any][]>} */
  const scopes = new Map();
  const parts = text.split("\x1f");
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [scope, name, value] = parts.slice(at, at + 3);
    if (!scopes.has(scope)) scopes.set(scope, []);
    scopes.get(scope)?.push([name, value]);
  }
  /** @param {string} value @returns {any} */
  const meant = (value) => {
    const rest = value.slice(1);
    switch (value[0]) {
      case "n":
        return Number(rest);
      case "b":
        return rest === "1";
      case "g":
        return object(rest);
      case "d":
        return document;
      default:
        return rest;
    }
  };
  /** @param {string} scope */
  const object = (scope) =>
    Object.fromEntries((scopes.get(scope) ?? []).map(([name, value]) => [name, meant(value)]));
  return new Map([...scopes.keys()].map((scope) => [scope, object(scope)]));
}
