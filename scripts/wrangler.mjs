// npm run wrangler -- ARGS: wrangler itself on the worker's configuration, as for `secret put NAME`.
import { runCommand } from "./command/faults.mjs";
import { wrangler } from "./deploy/wrangler.mjs";

await runCommand(() => wrangler(process.argv.slice(2)));
