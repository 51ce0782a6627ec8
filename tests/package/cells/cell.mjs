// A cell of the table: a small real project with the package installed from its tarball, built as its users build, run where
// they run it, and one order revoked by it.
// @ts-check
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inRoot } from "../../../scripts/command/places.mjs";
import { attempt } from "../../../scripts/command/running.mjs";
import { Failure } from "../../../scripts/command/faults.mjs";
import { launch } from "../../browsers/chromium.mjs";
import { openBrowser } from "../../every-browser/browsers.mjs";

const COMMAND_LIMIT_MS = 5 * 60_000;
const ANSWER_LIMIT_MS = 60_000;
const ASK_EVERY_MS = 200;
const BUILT = [
  "node_modules",
  "package-lock.json",
  "dist",
  "build",
  ".next",
  ".nuxt",
  ".output",
  ".svelte-kit",
  ".astro",
];

/**
 * @typedef {object} Cell
 * @property {string} name as the table has it
 * @property {"server" | "page" | "types" | "example" | "stopwatch"} kind
 * @property {Record<string, string>} [needs] packages beside this one, with their versions
 * @property {boolean} [development] whether the package is a development dependency, which some bundlers treat differently
 * @property {"module" | "commonjs"} [type] of its package.json; default: module
 * @property {Record<string, string>} files
 * @property {string} [example] the folder in examples/ that it is instead: its page has fields and a button
 * @property {string[][]} [build] commands, from the project's folder; programs of its own packages by their name
 * @property {string[]} [alone] files and folders that are all that runs: they are moved elsewhere, without the packages
 * @property {string[]} [run] the command that revokes and prints what came of it; it is given where and what as arguments
 * @property {{ command: string[], paths: string[], posts?: string[] }} [serve] a server with `PORT` in its environment, and what to
 *   ask it for: each path revokes an order of its own, `?order=` or that of the JSON that is posted, and answers what came of it
 * @property {string} [site] the folder that is its page, when it is built; or `serve` with `pages`
 * @property {string[]} [pages] its pages, in a server of its own (`serve.paths` is empty then)
 * @property {string} [browser] of its page, if it is not Chromium
 * @property {string} [line] the one line of configuration that it needs
 * @property {number} [limitSeconds] of a stopwatch
 * @property {(place: { folder: string, tarball: string, env: Record<string, string>, port: number }) => Promise<void>} [play]
 *   instead of all of that
 *
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./counterpart.mjs").Counterpart} Counterpart
 * @typedef {{ ok: boolean, seconds: number, why?: string, skipped?: boolean }} Verdict `skipped`: it could not be tried here
 */

/**
 * @param {Cell} cell
 * @param {{ tarball: string, counterpart: Counterpart, keep: boolean }} with
 * @returns {Promise<Verdict>}
 */
export async function tryCell(cell, { tarball, counterpart, keep }) {
  const began = Date.now();
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-cell-"));
  try {
    if (cell.play) {
      await cell.play({ folder, tarball, env: environment(folder), port: counterpart.port });
      const seconds = since(began);
      const inTime = seconds <= (cell.limitSeconds ?? Infinity);
      return { ok: inTime, seconds, ...(inTime ? {} : { why: `it may take ${cell.limitSeconds} s` }) };
    }
    await install(cell, folder, tarball);
    const where = await build(cell, folder);
    if (cell.run) await runProgram(cell.run, where, counterpart);
    if (cell.site)
      await openPages(cell, counterpart.serve(join(folder, cell.site)), cell.pages ?? [""], counterpart);
    if (cell.serve) await askServer(cell, where, counterpart);
    return { ok: true, seconds: since(began) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // A browser that cannot be installed here.
    if (error instanceof Failure && !process.env.CI)
      return { ok: false, seconds: since(began), why, skipped: true };
    return { ok: false, seconds: since(began), why: keep ? `${why}\n(in ${folder})` : why };
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

/** @param {number} began */
const since = (began) => Math.round((Date.now() - began) / 1000);

/** @param {Cell} cell @param {string} folder @param {string} tarball */
async function install(cell, folder, tarball) {
  const own = { autorevoke: `file:${tarball}` };
  if (cell.example) await copyExample(cell.example, folder, { ...own, ...cell.needs });
  else await writeProject(cell, folder, own);
  await mustRun(
    ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
    folder,
  );
}

/** @param {string} example @param {string} folder @param {Record<string, string>} own */
async function copyExample(example, folder, own) {
  const from = inRoot("examples", example);
  // What somebody has installed or built there stays there.
  const kept = (/** @type {string} */ path) => !BUILT.includes(basename(path));
  await cp(from, folder, { recursive: true, filter: kept });
  const manifest = JSON.parse(await readFile(join(from, "package.json"), "utf8"));
  const dependencies = { ...manifest.dependencies, ...own };
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies }));
}

