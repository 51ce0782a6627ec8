// Node, Deno and Bun: the wasm file is read from beside this one, since not all of them fetch file: URLs. One file for
// all calls, since nobody waits for it to be downloaded.
import { readFile } from "node:fs/promises";
import { autorevoke, instance } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_direct.js";

const module = /* @__PURE__ */ instance(
  () => glue,
  (source = new URL("./dist/autorevoke_direct.wasm", import.meta.url)) =>
    source instanceof URL && source.protocol === "file:" ? readFile(source) : source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke(module, module);
