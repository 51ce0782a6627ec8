// The last suite: nothing that the others saw of the edge holds a login, in whatever spelling.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { revealed } from "../../tests/edge/canary.mjs";
import { whenEnding } from "../command/ending.mjs";
import { say } from "../command/running.mjs";
import { PLACE } from "./evidence.mjs";
import { Tally } from "./tally.mjs";

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

export async function leakTests() {
  const tally = new Tally();
  const { files, bytes, kinds, findings } = await search(process.env[PLACE] ?? "");
  say(`  searched ${files} files, ${(bytes / 1e6).toFixed(1)} MB, for the logins in every spelling`);
  say(`  ${[...kinds].map(([kind, count]) => `${kind}: ${count}`).join(", ")}`);
  if (files === 0) tally.fail("leaks", "there is nothing to search: run other suites before this one");
  else if (findings.length === 0) tally.pass();
  for (const { file, spelling } of findings) tally.fail(`leaks: ${file} holds ${spelling}`);
  return tally;
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
    const [kind] = /^[a-z]+/.exec(relative(folder, file)) ?? ["?"];
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const spelling = revealed(content);
    if (spelling) findings.push({ file: relative(folder, file), spelling });
  }
  return { files: files.length, bytes, kinds, findings };
}
