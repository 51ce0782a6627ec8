// Node, Deno and Bun: the wasm files are read from beside this one, since not all of them fetch file: URLs. One file
// for all calls, since nobody waits for it to be downloaded; what is about jobs and the audit log has its own.
import { readFile } from "node:fs/promises";
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_direct.js";

/** @param {unknown} source */
const opened = (source) => (source instanceof URL && source.protocol === "file:" ? readFile(source) : source);

const direct = /* @__PURE__ */ instance(
  () => glue,
  (source = new URL("./dist/autorevoke_direct.wasm", import.meta.url)) => opened(source),
);
const full = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_full.js"),
  (source = new URL("./dist/autorevoke_full.wasm", import.meta.url)) => opened(source),
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(direct, direct, full);
export const load = /* @__PURE__ */ loader(direct);
export const revoke = /* @__PURE__ */ revoker(direct, direct);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
