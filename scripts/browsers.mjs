// npm run test:browsers: what `npm test` tries in Chromium, in Firefox and WebKit as well.
import { readArguments } from "./command/arguments.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const FOLDER = "tests/every-browser/";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run test:browsers --",
    about:
      "Runs the tests of tests/every-browser in Chromium, Firefox and WebKit, and installs what is missing.",
    options: { only: { value: "NAMES", about: "comma-separated: chromium, firefox, webkit" } },
  });
  const names = (values.only ?? "chromium,firefox,webkit").split(",");
  await ensureNpmPackages();
  const { ensureChromium } = await import("./setup/chromium.mjs");
  const { ensureFirefox } = await import("./setup/firefox.mjs");
  const { ensureWebKit } = await import("./setup/webkit.mjs");
  const browsers = { chromium: ensureChromium, firefox: ensureFirefox, webkit: ensureWebKit };
  const unknown = names.filter((name) => !(name in browsers));
  if (unknown.length > 0) throw new WrongUse(unknown.map((name) => `--only: no such browser: ${name}`));
  for (const name of names) await browsers[/** @type {keyof typeof browsers} */ (name)]();
  const { build } = await import("./build/parts.mjs");
  await build();
  process.env.BROWSERS = names.join(",");
  const { runFiles, testFiles } = await import("./test/javascript.mjs");
  const { Results } = await import("./test/results.mjs");
  const results = new Results();
  await runFiles(
    (await testFiles()).filter((file) => file.startsWith(FOLDER)),
    1,
    results,
  );
  if (results.failed.length > 0) console.error(`\n${results.report}\n`);
  console.log(`${results}`);
  return results.ok ? 0 : 1;
});
