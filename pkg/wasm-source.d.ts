// What importing one of the .wasm files gives: a URL, bytes or a compiled module, as the bundler has it. For `load()`.
import type { WasmSource } from "./index.js";

declare const source: WasmSource;
export default source;
