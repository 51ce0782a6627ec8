// The edge that a command speaks to, by its options or the environment.
import { createClient } from "../node.js";
import { WrongUse } from "./arguments.js";

/** The options of every command that speaks to the edge. @type {Record<string, import("./arguments.js").Option>} */
export const ofEdge = {
  endpoint: { value: "URL", about: "the edge; or the variable AUTOREVOKE_ENDPOINT" },
  token: {
    value: "TOKEN",
    about: "an API key or a JWT; other users of this machine can see it: prefer AUTOREVOKE_TOKEN",
  },
};

/**
 * @param {import("./arguments.js").Arguments["values"]} values
 * @returns {{ edge: import("../index.d.ts").EdgeClient, endpoint: string, signal: AbortSignal }}
 */
export function edgeOf(values) {
  // An empty variable is one that is not set.
  const endpoint = values.endpoint ?? (process.env.AUTOREVOKE_ENDPOINT || undefined);
  const token = values.token ?? (process.env.AUTOREVOKE_TOKEN || undefined);
  if (endpoint === undefined) {
    throw new WrongUse(["which edge? Give its URL as --endpoint or in AUTOREVOKE_ENDPOINT"]);
  }
  const interrupted = new AbortController();
  // Once: it then tells what is known, instead of ending without a word. A second time ends it at once.
  process.once("SIGINT", () => interrupted.abort()).once("SIGTERM", () => interrupted.abort());
  const options = { endpoint: String(endpoint), ...(token !== undefined && { token: String(token) }) };
  return { edge: createClient(options), endpoint: String(endpoint), signal: interrupted.signal };
}
