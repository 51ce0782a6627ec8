// The demo: simulator, edge and dashboard on loopback, with keys of its own.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { whenEnding } from "../command/ending.mjs";
import { inRoot } from "../command/places.mjs";
import { newApiKey } from "../keys/api-key.mjs";
import { newSigningKey } from "../keys/signing-key.mjs";
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
      config: "worker/workerd-demo.capnp",
      directories: { files: inRoot("www/dist") },
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
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  const secrets = { signingKey: newSigningKey(), keys: PEOPLE.map((person) => newApiKey(person)) };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600, flag: "wx" });
  return secrets;
}
