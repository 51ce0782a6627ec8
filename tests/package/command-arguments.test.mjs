// No mistake among the arguments reaches the edge: all pairs of options over all commands.
//
// In one thread for all: there are thousands of calls. The edge refuses every request, so that a command asks
// once, and a test fails when it was asked for anything that was not meant.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { commands as all } from "../../pkg/bin/main.js";
import { HASH, ID } from "../client/job-documents.mjs";
import { start } from "./running.mjs";

/** @type {{ path: string, body: any }[]} */
let asked = [];
const server = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  const isJson = request.headers["content-type"] === "application/json";
  asked.push({ path: String(request.url), body: isJson ? JSON.parse(text) : text });
  response.writeHead(401, { "content-type": "application/problem+json" }).end("{}");
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => (server.closeAllConnections(), server.close()));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const url = `http://127.0.0.1:${port}`;

/** The others ask no edge. */
const commands = all.filter(({ name }) => !["key", "simulator"].includes(name));

/** What stands before the options, and what may be asked of the edge then. @type {Record<string, [string[], RegExp | undefined]>} */
const plain = {
  revoke: [["1002"], /^\/v1\/revocations$/],
  "job create": [["tests/package/orders.csv"], /^\/v1\/jobs(\?|$)/],
  "job start": [[ID], /^\/v1\/jobs\/job_\w+$|\/start$/],
  "job approve": [[ID], /^\/v1\/jobs\/job_\w+$|\/approve$/],
  "job decline": [[ID], /^\/v1\/jobs\/job_\w+$|\/decline$/],
  "job watch": [[ID], /^\/v1\/jobs\/job_\w+$/],
  "job pause": [[ID], /\/pause$/],
  "job resume": [[ID], /\/resume$/],
  "job cancel": [[ID], /\/cancel$/],
  "job pause-all": [[], /\/pause-all$/],
  "job list": [[], /^\/v1\/jobs(\?|$)/],
  "job show": [[ID], /^\/v1\/jobs\/job_\w+$/],
  "job orders": [[ID], /\/orders/],
  "job report": [[ID], /\/report$/],
  "audit export": [[], /^\/v1\/audit/],
  "audit head": [[], /^\/v1\/audit\/head$/],
  "audit verify": [["tests/package/none.ndjson"], undefined],
  codes: [["-21"], undefined],
};

/** A right value of each option that takes one. @type {Record<string, string>} */
const values = {
  ...{ reason: "superseded", comment: "replaced", endpoint: url, token: "ark_x_y", name: "drill" },
  ...{
    state: "running",
    deadline: "24h",
    columns: "Order=orderNumber",
    "plan-hash": HASH,
    total: "12",
    outcome: "unknown",
    after: "7",
    head: "x",
    key: "y",
    serial: "0a:1b",
    certificate: "tests/front/certificates/leaf.pem",
  },
};

const everywhere = { json: {}, version: {}, help: {}, h: {} };
const isText = (/** @type {{ value?: string }} */ { value }) => value !== undefined;
const written = (/** @type {string} */ name) => (name === "h" ? "-h" : `--${name}`);

/** @param {string} name @param {{ value?: string }} option */
const rightly = (name, option) => (isText(option) ? [written(name), values[name]] : [written(name)]);

const helps = (/** @type {string[]} */ names) =>
  names.some((name) => ["help", "h", "version"].includes(name));

const runner = new Worker(new URL("./calls-worker.mjs", import.meta.url), { env: {} });
after(() => runner.terminate());

/** @param {string[]} argv @returns {Promise<{ status: number, out: string, err: string }>} */
async function call(argv) {
  asked = [];
  runner.postMessage(argv);
  const [said] = await once(runner, "message");
  return said;
}

/** Nothing was asked of the edge, and it was told why. @param {string[]} argv @param {RegExp} why */
async function refused(argv, why) {
  const { status, out, err } = await call(argv);
  const where = `${argv.join(" ")}\n${err}`;
  assert.deepEqual([status, out, asked], [2, "", []], where);
  assert.match(err, why, where);
}

test("every command has its line here, and every option with a value one that is right", () => {
  assert.deepEqual(Object.keys(plain).sort(), commands.map(({ name }) => name).sort());
  const texts = commands.flatMap(({ options = {} }) =>
    Object.keys(options).filter((name) => isText(options[name])),
  );
  assert.deepEqual(Object.keys(values).sort(), [...new Set(texts)].sort());
});

