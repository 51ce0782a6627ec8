// A thread that runs `autorevoke` again and again, without a process for each: its standard output is its own.
import { parentPort } from "node:worker_threads";
import { main } from "../../pkg/bin/main.js";

let out = "";
let err = "";
process.stdout.write = (/** @type {any} */ text) => ((out += text), true);
process.stderr.write = (/** @type {any} */ text) => ((err += text), true);

parentPort?.on("message", async (/** @type {string[]} */ argv) => {
  const status = await main(argv);
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  parentPort?.postMessage({ status, out, err });
  out = err = "";
});
