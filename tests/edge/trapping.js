// The edge, but its wasm traps at the next call of the export that `/trap/NAME` names.
import edge, { Ledger } from "./worker.js";

export { Ledger };

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
    if (!pathname.startsWith("/trap/")) return edge.fetch(request, env, ctx);
    trapAt = pathname.slice("/trap/".length);
    return new Response("armed");
  },
};
