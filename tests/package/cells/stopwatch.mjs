// From an empty folder, with nothing in npm's cache, and only by what the documents have one type: how long it takes to the first
// revocation at the simulated CA.
// @ts-check
import { spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attempt } from "../../../scripts/command/running.mjs";
import { inRoot } from "../../../scripts/command/places.mjs";
import { read } from "../../docs/documents.mjs";

/** @typedef {import("./cell.mjs").Cell} Cell */
/** @typedef {{ folder: string, tarball: string, env: Record<string, string>, port: number }} Place */

const COMMAND_LIMIT_MS = 5 * 60_000;

/** @param {Place} place @param {string} folder @param {string[]} command */
async function must({ env }, folder, [program, ...args]) {
  const { ok, output, stdout } = await attempt(program, args, {
    cwd: folder,
    limitMs: COMMAND_LIMIT_MS,
    env,
  });
  if (!ok) throw new Error(`${[program, ...args].join(" ")} failed:\n${output.slice(-4000)}`);
  return stdout;
}

/**
 * A command that goes on, once it has said something.
 * @param {Place} place
 * @param {string} folder
 * @param {string[]} command
 * @param {RegExp} pattern
 * @param {Record<string, string>} [more] of its environment
 */
async function serving({ env }, folder, [program, ...args], pattern, more) {
  const child = spawn(program, args, {
    ...{ cwd: folder, env: { ...env, ...more }, detached: true },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  const match = await new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      const match = pattern.exec((said += text));
      if (match) resolve(match);
    });
    child.once("close", () => reject(new Error(`${program} ended:\n${said}`)));
  });
  return { match, stop: () => process.kill(-(/** @type {number} */ (child.pid)), "SIGTERM") };
}

/** @param {string} said @param {string} expected */
function insist(said, expected) {
  if (!said.includes(expected)) throw new Error(`it should say "${expected}", and said:\n${said}`);
}

/** docs/start/first-call.md. @param {Place} place */
async function firstCall(place) {
  const { folder, tarball, port } = place;
  await must(place, folder, ["npm", "install", tarball]);
  const simulator = await serving(
    place,
    folder,
    ["npx", "autorevoke", "simulator", "--port", String(port)],
    /^ready (.*)$/m,
  );
  try {
    const [{ text }] = read("docs/start/first-call.md").blocks.filter(({ how }) => how === "run");
    const script = text.replace("http://127.0.0.1:8788", simulator.match[1]);
    await writeFile(join(folder, "first-call.mjs"), script);
    insist(await must(place, folder, ["node", "first-call.mjs"]), "outcome: 'revoked'");
  } finally {
    simulator.stop();
  }
}

/** docs/start/edge-in-five-minutes.md. @param {Place} place */
async function edge(place) {
  const { folder, tarball, port } = place;
  // What is on the registry, once it is published.
  await must(place, folder, ["npm", "pack", "--silent", inRoot("create-autorevoke-edge")]);
  const [creating] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  const own = join(folder, "my-edge");
  const create = ["--yes", `--package=${join(folder, creating)}`, "--", "create-autorevoke-edge", "my-edge"];
  await must(place, folder, ["npm", "exec", ...create]);
  await must(place, own, ["npm", "pkg", "set", `dependencies.autorevoke=file:${tarball}`]);
  await must(place, own, ["npm", "install"]);
  const ports = { PORT: String(port), CA_PORT: "0" };
  const tried = await serving(place, own, ["npm", "run", "try"], /^ {2}(export .*)\n {2}(npx .*)\n/m, ports);
  try {
    const [, environment, revoke] = tried.match;
    insist(await must(place, own, ["sh", "-c", `${environment}; ${revoke}`]), "order 123456: revoked");
  } finally {
    tried.stop();
  }
}

/** @param {(place: Place) => Promise<void>} play @returns {Cell["play"]} */
const afresh = (play) => async (place) => {
  const cache = join(place.folder, ".npm-cache");
  await mkdir(cache);
  await play({ ...place, env: { ...place.env, npm_config_cache: cache } });
};

/** @type {Cell[]} */
export const stopwatch = [
  {
    name: "First call from Node, at the simulated CA",
    kind: "stopwatch",
    limitSeconds: 60,
    files: {},
    play: afresh(firstCall),
  },
  {
    name: "An edge by npm create, and the first revocation through it",
    kind: "stopwatch",
    limitSeconds: 300,
    files: {},
    play: afresh(edge),
  },
];
