// What a page loads for `import { revoke } from "autorevoke"`: built by Vite as a user's page is, then compressed.
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";

const LIMIT_KB = 34;
const PAGE = '<!doctype html><script type="module" src="./page.js"></script>';
const SCRIPT = 'import { revoke } from "autorevoke";\nglobalThis.revoke = revoke;\n';

export async function rows() {
  // Inside of the workspace, so that the package is found by its name.
  const folder = await mkdtemp(join(fileURLToPath(new URL(".", import.meta.url)), ".size-"));
  try {
    await writeFile(join(folder, "index.html"), PAGE);
    await writeFile(join(folder, "page.js"), SCRIPT);
    await build({ root: folder, logLevel: "error", build: { modulePreload: false } });
    const assets = join(folder, "dist", "assets");
    const all = (await readdir(assets)).filter((name) => /\.(js|wasm)$/.test(name));
    // Modules of their own, with their glue where it is not shaken off: only a call with credentials, or one about jobs or the
    // audit log, loads them.
    const names = all.filter((name) => !/^autorevoke_full/.test(name));
    if (names.length !== 2) throw new Error(`not the files that were expected: ${all.join(", ")}`);
    const sizes = await Promise.all(
      names.map(async (name) => ({ name, bytes: compressed(await readFile(join(assets, name))) })),
    );
    for (const { name, bytes } of sizes) console.log(`  ${name}: ${(bytes / 1024).toFixed(1)} KB brotli`);
    if (!sizes.some(({ name }) => name.endsWith(".wasm"))) throw new Error("the page has no wasm file");
    return [
      {
        name: "What a page loads for revoke(), wasm and JavaScript, brotli",
        value: sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1024,
        unit: "KB",
        baseline: "",
        limit: LIMIT_KB,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Buffer} content */
const compressed = (content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
