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
  const { files, bytes, findings } = await search(process.env[PLACE] ?? "");
  say(`  searched ${files} files, ${(bytes / 1e6).toFixed(1)} MB, for the logins in every spelling`);
  if (files === 0) tally.fail("leaks", "there is nothing to search: run other suites before this one");
  else if (findings.length === 0) tally.pass();
  for (const { file, spelling } of findings) tally.fail(`leaks: ${file} holds ${spelling}`);
  return tally;
}

/**
 * @param {string} folder
 * @returns {Promise<{ files: number, bytes: number, findings: { file: string, spelling: string }[] }>}
 */
export async function search(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  const findings = [];
  for (const { parentPath, path, name } of files) {
    const file = join(parentPath ?? path, name);
    const content = await readFile(file);
    bytes += content.length;
    const spelling = revealed(content);
    if (spelling) findings.push({ file: relative(folder, file), spelling });
  }
  return { files: files.length, bytes, findings };
}
