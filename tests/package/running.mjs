// Runs the command `autorevoke` as its users do: in a process of its own, with nothing of this one's environment.
import { spawn } from "node:child_process";
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
