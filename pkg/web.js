// Pages and web workers: the wasm file lies beside this one. Bundlers know the literal `new URL(..., import.meta.url)`.
import { autorevoke } from "./autorevoke.js";

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke(
  (source = new URL("./dist/autorevoke_client.wasm", import.meta.url)) => source,
);
