// The edge, but its wasm traps at the next call of the export that `/trap/NAME` names, and the ledger's next answer to the
// command that `/break/NAME` names is broken off when its work is done, as by a deployment.
import edge, { Ledger as Whole } from "./worker.js";

let breakAfter = "";

export class Ledger extends Whole {
  async ask(request, ...rest) {
    const answer = await super.ask(request, ...rest);
    const { command } = JSON.parse(request);
    if (breakAfter !== (typeof command === "string" ? command : Object.keys(command)[0])) return answer;
    breakAfter = "";
    throw new Error("canary-of-the-trap");
  }
}

let trapAt = "";
const { Instance } = WebAssembly;

/** The real instance; each export looks first whether it is its turn to trap. */
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  const guarded = Object.entries(exports).map(([name, value]) => {
    if (typeof value !== "function") return [name, value];
    const call = (...args) => {
      if (trapAt === name) {
        trapAt = "";
        throw new WebAssembly.RuntimeError("unreachable: canary-of-the-trap");
      }
      return value(...args);
    };
    return [name, call];
  });
  return { exports: Object.fromEntries(guarded) };
};

export default {
  fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    const [, what, name] = pathname.split("/");
    if (what === "trap") trapAt = name;
    else if (what === "break") breakAfter = name;
    else return edge.fetch(request, env, ctx);
    return new Response("armed");
  },
};
