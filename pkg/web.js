// Pages and web workers: the wasm files lie beside this one. Bundlers know the literal `new URL(..., import.meta.url)`.
// Only calls straight to the CA load the second, and only those about jobs or the audit log the third.
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
const full = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_full.js"),
  (source = new URL("./dist/autorevoke_full.wasm", import.meta.url)) => source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(edge, direct, full);
export const load = /* @__PURE__ */ loader(edge);
export const revoke = /* @__PURE__ */ revoker(edge, direct);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
