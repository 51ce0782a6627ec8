// npm run docs:pictures: takes the documentation's screenshots and terminal sessions anew, from the demo.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

/** @typedef {import("./run/demo.mjs").Demo} Demo */

await runCommand(async () => {
  readArguments({
    name: "npm run docs:pictures",
    about: "Takes the screenshots and terminal sessions of docs/pictures anew, from a demo with Chromium.",
  });
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build();
  const { ensureChromium } = await import("./setup/chromium.mjs");
  const { browser } = await ensureChromium();
  const { startDemo } = await import("./run/demo.mjs");
  const { takeScreenshots } = await import("./docs/screenshots.mjs");
  const { recordSessions } = await import("./docs/sessions.mjs");
  // Each has a demo of its own: what one revokes counts for the limits of the other.
  for (const take of [(/** @type {Demo} */ demo) => takeScreenshots(demo, browser), recordSessions]) {
    const demo = await startDemo({ port: 0 });
    try {
      for (const file of await take(demo)) say(file);
    } finally {
      await demo.stop();
    }
  }
});
