// What the documents tell people to type is what the commands take: names, options, operations.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { readArguments } from "../../pkg/bin/arguments.js";
import { commands } from "../../pkg/bin/main.js";
import { documents, read, root } from "./documents.mjs";
import { commandsOf } from "./shell.mjs";

const run = promisify(execFile);
const { scripts } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
/** Those of the folder that `npm create` makes, for the documents that go with it, and for what stands behind it. */
const TEMPLATE = "create-autorevoke-edge/template/";
const made = JSON.parse(await readFile(`${root}${TEMPLATE}package.json`, "utf8")).scripts;
const { paths } = JSON.parse(await readFile(`${root}src/edge/openapi.json`, "utf8"));
/** These hand their arguments to another program. */
const PASSED_ON = ["wrangler"];
const SHELLS = ["sh", "bash", "shell"];

const blocks = (await documents())
  .flatMap((file) => read(file).blocks)
  .filter((it) => SHELLS.includes(it.language));
for (const name of await readdir(`${root}.github/workflows`)) {
  const file = `.github/workflows/${name}`;
  for (const [, text] of (await readFile(root + file, "utf8")).matchAll(/^ +- run: (.+)$/gm))
    blocks.push({ file, line: 1, language: "sh", how: "", text });
}
const typed = blocks.flatMap(({ file, line, text }) =>
  commandsOf(text).map((words) => ({ where: `${file}:${line}: ${words.join(" ")}`, words })),
);

test("a shell can read each block", async () => {
  for (const { file, line, text } of blocks) {
    const reading = run("bash", ["-n", "-c", text]);
    await assert.doesNotReject(reading, `${file}:${line}`);
  }
});

test("words are split as a shell does", () => {
  assert.deepEqual(
    commandsOf(`A=1 npx x --a 'b c' \\\n  "d\\"e"f > out # no\ncurl -d '{\n"a": 1}' u; y | z`),
    [["npx", "x", "--a", "b c", 'd"ef'], ["curl", "-d", '{\n"a": 1}', "u"], ["y"], ["z"]],
  );
});

test("npx autorevoke: each command exists and takes these arguments", () => {
  const found = typed.filter(
    ({ words }) => words[0] === "npx" && words[1] === "autorevoke" && words[2] !== "...",
  );
  assert.ok(found.length > 20, String(found.length));
  for (const { where, words } of found) {
    const args = words.slice(2);
    const command = commands.find(({ name }) => name.split(" ").every((word, at) => args[at] === word));
    assert.ok(command, where);
    const everywhere = { json: { about: "" }, version: { about: "" } };
    const usage = { ...command, options: { ...command.options, ...everywhere } };
    assert.deepEqual(readArguments(usage, args.slice(command.name.split(" ").length)).faults, [], where);
  }
});

test("npm run: each script exists and has these options", async () => {
  const found = typed.flatMap(({ where, words }) => {
    if (words[0] !== "npm") return [];
    if (words[1] === "run") return [{ where, name: words[2], args: words.slice(3) }];
    return words[1] === "test" ? [{ where, name: "test", args: words.slice(2) }] : [];
  });
  assert.ok(found.length > 20, String(found.length));
  /** @type {Map<string, Promise<string>>} */
  const helps = new Map();
  for (const { where, name, args } of found) {
    if (Object.hasOwn(made, name) && (where.startsWith(TEMPLATE) || !Object.hasOwn(scripts, name))) {
      assert.deepEqual(args, [], where);
      continue;
    }
    assert.ok(Object.hasOwn(scripts, name), where);
    const options = args.filter((word) => word.startsWith("--") && word !== "--");
    if (options.length === 0 || PASSED_ON.includes(name)) continue;
    assert.equal(args[0], "--", `${where}: npm would keep these options for itself`);
    const [, file, ...first] = scripts[name].replace(/^exec /, "").split(" ");
    if (!helps.has(name))
      helps.set(
        name,
        run(process.execPath, [file, ...first, "--help"], { cwd: root }).then(({ stdout }) => stdout),
      );
    const help = await helps.get(name);
    for (const option of options) assert.match(help ?? "", new RegExp(`${option.split("=")[0]}\\b`), where);
  }
});

test("curl: each operation of the edge is in its OpenAPI document", () => {
  const found = typed.flatMap(({ where, words }) => {
    const url = words[0] === "curl" && words.find((word) => /^(\$AUTOREVOKE_ENDPOINT|https?:)/.test(word));
    const path = url && /\/(v1|healthz|openapi\.json|metrics)\b[^?]*/.exec(url)?.[0];
    return path ? [{ where, path, method: methodOf(words) }] : [];
  });
  assert.ok(found.length > 10, String(found.length));
  for (const { where, path, method } of found) {
    const known = Object.entries(paths).some(
      ([template, item]) =>
        method in item && new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path),
    );
    assert.ok(known, `${where}: ${method} ${path}`);
  }
});

/** @param {string[]} words of a call of curl */
function methodOf(words) {
  const at = words.indexOf("-X");
  if (at > 0) return words[at + 1].toLowerCase();
  return words.some((word) => /^(-d|--data)/.test(word)) ? "post" : "get";
}

test("each script of the project is in the README, or in a page on the longer tests", () => {
  const told = ["README.md", "docs/long-tests.md"].map((file) => readFileSync(root + file, "utf8")).join("");
  const named = (/** @type {string} */ name) => (name === "test" ? "npm test" : `npm run ${name}`);
  const missing = Object.keys(scripts).filter((name) => !new RegExp(`${named(name)}(?![\\w:-])`).test(told));
  assert.deepEqual(missing, []);
});
