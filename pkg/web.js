// Pages and web workers: the wasm files lie beside this one. Bundlers know the literal `new URL(..., import.meta.url)`.
// Only calls straight to the CA load the second, and only those about the audit log the third.
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_client.js";

const edge = /* @__PURE__ */ instance(
  () => glue,
  (source = new URL("./dist/autorevoke_client.wasm", import.meta.url)) => source,
);
const direct = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_direct.js"),
  (source = new URL("./dist/autorevoke_direct.wasm", import.meta.url)) => source,
);
const audit = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_audit.js"),
  (source = new URL("./dist/autorevoke_audit.wasm", import.meta.url)) => source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(edge, direct, audit);
export const load = /* @__PURE__ */ loader(edge);
export const revoke = /* @__PURE__ */ revoker(edge, direct);
export const verifyAuditLog = /* @__PURE__ */ verifier(audit);
