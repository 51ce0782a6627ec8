#!/usr/bin/env node
// npm create autorevoke-edge [FOLDER]: copies the template into a new folder. It asks nothing, installs nothing and makes no secret.
import { cp, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const USUAL_FOLDER = "autorevoke-edge";
const template = fileURLToPath(new URL("template", import.meta.url));

/** @param {string} message @returns {never} */
function wrongUse(message) {
  console.error(`create-autorevoke-edge: ${message}`);
  process.exit(2);
}

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  console.log(
    "npm create autorevoke-edge [FOLDER]\n\nMakes the folder of an edge: a Worker of two files, and how to try it.",
  );
  process.exit(0);
}
if (args.length > 1 || args[0]?.startsWith("-")) wrongUse("give the name of one folder");
const [given = USUAL_FOLDER] = args;
const folder = resolve(given);
const name = basename(folder);
// It becomes the Worker's name, and a part of its address.
if (!/^[a-z0-9](?:[a-z0-9-]{0,52}[a-z0-9])?$/.test(name))
  wrongUse("the folder's name must be lower-case letters, digits and hyphens, at most 54");

await mkdir(folder, { recursive: true });
if ((await readdir(folder)).length > 0) wrongUse(`${given} is not empty`);
await cp(template, folder, { recursive: true });
// npm packs no file of that name.
await rename(join(folder, "gitignore"), join(folder, ".gitignore"));
const { version } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
for (const file of ["package.json", "wrangler.jsonc"]) {
  const text = await readFile(join(folder, file), "utf8");
  const own = text
    .replace('"name": "autorevoke-edge"', `"name": "${name}"`)
    .replace('"^0.0.0"', `"^${version}"`);
  await writeFile(join(folder, file), own);
}
console.log(`${given} is there. Next:

  cd ${given}
  npm install
  npm run try      the edge on this machine, before a simulated CA

README.md tells how to deploy it.`);
