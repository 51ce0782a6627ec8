// Cloudflare Workers and workerd: the wasm file is imported as a module, since compiling from bytes is forbidden there.
import { autorevoke } from "./autorevoke.js";
import module from "./dist/autorevoke_client.wasm";

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke((source = module) => source);
