// How large the package is: what a page loads, built by Vite as a user's page is, then compressed; and what npm installs.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";

const KB = 1024;
const PAGE_LIMIT_KB = 34;
const INLINE_MORE_LIMIT_KB = 6;
/**
 * What npm installs, by part. The client is its entries, the wasm twice, declarations and the command; what only some use is
 * counted apart, so that neither can hide behind the other.
 * @type {[name: string, limit: number, files: RegExp][]}
 */
const UNPACKED = [
  ["The elements", 85, /^(dist\/)?element\b/],
  ["The fake edge for tests", 100, /^testing\b/],
  ["The simulated CA", 85, /^(dist\/)?simulator\b/],
  ["The dashboard", 1350, /^dist\/dashboard\b/],
  ["The edge as a Worker", 1900, /^(dist\/)?worker\b/],
  [
    "What reads lists, for the command and the dashboard",
    440,
    /^(dist\/autorevoke_lists|bin\/jobs\/read-list)\b/,
  ],
  ["The client", 900, /^/],
];

const HTML = '<!doctype html><script type="module" src="./page.js"></script>';
const root = fileURLToPath(new URL("..", import.meta.url));

export async function rows() {
  const page = await pageSize("autorevoke");
  const inline = await pageSize("autorevoke/inline");
  const row = { unit: "KB", baseline: "" };
  return [
    {
      ...row,
      name: "What a page loads for revoke(), wasm and JavaScript, brotli",
      value: page,
      limit: PAGE_LIMIT_KB,
    },
    {
      ...row,
      name: "More than that from autorevoke/inline, brotli",
      value: inline - page,
      limit: INLINE_MORE_LIMIT_KB,
    },
    ...(await unpackedSizes()).map((part) => ({ ...row, ...part })),
  ];
}

/** @param {string} entry @returns {Promise<number>} KB */
async function pageSize(entry) {
  // Inside of the workspace, so that the package is found by its name.
  const folder = await mkdtemp(join(root, "benches", ".size-"));
  try {
    await writeFile(join(folder, "index.html"), HTML);
    await writeFile(
      join(folder, "page.js"),
      `import { revoke } from "${entry}";\nglobalThis.revoke = revoke;\n`,
    );
    await build({ root: folder, logLevel: "error", build: { modulePreload: false } });
    const assets = join(folder, "dist", "assets");
    const all = (await readdir(assets)).filter((name) => /\.(js|wasm)$/.test(name));
    // Modules of their own, with their glue where it is not shaken off: only a call with credentials, or one about jobs or the
    // audit log, loads them.
    const names = all.filter((name) => !/^autorevoke_full/.test(name));
    const expected = entry === "autorevoke" ? 2 : 1;
    if (names.length !== expected) throw new Error(`not the files that were expected: ${all.join(", ")}`);
    const contents = await Promise.all(names.map((name) => readFile(join(assets, name))));
    for (const [i, name] of names.entries())
      console.log(`  ${name}: ${(compressed(contents[i]) / KB).toFixed(1)} KB brotli`);
    return contents.reduce((sum, content) => sum + compressed(content), 0) / KB;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is unpacked by `npm install`, by part, each file in the first that it fits, in KB; and all of it. */
async function unpackedSizes() {
  const args = ["pack", "--dry-run", "--json", "--workspace", "pkg"];
  const env = { ...process.env, npm_config_loglevel: "silent" };
  const { stdout } = await promisify(execFile)("npm", args, { cwd: root, env });
  /** @type {[{ files: { path: string, size: number }[] }]} */
  const [{ files }] = JSON.parse(stdout);
  const parts = UNPACKED.map(([name, limit], at) => {
    const own = files.filter(({ path }) => UNPACKED.findIndex(([, , fits]) => fits.test(path)) === at);
    return { name: `${name}, unpacked`, value: own.reduce((sum, { size }) => sum + size, 0) / KB, limit };
  });
  const sum = (/** @type {"value" | "limit"} */ of) => parts.reduce((all, part) => all + part[of], 0);
  return [...parts, { name: "The whole package, unpacked", value: sum("value"), limit: sum("limit") }];
}

/** @param {Buffer} content */
const compressed = (content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
