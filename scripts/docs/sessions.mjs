// Sessions of the command `autorevoke` with the demo, each drawn as a terminal.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { drawing } from "./terminal.mjs";

const COMMAND = inRoot("pkg/bin/autorevoke.js");
const LONGEST_MS = 60_000;
const CSV = `orderNumber,codeReason,revocationReason
200001,keyCompromise,Key found in a public repository
200002,keyCompromise,Its key was in the same file
200003,superseded,
`;

/**
 * @param {import("../run/demo.mjs").Demo} demo
 * @returns {Promise<string[]>} the files
 */
export async function recordSessions(demo) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-docs-"));
  try {
    await writeFile(join(folder, "incident.csv"), CSV);
    demo.simulator.orders.set({ orderNumber: "200003", state: "expired" });
    const session = new Session(demo, folder);
    const one = [
      await session.run("revoke 123457 --reason keyCompromise --test"),
      await session.run("revoke 123457 --reason keyCompromise --yes"),
      await session.run("revoke 123457 --reason keyCompromise --yes"),
    ];
    const created = await session.run("job create incident.csv --name Incident --deadline 24h");
    const [id] = /job_[0-9a-f]+/.exec(created.output) ?? [""];
    const { planHash } = JSON.parse((await session.run(`job show ${id} --json`)).output);
    const started = await session.run(`job start ${id} --plan-hash ${planHash} --total 3`);
    const watched = await session.run(`job watch ${id}`, 1);
    return Promise.all([draw("revoke", one), draw("job", [created, started, watched])]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @typedef {{ command: string, output: string }} Step */

class Session {
  /** @param {import("../run/demo.mjs").Demo} demo @param {string} folder */
  constructor(demo, folder) {
    this.folder = folder;
    const operator = demo.keys.find(({ permissions }) => permissions.includes("revoke"));
    this.env = { ...process.env, AUTOREVOKE_ENDPOINT: demo.url, AUTOREVOKE_TOKEN: operator?.key };
  }

  /** @param {string} line @param {number} [status] the exit status that it must have @returns {Promise<Step>} */
  async run(line, status = 0) {
    const child = spawn(process.execPath, [COMMAND, ...line.split(" ")], {
      cwd: this.folder,
      env: this.env,
      timeout: LONGEST_MS,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
    const ended = await new Promise((resolve) => child.once("close", resolve));
    if (ended !== status) throw new Failure(`autorevoke ${line} ended with ${ended}:\n${output}`);
    return { command: `npx autorevoke ${line}`, output };
  }
}

/** @param {string} name @param {Step[]} steps */
async function draw(name, steps) {
  const path = inRoot("docs/pictures", `${name}.svg`);
  await mkdir(inRoot("docs/pictures"), { recursive: true });
  await writeFile(path, drawing(steps));
  return path;
}
