// The package as its users get it: packed, and installed into an empty project, without a network.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));

/** @param {import("node:test").TestContext} t */
export async function installed(t) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-install-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const npm = (/** @type {string[]} */ ...args) =>
    run("npm", [...args, "--silent"], { cwd: folder, timeout: 60_000 });
  await npm("pack", pkg);
  const manifest = { name: "user", private: true, type: "module" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const { version } = JSON.parse(await readFile(join(pkg, "package.json"), "utf8"));
  await npm("install", "--offline", `./autorevoke-${version}.tgz`);
  return {
    folder,
    /** @param {string[]} args */
    npx: (...args) => run("npx", ["--offline", "autorevoke", ...args], { cwd: folder }),
    /** What a module prints, in a fresh Node without any flag. @param {string} source @param {string} [name] */
    async node(source, name = "main.mjs") {
      await writeFile(join(folder, name), source);
      const { stdout, stderr } = await run(process.execPath, [name], {
        cwd: folder,
        env: {},
        timeout: 60_000,
      });
      if (stderr) throw new Error(stderr);
      return stdout;
    },
  };
}
