// Pages and web workers without any file beside the JavaScript, for bundlers and sandboxes that leave those behind. As in
// web.js, what only some calls need is loaded with the first of them.
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_small.js";
import packed from "./dist/autorevoke_small.inline.js";
import { unpacked } from "./unpacked.js";

const small = /* @__PURE__ */ instance(
  () => glue,
  (source = unpacked(packed)) => source,
);
const full = /* @__PURE__ */ instance(
  () => import("./dist/autorevoke_full.js"),
  async (source) =>
    source === undefined ? unpacked((await import("./dist/autorevoke_full.inline.js")).default) : source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(small, full);
export const load = /* @__PURE__ */ loader(small, full);
export const revoke = /* @__PURE__ */ revoker(small, full);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
