// npm run wrangler -- ARGS: wrangler itself on the worker's configuration, as for `secret put NAME`.
import { WrongUse, runCommand } from "./command/faults.mjs";
import { isDev, wrangler } from "./deploy/wrangler.mjs";

await runCommand(() => {
  const args = process.argv.slice(2);
  if (isDev(args)) {
    throw new WrongUse([
      "wrangler dev is not for an edge: it serves an explorer of the ledger to everyone, pages of errors, and writes " +
        "logs to disk. Use npm run demo, npm run edge, or npm run deploy.",
    ]);
  }
  return wrangler(args);
});
