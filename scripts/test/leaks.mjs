// The last suite: nothing that the others saw of the edge holds a login, in whatever spelling.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { revealed } from "../../tests/edge/canary.mjs";
import { whenEnding } from "../command/ending.mjs";
import { say } from "../command/running.mjs";
import { PLACE } from "./evidence.mjs";
import { Results } from "./results.mjs";

/** @returns {Promise<() => Promise<void>>} removes it again */
export async function collectEvidence() {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-evidence-"));
  process.env[PLACE] = folder;
  const remove = () => rm(folder, { recursive: true, force: true });
  const release = whenEnding(remove);
  return async () => {
    release();
    await remove();
  };
}

/** What a full run leaves of each kind, at least: where one is missing, its keeper is broken. */
const KINDS = [
  ...["answers", "client-errors", "console", "log", "output"],
  ...["page", "page-answers", "page-text", "state", "stderr", "stdout"],
];

/** @param {boolean} full whether all suites were run */
export async function leakTests(full) {
  const results = new Results();
  const again = "npm test";
  const { files, bytes, kinds, findings } = await search(process.env[PLACE] ?? "");
  say(`leaks: searched ${files} files, ${(bytes / 1e6).toFixed(1)} MB, for the logins in every spelling`);
  const missing = full ? KINDS.filter((kind) => !kinds.has(kind)) : [];
  for (const kind of missing) {
    const why = `no ${kind} was kept to be searched (there is ${[...kinds.keys()].join(", ")})`;
    results.fail({ name: `leaks: ${kind}`, why, again });
  }
  for (const { file, spelling } of findings)
    results.fail({ name: `leaks: ${file} holds ${spelling}`, why: "a login is in it", again });
  if (results.failed.length === 0) results.pass();
  return results;
}

/**
 * @param {string} folder
 * @returns {Promise<{ files: number, bytes: number, kinds: Map<string, number>, findings: { file: string, spelling: string }[] }>}
 *   `kinds`: how many files there are of each, by the name under which they were kept
 */
export async function search(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  const kinds = new Map();
  const findings = [];
  for (const { parentPath, path, name } of files) {
    const file = join(parentPath ?? path, name);
    const content = await readFile(file);
    bytes += content.length;
    const kind = relative(folder, file)
      .split(sep)[0]
      .replace(/(-\d+)+$|-\w{6}$/, "");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const spelling = revealed(content);
    if (spelling) findings.push({ file: relative(folder, file), spelling });
  }
  return { files: files.length, bytes, kinds, findings };
}
