// Runs the command `autorevoke` as its users do: in a process of its own, with nothing of this one's environment.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { keeper } from "../../scripts/test/evidence.mjs";

const program = fileURLToPath(new URL("../../pkg/bin/autorevoke.js", import.meta.url));
const LIMIT_MS = 60_000;

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export function start(args, env) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, ...env },
    timeout: LIMIT_MS,
  });
  let out = "";
  let err = "";
  const [keepOut, keepErr] = ["stdout", "stderr"].map(keeper);
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
    keepOut(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
    keepErr(text);
  });
  const ended = once(child, "close").then(([status]) => ({ status, out, err }));
  return {
    child,
    ended,
    /** Waits until standard output matches. @param {RegExp} pattern */
    async says(pattern) {
      for (
        const limit = Date.now() + LIMIT_MS;
        !pattern.test(out);
        await new Promise((done) => setTimeout(done, 20))
      ) {
        if (child.exitCode !== null || Date.now() > limit)
          throw new Error(`it never said ${pattern}:\n${out}\n${err}`);
      }
    },
  };
}

/** Why no terminal can be made here, for the option `skip` of a test. */
export const noTerminal = (() => {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux")
      ? false
      : "no util-linux script";
  } catch {
    return "there is no script(1) to make a terminal";
  }
})();

/**
 * Runs it on a terminal of its own.
 * @param {string} args
 * @param {Record<string, string>} env
 * @param {{ columns?: number, type?: string }} [how] `type`: what is typed when it asks for something
 */
export async function onTerminal(args, env, { columns = 120, type } = {}) {
  const command = `stty cols ${columns}; exec ${process.execPath} ${program} ${args}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: { PATH: process.env.PATH, TERM: "xterm", ...env },
    timeout: LIMIT_MS,
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
    if (type !== undefined && /Type the [^:]+: \x1b\[\d+G$/.test(out)) {
      child.stdin.write(type);
      type = undefined;
    }
  });
  const [status] = await once(child, "close");
  return { status, out };
}
