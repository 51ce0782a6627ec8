// Cloudflare Workers and workerd: the wasm file is imported as a module, since compiling from bytes is forbidden there.
import { autorevoke, instance } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_direct.js";
import compiled from "./dist/autorevoke_direct.wasm";

const module = /* @__PURE__ */ instance(
  () => glue,
  (source = compiled) => source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const { createClient, load, revoke } = /* @__PURE__ */ autorevoke(module, module);
