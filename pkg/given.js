// The arguments of a call, and the runtime around it, as wasm is told of them.
import { letter, members, property } from "./transcript.js";

/** @typedef {import("./transcript.js").Entry} Entry */
/** @typedef {"revoke" | "order" | "settle" | "me" | "audit" | "audit-head" | `job-${string}`} Operation */
/** @typedef {{ entries?: Entry[], body?: Uint8Array }} More what an operation has besides, and what it sends as it is */

/**
 * @param {Operation} operation
 * @param {unknown} order
 * @param {unknown} bound the options of the client that it is called on
 * @param {unknown} options its own, which come first
 * @param {More} [more]
 */
export function given(operation, order, bound, options, more) {
  const chosen = { ...present(bound), ...present(options) };
  const own = property(globalThis, "fetch");
  // Never as arguments of a call: there may be more of them than a stack holds.
  /** @type {Entry[]} */
  const entries = [
    ["call", "operation", `s${operation}`],
    ["call", "order", letter(order)],
    ["call", "bound", letter(bound)],
    ["call", "options", letter(options)],
    ["call", "credentials", letter(chosen.credentials)],
    ["call", "fetch", letter(own)],
    ["call", "key", randomKey()],
    ...runtime(),
    ...members("order", order),
    ...optionsOf("bound", bound),
    ...optionsOf("options", options),
    ...members("credentials", chosen.credentials),
    ...endpointOf(chosen.endpoint),
    ...(more?.entries ?? []),
  ];
  return { chosen, fetch: chosen.fetch ?? own, entries, body: more?.body };
}

/** By what a page or a web worker is known. @returns {Entry[]} */
export const runtime = () =>
  ["document", "WorkerGlobalScope", "importScripts"].map((name) => [
    "call",
    name,
    letter(property(globalThis, name)),
  ]);

/** @param {any} options @returns {any} those that are given */
const present = (options) =>
  letter(options) === "o"
    ? Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    : {};

/** @param {string} scope @param {any} options @returns {Entry[]} */
const optionsOf = (scope, options) =>
  members(scope, options).map((entry) =>
    entry[1] === "signal" && isSignal(options.signal) ? [scope, "signal", "a"] : entry,
  );

/** By shape: it may come from another realm, or from a polyfill. @param {unknown} value */
const isSignal = (value) =>
  typeof property(value, "aborted") === "boolean" &&
  typeof property(value, "addEventListener") === "function" &&
  typeof property(value, "removeEventListener") === "function";

/** A string or a URL object, with its parts if it is one. @param {unknown} endpoint @returns {Entry[]} */
function endpointOf(endpoint) {
  const text = [endpoint, property(endpoint, "href")].find((it) => letter(it)[0] === "s");
  if (text === undefined) return [];
  /** @type {Entry[]} */
  const entries = [["endpoint", "text", "s"]];
  try {
    const url = new URL(text);
    for (const name of /** @type {const} */ (["href", "protocol", "hostname", "username", "password"])) {
      entries.push(["endpoint", name, `s${url[name]}`]);
    }
  } catch {
    // Then it has no parts.
  }
  return entries;
}

/** 128 random bits as hex digits. */
function randomKey() {
  try {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return `s${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  } catch {
    return "u";
  }
}
