// Node, Deno and Bun: the wasm file is read from beside this one, since not all of them fetch file: URLs.
import { readFile } from "node:fs/promises";
import { autorevoke } from "./autorevoke.js";

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke(
  (source = new URL("./dist/autorevoke_client.wasm", import.meta.url)) =>
    source instanceof URL && source.protocol === "file:" ? readFile(source) : source,
);
