// npm run test:package: the packed package in small real projects, for each runtime, bundler and framework.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "./command/arguments.mjs";
import { Failure, WrongUse, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { run, say } from "./command/running.mjs";
import { ensureChromium } from "./setup/chromium.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const TABLE = inRoot("docs", "where-it-works.md");

await runCommand(async () => {
  const { switches, rest } = readArguments({
    name: "npm run test:package --",
    about:
      "Installs the packed package into a small project for each runtime, bundler and framework, builds it, and revokes an\n" +
      "order by it. Installs those from the registry of npm. Without a name it runs all, and writes docs/where-it-works.md.",
    options: {
      keep: { about: "keep the project of a cell that fails" },
      list: { about: "name the cells" },
    },
    rest: ["[PART OF A NAME]..."],
  });
  await ensureNpmPackages();
  const { cells, markdown } = await import("../tests/package/cells/table.mjs");
  const all = await cells();
  if (switches.has("list")) return all.forEach(({ name }) => console.log(name));
  const chosen = all.filter(({ name }) => rest.length === 0 || rest.some((part) => name.includes(part)));
  if (chosen.length === 0) throw new WrongUse([`no cell's name has ${rest.join(" or ")} in it`]);
  await ensureChromium();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge", "elements", "simulator", "dashboard"]);
  const results = await tryAll(chosen, switches.has("keep"));
  if (rest.length === 0) await writeFile(TABLE, await formatted(markdown(results)));
  const failed = results.filter(({ ok, skipped }) => !ok && !skipped);
  const passed = results.filter(({ ok }) => ok).length;
  const skipped = results.length - passed - failed.length;
  console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  if (failed.length > 0) throw new Failure(`failed: ${failed.map(({ name }) => name).join("; ")}`);
});

/** As the lint wants every file. @param {string} text */
async function formatted(text) {
  const { format, resolveConfig } = await import("prettier");
  return format(text, { ...(await resolveConfig(TABLE)), filepath: TABLE });
}

/**
 * @param {import("../tests/package/cells/cell.mjs").Cell[]} cells
 * @param {boolean} keep
 */
async function tryAll(cells, keep) {
  const { tryCell } = await import("../tests/package/cells/cell.mjs");
  const { startCounterpart } = await import("../tests/package/cells/counterpart.mjs");
  const packed = await mkdtemp(join(tmpdir(), "autorevoke-packed-"));
  const counterpart = await startCounterpart();
  try {
    await run("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: inRoot("pkg") });
    const tarball = join(packed, (await readdir(packed))[0]);
    const results = [];
    for (const cell of cells) {
      const { ok, seconds, why, skipped } = await tryCell(cell, { tarball, counterpart, keep });
      say(
        `${ok ? "works" : skipped ? "SKIPPED" : "FAILS"} ${cell.name} (${seconds} s)${why ? `\n${why}` : ""}`,
      );
      const { name, kind, line, limitSeconds } = cell;
      results.push({ name, kind, line, limitSeconds, ok, skipped, seconds });
    }
    return results;
  } finally {
    await counterpart.stop();
    await rm(packed, { recursive: true, force: true });
  }
}