for (const { name, options: own = {} } of commands) {
  const [rest, path] = plain[name];
  const options = { ...own, ...everywhere };
  const names = Object.keys(options);
  const texts = names.filter((option) => isText(options[option]));
  const base = [...name.split(" "), ...rest];
  const edge = path ? ["--endpoint", url] : [];

  test(`${name}: an option never takes the one behind it for its value`, async () => {
    for (const text of texts) {
      for (const next of names) {
        const needs = new RegExp(`--${text} needs a value.*--${text}=-x`);
        const argv = [...base, written(text), ...rightly(next, options[next])];
        if (helps([next])) {
          assert.equal((await call(argv)).status, 0, argv.join(" "));
          assert.deepEqual(asked, []);
        } else await refused(argv, needs);
      }
      for (const next of ["--", "-x", "-7", "--no-such"])
        await refused([...base, written(text), next], new RegExp(`--${text} needs a value`));
      await refused([...base, written(text)], new RegExp(`--${text} needs a value`));
      for (const empty of [[written(text), ""], [`${written(text)}=`]])
        await refused([...base, ...empty], new RegExp(`--${text} needs a value`));
    }
  });

  test(`${name}: two options in either order are what they are, or refused`, async () => {
    let requests = 0;
    for (const first of names) {
      for (const second of names) {
        const rightFirst = rightly(first, options[first]);
        const argv = [...base, ...rightFirst, ...rightly(second, options[second])];
        const missing = [first, second].includes("endpoint") ? [] : edge;
        const { status, err } = await call([...argv, ...missing]);
        const given = [first, second];
        const where = `${argv.join(" ")}\n${err}`;
        if (helps(given)) assert.deepEqual([status, asked], [0, []], where);
        else if (first === second) assert.deepEqual([status, asked], [2, []], where);
        // It asks nobody.
        else if (given.includes("dry-run")) assert.deepEqual(asked, [], where);
        else {
          assert.ok(asked.length > 0 || status === 2 || !path, where);
          for (const request of asked) checkMeant(request, given, where);
        }
        requests += asked.length;
      }
    }
    assert.equal(requests > 0, path !== undefined);
  });

  test(`${name}: an unknown option, a switch with a value, a word too many, an empty argument`, async () => {
    await refused([...base, ...edge, "--no-such-option"], /there is no option --no-such-option/);
    await refused([...base, ...edge, "-z"], /there is no option of one letter/);
    await refused([...base, ...edge, "--no-test"], /there is no option --no-test/);
    await refused([...base, ...edge, "--__proto__=x"], /there is no option --__proto__/);
    for (const option of names.filter((each) => !isText(options[each]) && !helps([each])))
      await refused([...base, ...edge, `--${option}=1`], new RegExp(`--${option} takes no value`));
    await refused([...base, ...edge, "word"], /more arguments than expected/);
    await refused([...base, ...edge, "--", "--json"], /more arguments than expected/);
    await refused([...base, ...edge, ""], /more arguments than expected\n.*an argument is empty/);
    if (rest.length > 0) await refused([...name.split(" "), "", ...edge], /an argument is empty/);
  });

  /** @param {{ path: string, body: any }} request @param {string[]} given @param {string} where */
  function checkMeant(request, given, where) {
    assert.ok(path?.test(request.path), where);
    if (name !== "revoke") return;
    const { test: isTest, codeReason, revocationReason } = request.body;
    assert.equal(isTest, given.includes("test"), where);
    assert.equal(codeReason, given.includes("reason") ? 4 : undefined, where);
    assert.equal(revocationReason, given.includes("comment") ? "replaced" : undefined, where);
  }
}

test("revoke: what is given is what is asked for, in any order", async () => {
  const parts = [
    ["--reason", "superseded"],
    ["--comment=--test"],
    ["--yes"],
    ["--endpoint", url],
    ["--json"],
    ["1002"],
  ];
  for (let turn = 0; turn < parts.length; turn += 1) {
    parts.push(/** @type {string[]} */ (parts.shift()));
    await call(["revoke", ...parts.flat()]);
    assert.equal(asked.length, 1, parts.join(" "));
    const { orderNumber, codeReason, revocationReason, test: isTest } = asked[0].body;
    assert.deepEqual([orderNumber, codeReason, revocationReason, isTest], ["1002", 4, "--test", false]);
  }
  await call(["revoke", "--reason", "4", "--test", "--endpoint", url, "--", "1002"]);
  assert.equal(asked[0].body.test, true);
});

test("as it was reported: a dry run with the comment forgotten sends nothing", async () => {
  for (const words of [
    ["--comment", "--test"],
    ["--test", "--comment"],
    ["--comment", "--yes"],
  ]) {
    asked = [];
    const { status, err } = await start(["revoke", "1002", "--reason", "superseded", ...words], {
      AUTOREVOKE_ENDPOINT: url,
    }).ended;
    assert.deepEqual([status, asked], [2, []], err);
    assert.match(err, /--comment needs a value: TEXT; one that begins with a hyphen is written --comment=-x/);
  }
});

test("every fault is named", async () => {
  const argv = ["revoke", "--comment", "--tset", "--rason", "4", "--json=1", "7", "8"];
  const { status, err } = await call(argv);
  assert.equal(status, 2);
  for (const fault of [
    /--comment needs/,
    /no option --tset/,
    /no option --rason/,
    /--json takes no/,
    /more arguments/,
  ])
    assert.match(err, fault);
});
