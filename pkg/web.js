// Pages and web workers: the wasm files lie beside this one. Bundlers know the literal `new URL(..., import.meta.url)`.
// Only calls straight to the CA load the second.
import { autorevoke, instance } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_client.js";

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke(
  /* @__PURE__ */ instance(
    () => glue,
    (source = new URL("./dist/autorevoke_client.wasm", import.meta.url)) => source,
  ),
  /* @__PURE__ */ instance(
    () => import("./dist/autorevoke_direct.js"),
    (source = new URL("./dist/autorevoke_direct.wasm", import.meta.url)) => source,
  ),
);
