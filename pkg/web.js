// Pages and web workers: the wasm files lie beside this one. Bundlers know the literal `new URL(..., import.meta.url)`.
// Only what is more than a revocation through the edge loads the second.
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_small.js";

const small = /* @__PURE__ */ instance(
  () => glue,
  (source = new URL("./dist/autorevoke_small.wasm", import.meta.url)) => source,
);
const full = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_full.js"),
  (source = new URL("./dist/autorevoke_full.wasm", import.meta.url)) => source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(small, full);
export const load = /* @__PURE__ */ loader(small, full);
export const revoke = /* @__PURE__ */ revoker(small, full);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
