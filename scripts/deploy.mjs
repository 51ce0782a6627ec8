// npm run deploy: builds the edge and the dashboard and deploys them to Cloudflare by wrangler, which gets all arguments.
import { runCommand } from "./command/faults.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(
      "npm run deploy -- [options of `wrangler deploy`]\n\n" +
        "Builds the edge and the dashboard and deploys worker/wrangler.jsonc. With --dry-run nothing leaves this machine.\n" +
        "Secrets are set by: npm run wrangler -- secret put NAME",
    );
    return 0;
  }
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["edge", "dashboard"]);
  const { wrangler } = await import("./deploy/wrangler.mjs");
  return wrangler(["deploy", ...args]);
});
