// Runs another program quietly: one line when it begins, a sign of life while it lasts, all of it if it fails.
import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { root } from "./places.mjs";
import { Failure } from "./faults.mjs";
import { whenEnding } from "./ending.mjs";

const SIGN_OF_LIFE_MS = 15_000;
/** As niceness: less than half of what other work gets. With much less it would end long after all other work. */
const GIVES_WAY = 4;

/** Work whose output is held back, and whether it gives way to other work. @type {AsyncLocalStorage<{ held: string[], givesWay: boolean }>} */
const holding = new AsyncLocalStorage();

/** Progress goes to standard error; standard output is for what was asked for. @param {string} text */
export function say(text) {
  const quiet = holding.getStore();
  if (quiet) quiet.held.push(text);
  else console.error(text);
}

/**
 * Runs work without its progress: what it says is shown only if it fails.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ givesWay?: boolean }} [how] `givesWay`: what it runs gives way to other work
 * @returns {Promise<T>}
 */
export async function quietly(work, { givesWay = false } = {}) {
  /** @type {string[]} */
  const held = [];
  try {
    return await holding.run({ held, givesWay }, work);
  } catch (error) {
    say(held.join("\n"));
    throw error;
  }
}

/**
 * @typedef {object} How
 * @property {string} [label] announced, and named again when it fails
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's own
 * @property {number} [limitMs] it is ended after this long
 */

/**
 * Runs a program to its end. Does not throw when the program fails.
 * @param {string} program
 * @param {string[]} args
 * @param {How} [how]
 * @returns {Promise<{ ok: boolean, output: string, stdout: string, seconds: number, timedOut: boolean }>}
 */
export async function attempt(program, args, { label, cwd = root, env, limitMs } = {}) {
  if (label) say(label);
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const quiet = holding.getStore();
  if (quiet?.givesWay && child.pid) setPriority(child.pid, GIVES_WAY);
  const release = whenEnding(() => child.kill());
  let output = "";
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => ((output += text), (stdout += text)));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const alive =
    label && !quiet && setInterval(() => say(`  ... still at it (${seconds()} s)`), SIGN_OF_LIFE_MS);
  let timedOut = false;
  const limit =
    limitMs &&
    setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, limitMs);
  try {
    const code = await new Promise((resolve) => {
      child.once("error", (error) => ((output += `${error.message}\n`), resolve(-1)));
      child.once("close", resolve);
    });
    return { ok: code === 0, output, stdout, seconds: seconds(), timedOut };
  } finally {
    release();
    if (alive) clearInterval(alive);
    if (limit) clearTimeout(limit);
  }
}

/**
 * Runs a program that has to succeed.
 * @param {string} program
 * @param {string[]} args
 * @param {How} [how]
 * @returns {Promise<string>} its standard output
 */
export async function run(program, args, how = {}) {
  const { ok, output, stdout, timedOut, seconds } = await attempt(program, args, how);
  if (ok) return stdout;
  const why = timedOut ? `did not end within ${seconds} s` : "failed";
  throw new Failure(`${output.trimEnd()}\n${[program, ...args].join(" ")} ${why}`);
}

/**
 * Runs a program whose output the person should see as it comes.
 * @param {string} program
 * @param {string[]} args
 * @param {Omit<How, "label">} [how]
 * @returns {Promise<number>} its exit status
 */
export async function show(program, args, { cwd = root, env, limitMs } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
  const release = whenEnding(() => child.kill());
  const limit = limitMs && setTimeout(() => child.kill("SIGKILL"), limitMs);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) =>
        reject(new Failure(`${program} could not be started: ${error.message}`)),
      );
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    release();
    if (limit) clearTimeout(limit);
  }
}
