// What importing a .wasm file gives in workerd, for the type check of workerd.js; it is not published.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