/** @param {Cell} cell @param {string} folder @param {Record<string, string>} own */
async function writeProject({ name, needs = {}, development = false, type = "module", files }, folder, own) {
  const manifest = {
    ...{ name: "cell", version: "1.0.0", private: true, type, description: name },
    ...(development ? { devDependencies: { ...own, ...needs } } : { dependencies: { ...own, ...needs } }),
  };
  for (const [path, text] of Object.entries({ ...files, "package.json": JSON.stringify(manifest) })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** @param {Cell} cell @param {string} folder */
async function build({ build = [], alone }, folder) {
  for (const command of build) await mustRun(command, folder);
  if (!alone) return folder;
  const elsewhere = join(folder, "..", `${basename(folder)}-alone`);
  for (const path of alone)
    await cp(join(folder, path), join(elsewhere, path), { recursive: true, dereference: true });
  // What was left behind is not to be found above, either.
  await rm(join(folder, "node_modules"), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await cp(elsewhere, folder, { recursive: true });
  await rm(elsewhere, { recursive: true, force: true });
  return folder;
}

/**
 * The program's own environment: no colours, no questions, and nothing of the npm command that runs this.
 * @param {string} folder
 * @param {Record<string, string>} [more]
 */
function environment(folder, more = {}) {
  const { HOME = "", TMPDIR = tmpdir(), LANG = "C.UTF-8", XDG_CACHE_HOME } = process.env;
  return {
    ...{ HOME, TMPDIR, LANG, ...(XDG_CACHE_HOME && { XDG_CACHE_HOME }) },
    ...{ PATH: `${join(folder, "node_modules/.bin")}:${process.env.PATH}`, CI: "1", NO_COLOR: "1" },
    ...{
      NEXT_TELEMETRY_DISABLED: "1",
      ASTRO_TELEMETRY_DISABLED: "1",
      NUXT_TELEMETRY_DISABLED: "1",
      NG_CLI_ANALYTICS: "false",
    },
    ...{ WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_HIDE_BANNER: "true" },
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /^npm_config_(registry|cache|userconfig)$/i.test(name)),
    ),
    ...more,
  };
}

/** @param {string[]} command @param {string} folder */
async function mustRun([program, ...args], folder) {
  const how = { cwd: folder, limitMs: COMMAND_LIMIT_MS, env: environment(folder) };
  const { ok, output, stdout, timedOut } = await attempt(program, args, how);
  if (ok) return stdout;
  throw new Error(
    `${[program, ...args].join(" ")} ${timedOut ? "did not end" : "failed"}:\n${output.slice(-4000)}`,
  );
}

/** @param {string[]} command @param {string} folder @param {Counterpart} counterpart */
async function runProgram(command, folder, counterpart) {
  const order = counterpart.order();
  const { loginName, loginPassword } = counterpart.login;
  const text = await mustRun([...command, counterpart.caUrl, order, loginName, loginPassword], folder);
  insist(text, order, counterpart);
}

/**
 * @param {string} text what a project says came of it
 * @param {string} order
 * @param {Counterpart} counterpart
 */
function insist(text, order, counterpart) {
  const [, json] = /(\{"orderNumber".*?\})/.exec(text.replaceAll("&quot;", '"')) ?? [];
  const { orderNumber, outcome } = json ? JSON.parse(json) : {};
  if (orderNumber !== order || outcome !== "revoked")
    throw new Error(`order ${order} should be revoked, and it said: ${text.slice(-2000)}`);
  const times = counterpart.revoked(order);
  if (times !== 1)
    throw new Error(`it said that order ${order} is revoked; the CA revoked it ${times} times`);
}

/** @param {Cell} cell @param {string} origin @param {string[]} paths @param {Counterpart} counterpart */
async function openPages(cell, origin, paths, counterpart) {
  const { example, browser: other } = cell;
  if (other) return openElsewhere(other, origin, paths, counterpart);
  const browser = await launch();
  try {
    for (const path of paths) {
      const order = counterpart.order();
      const page = await browser.newPage();
      /** @type {string[]} */
      const said = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("requestfailed", (request) => said.push(`${request.url()}: ${request.failure()?.errorText}`));
      const came = await (example ? clicked : asked)(page, `${origin}${path}`, order, counterpart);
      insist(`${came}\n${said.join("\n")}`, order, counterpart);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

/** In another browser, by its driver. @param {string} name @param {string} origin @param {string[]} paths @param {Counterpart} counterpart */
async function openElsewhere(name, origin, paths, counterpart) {
  const { driver, close } = await openBrowser(name);
  try {
    for (const path of paths) {
      const order = counterpart.order();
      const { edgeUrl: edge, token } = counterpart;
      await driver.get(`${origin}${path}?${new URLSearchParams({ edge, token, order })}`);
      let said = null;
      for (
        const limit = Date.now() + ANSWER_LIMIT_MS;
        said === null && Date.now() < limit;
        await pause(ASK_EVERY_MS)
      )
        said = await driver.executeScript("return globalThis.cameOfIt ?? null");
      insist(String(said ?? "the page says nothing of it"), order, counterpart);
    }
  } finally {
    await close();
  }
}

/** What a page says that takes what it is to do from its address. @param {Page} page @param {string} url @param {string} order @param {Counterpart} counterpart */
async function asked(page, url, order, { edgeUrl: edge, token }) {
  await page.goto(`${url}?${new URLSearchParams({ edge, token, order })}`);
  return saidBy(page);
}

/**
 * What a page of an example says.
 * @param {Page} page
 * @param {string} url
 * @param {string} orderNumber
 * @param {Counterpart} counterpart
 */
async function clicked(page, url, orderNumber, { edgeUrl: endpoint, token }) {
  await page.goto(url);
  const output = page.locator("output");
  for (const limit = Date.now() + ANSWER_LIMIT_MS; Date.now() < limit; await pause(ASK_EVERY_MS)) {
    const outcome = (await output.textContent())?.trim();
    if (outcome && outcome !== "...") return JSON.stringify({ orderNumber, outcome });
    if (outcome) continue;
    // Until the page's script has taken it over, a click does nothing, and fields may be emptied.
    for (const [name, value] of Object.entries({ endpoint, token, orderNumber }))
      await page.fill(`[name=${name}]`, value);
    await page.click("button");
  }
  return "the page says nothing of it";
}

/** Asked from here: the page's policy forbids to wait within it. @param {Page} page */
async function saidBy(page) {
  for (const limit = Date.now() + ANSWER_LIMIT_MS; Date.now() < limit; await pause(ASK_EVERY_MS)) {
    // While a page is left for another there is nothing to ask.
    const text = await page.evaluate("globalThis.cameOfIt").catch(() => undefined);
    if (text !== undefined) return text;
  }
  return "the page says nothing of it";
}

/** @param {Cell} cell @param {string} folder @param {Counterpart} counterpart */
async function askServer(cell, folder, counterpart) {
  const { serve, pages = [] } = cell;
  if (!serve) return;
  const { port } = counterpart;
  const [program, ...args] = serve.command.map((part) => part.replace("$PORT", String(port)));
  const { caUrl: CA_URL, login } = counterpart;
  const env = environment(folder, {
    ...{ PORT: String(port), HOST: "127.0.0.1", HOSTNAME: "127.0.0.1" },
    ...{ CA_URL, LOGIN_NAME: login.loginName, LOGIN_PASSWORD: login.loginPassword },
    // As the examples have them.
    ...{ CA_ENDPOINT: CA_URL, CA_LOGIN_NAME: login.loginName, CA_LOGIN_PASSWORD: login.loginPassword },
  });
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const origin = `http://127.0.0.1:${port}`;
    await answers(
      `${origin}/`,
      () => child.exitCode !== null,
      () => output,
    );
    for (const path of serve.paths) {
      const order = counterpart.order();
      const response = await fetch(`${origin}${path}?order=${order}`, {
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      insist(`${await response.text()}\n${output}`, order, counterpart);
    }
    for (const path of serve.posts ?? []) {
      const orderNumber = counterpart.order();
      const response = await fetch(`${origin}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ orderNumber }),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      insist(`${await response.text()}\n${output}`, orderNumber, counterpart);
    }
    if (pages.length > 0) await openPages(cell, origin, pages, counterpart);
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    const killed = setTimeout(() => child.pid && process.kill(-child.pid, "SIGKILL"), 5_000);
    await ended;
    clearTimeout(killed);
  }
}

/** @param {string} url @param {() => boolean} gone @param {() => string} output */
async function answers(url, gone, output) {
  for (const limit = Date.now() + ANSWER_LIMIT_MS; ;) {
    const up = await fetch(url).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    if (up) return;
    if (gone() || Date.now() > limit)
      throw new Error(`the server does not answer:\n${output().slice(-4000)}`);
    await pause(ASK_EVERY_MS);
  }
}
