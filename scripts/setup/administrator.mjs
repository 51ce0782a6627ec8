// What only an administrator can install: done as root on Debian and its kin, otherwise named in one command.
import { Failure } from "../command/faults.mjs";
import { attempt } from "../command/running.mjs";

const LIMIT_MS = 10 * 60_000;

/**
 * Installs Debian packages, or throws a Failure that holds the command to copy.
 * @param {string[]} names
 * @param {string} purpose
 */
export async function installPackages(names, purpose) {
  const command = `apt-get install --yes --no-install-recommends ${names.join(" ")}`;
  const advice = `${purpose}: an administrator can install it by\n  sudo ${command}`;
  if (process.getuid?.() !== 0) throw new Failure(advice);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = () =>
    attempt("apt-get", command.split(" ").slice(1), {
      label: `set-up: ${purpose} (${command})`,
      env,
      limitMs: LIMIT_MS,
    });
  let result = await install();
  if (!result.ok) {
    // Package lists may be missing or out of date, as in a fresh container.
    await attempt("apt-get", ["update"], { label: "set-up: apt-get update", env, limitMs: LIMIT_MS });
    result = await install();
  }
  if (!result.ok) throw new Failure(`${result.output.trimEnd()}\n${advice}`);
}
