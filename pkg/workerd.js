// Cloudflare Workers and workerd: the wasm file is imported as a module, since compiling from bytes is forbidden there.
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_direct.js";
import compiled from "./dist/autorevoke_direct.wasm";

const direct = /* @__PURE__ */ instance(
  () => glue,
  (source = compiled) => source,
);
const full = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_full.js"),
  async (source) => source ?? (await import("./dist/autorevoke_full.wasm")).default,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(direct, direct, full);
export const load = /* @__PURE__ */ loader(direct);
export const revoke = /* @__PURE__ */ revoker(direct, direct);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
