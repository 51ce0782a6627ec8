// Starts the project's commands as a user does, by `npm run`, and watches what they say.
// @ts-check
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { keepAnswers, keeper } from "../../scripts/test/evidence.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const LIMIT_MS = 120_000;
const SERVES_AN_EDGE = ["edge", "demo"];
const READY = /^ready (http:.*)$/m;

/**
 * @typedef {object} Command
 * @property {number} pid of npm, or of the program itself
 * @property {() => { stdout: string, stderr: string }} said
 * @property {Promise<{ code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }>} ended
 * @property {(pattern: RegExp) => Promise<RegExpExecArray>} says waits until standard output matches
 * @property {import("node:stream").Readable} stderr read all the time, unless a test pauses it
 * @property {(signal: NodeJS.Signals) => void} kill npm itself
 * @property {(signal: NodeJS.Signals) => void} killGroup everything in its process group, as a terminal's Ctrl-C does
 */

/** What `npm run` would start, by name: each is one program, in whose place npm puts its own shell. */
export const npmScripts = /** @type {Record<string, string>} */ (
  JSON.parse(readFileSync(`${root}/package.json`, "utf8")).scripts
);

/** @type {Set<Command>} */
const running = new Set();

/** For `afterEach`: a test that fails midway leaves nothing running. */
export async function endCommands() {
  for (const command of running) command.killGroup("SIGKILL");
  await Promise.all([...running].map(({ ended }) => ended));
}

/**
 * In a process group of its own, so that a test can act as the terminal would.
 * @param {string} name of the npm script
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, byNpm?: boolean }} [how] `byNpm: false`: the program itself, where npm has no part in
 *   what is tested: it takes three times as long as most of them
 * @returns {Command}
 */
export function startCommand(name, args, { env, byNpm = true } = {}) {
  const [program, ...first] = byNpm
    ? ["npm", "run", "--silent", name, "--"]
    : npmScripts[name].replace(/^exec /, "").split(" ");
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  const [keepStdout, keepStderr] = ["stdout", "stderr"].map(keeper);
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
    keepStdout(text);
    const url = SERVES_AN_EDGE.includes(name) && READY.exec(stdout)?.[1];
    if (url) keepAnswers(url);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    keepStderr(text);
  });
  const limit = setTimeout(() => killGroup("SIGKILL"), LIMIT_MS);
  /** @type {Command["ended"]} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, stdout, stderr });
    });
  });

  /** @param {NodeJS.Signals} signal */
  function killGroup(signal) {
    try {
      process.kill(-(/** @type {number} */ (child.pid)), signal);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
    }
  }

  /** @type {Command} */
  const command = {
    pid: /** @type {number} */ (child.pid),
    said: () => ({ stdout, stderr }),
    ended,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(stdout);
        if (match) return match;
        if (!running.has(command))
          throw new Error(`npm run ${name} ended without saying ${pattern}:\n${stdout}\n${stderr}`);
        await pause(20);
      }
    },
    stderr: child.stderr,
    kill: (signal) => void child.kill(signal),
    killGroup,
  };
  running.add(command);
  void ended.finally(() => running.delete(command));
  return command;
}

/**
 * Runs a command to its end.
 * @param {string} name
 * @param {string[]} args
 * @param {Parameters<typeof startCommand>[2]} [how]
 */
export const runCommand = (name, args, how) => startCommand(name, args, how).ended;

/**
 * The processes below another, by name.
 * @param {number} pid
 * @returns {Promise<{ pid: number, parent: number, name: string }[]>}
 */
export async function descendants(pid) {
  const all = (
    await Promise.all((await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(processOf))
  ).filter((found) => found !== undefined);
  const below = new Set([pid]);
  for (let before = 0; before !== below.size;) {
    before = below.size;
    for (const one of all) if (below.has(one.parent)) below.add(one.pid);
  }
  return all.filter((one) => one.pid !== pid && below.has(one.pid));
}

/** @param {string} pid */
async function processOf(pid) {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const close = stat.lastIndexOf(")");
    const [state, parent] = stat.slice(close + 2).split(" ");
    if (state === "Z") return undefined;
    return { pid: Number(pid), parent: Number(parent), name: stat.slice(stat.indexOf("(") + 1, close) };
  } catch {
    return undefined;
  }
}

/**
 * Waits until none of these processes is left.
 * @param {number[]} pids
 * @param {number} [limitMs]
 */
export async function allGone(pids, limitMs = 10_000) {
  let left = pids;
  for (const deadline = Date.now() + limitMs; left.length > 0 && Date.now() < deadline; await pause(50)) {
    const alive = await Promise.all(left.map((pid) => processOf(String(pid))));
    left = left.filter((_, index) => alive[index] !== undefined);
  }
  if (left.length > 0) throw new Error(`still there after ${limitMs} ms: ${left.join(", ")}`);
}
