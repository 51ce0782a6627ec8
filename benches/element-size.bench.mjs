// What `import "autorevoke/element"` adds to a page that revokes already: as a bundler takes it, then compressed.
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const LIMIT_KB = 25;

export async function rows() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../pkg/dist/element.js", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    // What `import { revoke } from "autorevoke"` brings.
    external: ["../web.js", "./revocation-error.js"],
  });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return [
    {
      name: "The elements beside the client, brotli",
      value: brotliCompressSync(outputFiles[0].contents, { params }).length / 1024,
      unit: "KB",
      baseline: "",
      limit: LIMIT_KB,
    },
  ];
}
