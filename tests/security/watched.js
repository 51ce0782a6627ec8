// The edge, and beside it `POST /memory`: which of these texts (a line each, base64) stand in the memory of its wasm.
import edge, { Ledger } from "./worker.js";

export { Ledger };

const { Instance } = WebAssembly;
const memories = [];

WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memories.push(instance.exports.memory);
  return instance;
};

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

function holds(memory, needle) {
  const [first] = needle;
  for (let at = memory.indexOf(first); at >= 0; at = memory.indexOf(first, at + 1)) {
    if (needle.every((byte, index) => memory[at + index] === byte)) return true;
  }
  return false;
}

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/memory") return edge.fetch(request, env, ctx);
    const views = memories.map(({ buffer }) => new Uint8Array(buffer));
    const texts = (await request.text()).split("\n");
    return Response.json({
      bytes: views.reduce((sum, { length }) => sum + length, 0),
      found: texts.filter((text) => views.some((view) => holds(view, bytesOf(text)))),
    });
  },
};
