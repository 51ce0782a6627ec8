// Cloudflare Workers and workerd: the wasm file is imported as a module, since compiling from bytes is forbidden there.
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_full.js";
import compiled from "./dist/autorevoke_full.wasm";

const full = /* @__PURE__ */ instance(
  () => glue,
  (source = compiled) => source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(full, full);
export const load = /* @__PURE__ */ loader(full, full);
export const revoke = /* @__PURE__ */ revoker(full, full);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
