// The demo: simulator, edge and dashboard on loopback, with keys of its own.
import { mkdir, mkdtemp, open, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { whenEnding } from "../command/ending.mjs";
import { WrongUse } from "../command/faults.mjs";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "./edge.mjs";

const PEOPLE = [
  {
    id: "demo-operator",
    person: "olivia",
    permissions: ["revoke", "test", "plan", "operate"],
    orders: ["*"],
  },
  { id: "demo-approver", person: "arthur", permissions: ["plan", "approve"], orders: ["*"] },
  { id: "demo-auditor", person: "audrey", permissions: ["audit"], orders: ["*"] },
  { id: "demo-tester", person: "theo", permissions: ["test", "plan"], orders: ["*"] },
];

/**
 * @typedef {object} Demo
 * @property {string} url
 * @property {import("autorevoke-simulator").Simulator} simulator
 * @property {{ id: string, person: string, permissions: string[], key: string }[]} keys
 * @property {Promise<string>} died
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ port: number, data?: string }} how without `data` the demo forgets everything at its end
 * @returns {Promise<Demo>}
 */
export async function startDemo({ port, data }) {
  const folder = data ? resolve(data) : await mkdtemp(join(tmpdir(), "autorevoke-demo-"));
  const forget = async () => {
    if (!data) await rm(folder, { recursive: true, force: true });
  };
  const forgetAtEnd = whenEnding(forget);
  const { signingKey, keys } = await secretsIn(folder);
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  try {
    const edge = await startEdge({
      variables: {
        CA_ENDPOINT: simulator.endpoint,
        CA_LOGIN_NAME: "demo-reseller",
        CA_LOGIN_PASSWORD: "demo-password",
        API_KEYS: JSON.stringify(keys.map(({ entry }) => entry)),
        AUDIT_SIGNING_KEY: JSON.stringify(signingKey),
      },
      port,
      data: join(folder, "ledger"),
      dashboard: true,
    });
    return {
      url: edge.url,
      simulator,
      keys: PEOPLE.map((person, index) => ({ ...person, key: keys[index].key })),
      died: edge.died,
      async stop() {
        await edge.stop();
        await simulator.close();
        await forget();
        forgetAtEnd();
      },
    };
  } catch (error) {
    await simulator.close();
    await forget();
    forgetAtEnd();
    throw error;
  }
}

/**
 * Random for each demo; a demo whose data is kept keeps them too, readable by its owner only.
 * @param {string} folder
 * @returns {Promise<{ signingKey: object, keys: { key: string, entry: object }[] }>}
 */
async function secretsIn(folder) {
  const file = join(folder, "demo-keys.json");
  const kept = await textOf(file);
  if (kept !== undefined) {
    const secrets = secretsOf(kept);
    if (secrets) return secrets;
    throw new WrongUse([
      `--data: ${file} is ${kept === "" ? "empty" : "damaged"}, so the demo has no keys: delete it, and new ones are made ` +
        "(the old ones no longer work then)",
    ]);
  }
  const secrets = { signingKey: newSigningKey(), keys: PEOPLE.map((person) => newApiKey(person)) };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // It is there as a whole, or not at all.
  const beginning = await open(`${file}.new`, "w", 0o600);
  try {
    await beginning.writeFile(JSON.stringify(secrets));
    await beginning.sync();
  } finally {
    await beginning.close();
  }
  await rename(`${file}.new`, file);
  return secrets;
}

/** @param {string} file @returns {Promise<string | undefined>} nothing where there is none */
async function textOf(file) {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOENT") return undefined;
    throw new WrongUse([`--data: ${file} cannot be read (${code})`]);
  }
}

/** @param {string} text @returns {{ signingKey: object, keys: { key: string, entry: object }[] } | undefined} */
function secretsOf(text) {
  try {
    const { signingKey, keys } = JSON.parse(text);
    const isKey = (/** @type {any} */ key) => typeof key.key === "string" && typeof key.entry === "object";
    return typeof signingKey === "object" && keys.length === PEOPLE.length && keys.every(isKey)
      ? { signingKey, keys }
      : undefined;
  } catch {
    return undefined;
  }
}
