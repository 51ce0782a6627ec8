// The HTTP side of the simulator's own controls, and the command that starts it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { code, post, rawCall } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator();
});
beforeEach(() => ca.reset());
after(() => ca.close());

async function ask(method, path, body) {
  const response = await fetch(`${ca.url}/_simulator${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get("content-type");
  return { status: response.status, type, headers: response.headers, content: await response.json() };
}

describe("orders", () => {
  for (const [how, body] of [
    ["one", { orderNumber: 7, state: "expired" }],
    ["an array", [{ orderNumber: "7", state: "expired" }]],
    ["a list by name", { orders: [{ orderNumber: "7", state: "expired" }] }],
  ]) {
    test(how, async () => {
      const { status, content } = await ask("POST", "/orders", body);
      assert.deepEqual([status, content], [201, { orders: 1 }]);
      assert.equal(await code(ca, { orderNumber: "7" }), -35);
      assert.deepEqual((await ask("GET", "/orders")).content, [{ orderNumber: "7", state: "expired" }]);
      assert.deepEqual((await ask("GET", "/orders?orderNumber=8")).content, []);
    });
  }

  test("are forgotten", async () => {
    await ask("POST", "/orders", { orderNumber: 7, state: "expired" });
    await ask("DELETE", "/orders");
    assert.equal(await code(ca, { orderNumber: "7" }), 0);
  });

  test("a large set", async () => {
    const orders = Array.from({ length: 20_000 }, (_, index) => ({
      orderNumber: index + 1,
      state: "expired",
    }));
    assert.deepEqual((await ask("POST", "/orders", orders)).content, { orders: 20_000 });
    assert.equal(await code(ca, { orderNumber: "20000" }), -35);
  });
});

describe("faults", () => {
  test("are listed with what they do and take", async () => {
    const { content } = await ask("GET", "/faults");
    assert.deepEqual(content.active, []);
    assert.ok(content.faults.length > 20);
    for (const { name, description, parameters } of content.faults) {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(description, /\.$/);
      for (const [parameter, { description: about, expects }] of Object.entries(parameters)) {
        assert.ok(about && expects, `${name}.${parameter}`);
      }
    }
  });

  test("are all in the README", async () => {
    const readme = await readFile(new URL("README.md", import.meta.resolve("autorevoke-simulator")), "utf8");
    const { content } = await ask("GET", "/faults");
    for (const { name, parameters } of content.faults) {
      const [, item] = readme.split(`\n- \`${name}\`: `);
      assert.ok(item, name);
      const [text] = item.split(/\n(?:- |\n)/);
      for (const parameter of Object.keys(parameters)) {
        assert.ok(text.includes(`\`${parameter}\``), `${name}.${parameter}`);
      }
    }
  });

  test("are switched on, one cleared, all cleared", async () => {
    const { status, content } = await ask("POST", "/faults", [
      { fault: "http-status" },
      { fault: "html-page" },
    ]);
    assert.equal(status, 201);
    assert.equal((await post(ca)).status, 500);
    await ask("DELETE", `/faults/${content.ids[0]}`);
    assert.match((await post(ca)).type, /html/);
    assert.deepEqual((await ask("GET", "/faults")).content.active, [
      { id: content.ids[1], fault: "html-page", acts: true, met: 1 },
    ]);
    assert.deepEqual((await ask("DELETE", "/faults")).content, { active: [] });
    assert.equal((await post(ca)).status, 200);
  });

  test("leave the controls alone", async () => {
    await ask("POST", "/faults", [{ fault: "reset-before-reading" }]);
    assert.equal((await ask("GET", "/faults")).status, 200);
    assert.deepEqual(ca.ledger(), []);
  });
});

describe("ledger", () => {
  test("whole, of one order, in pages, emptied", async () => {
    assert.deepEqual((await ask("GET", "/ledger")).content, []);
    for (const orderNumber of ["1", "2", "1"]) await code(ca, { orderNumber });
    assert.deepEqual((await ask("GET", "/ledger")).content, ca.ledger());
    const seqs = async (query) => (await ask("GET", `/ledger?${query}`)).content.map(({ seq }) => seq);
    assert.deepEqual(await seqs("orderNumber=1"), [1, 3]);
    assert.deepEqual(await seqs("after=1&limit=1"), [2]);
    await ask("DELETE", "/ledger");
    assert.deepEqual(await seqs(""), []);
  });

  test("longer than one piece", async () => {
    const reason = "x".repeat(1000);
    for (let n = 1; n <= 200; n += 1) await code(ca, { orderNumber: String(n), revocationReason: reason });
    assert.deepEqual((await ask("GET", "/ledger")).content, ca.ledger());
  });
});

describe("wait", () => {
  test("until requests were read", async () => {
    const waiting = ask("GET", "/wait?requests=2");
    await code(ca, { orderNumber: "1" });
    await code(ca, { orderNumber: "2" });
    assert.deepEqual((await waiting).content, { requests: 2 });
  });

  test("and not for ever", async () => {
    const { status, content } = await ask("GET", "/wait?requests=1&timeout=50");
    assert.equal(status, 504);
    assert.match(content.detail, /only 0 of 1 requests/);
  });
});

test("login", async () => {
  assert.deepEqual((await ask("POST", "/login", { locked: true })).content, { locked: true, failures: 0 });
  assert.equal(await code(ca), -16);
  await ask("POST", "/login", { locked: false, loginPassword: "new-password" });
  assert.equal(await code(ca), -16);
  assert.deepEqual((await ask("GET", "/login")).content, { locked: false, failures: 1 });
  assert.equal(await code(ca, { loginPassword: "new-password" }), 0);
});

test("limits", async () => {
  assert.deepEqual((await ask("POST", "/limits", { perSecond: 1 })).content, { concurrent: 0, perSecond: 1 });
  assert.equal(await code(ca, { test: "Y" }), 0);
  assert.equal(await code(ca, { test: "Y" }), -42);
});

test("reset, and a look at everything", async () => {
  await rawCall(ca);
  const { content } = await ask("GET", "");
  assert.equal(content.requests, 1);
  assert.ok(content.connections >= 1);
  assert.ok(content.operations.includes("POST /_simulator/reset"));
  assert.equal((await ask("POST", "/reset")).status, 201);
  assert.equal((await ask("GET", "/")).content.ledger, 0);
});

describe("a request that is not sound", () => {
  test("names every fault, and changes nothing", async () => {
    const { status, type, content } = await ask("POST", "/orders", [
      { orderNumber: 7, state: "expired" },
      { orderNumber: -7, state: "lost" },
    ]);
    assert.equal(status, 422);
    assert.equal(type, "application/problem+json");
    assert.equal(content.status, 422);
    assert.deepEqual(
      content.problems.map(({ where }) => where),
      ["orders[1].orderNumber", "orders[1].state"],
    );
    assert.match(
      content.problems[1].problem,
      /one of issued, unissued, being-issued, expired, revoked, rejected, fixed/,
    );
    assert.deepEqual(ca.orders.list(), []);
  });

  const wrong = [
    ["POST", "/orders", "not JSON", 400],
    ["POST", "/orders", "7", 422],
    ["POST", "/faults", { fault: "gremlin" }, 422],
    ["POST", "/faults", { faults: "latency" }, 422],
    ["POST", "/login", { locked: "yes" }, 422],
    ["POST", "/limits", { perSecond: -1, more: 1 }, 422],
    ["GET", "/wait?requests=x", undefined, 422],
    ["GET", "/ledger?after=x", undefined, 422],
    ["GET", "/nowhere", undefined, 404],
    ["GET", "/faults/x", undefined, 404],
    ["GET", "/faults/1", undefined, 405],
    ["PUT", "/orders", {}, 405],
    ["DELETE", "/reset", undefined, 405],
  ];
  for (const [method, path, body, expected] of wrong) {
    test(`${method} ${path} ${JSON.stringify(body) ?? ""}: ${expected}`, async () => {
      const { status, type, content, headers } = await ask(method, path, body);
      assert.equal(status, expected);
      assert.equal(content.status, expected);
      assert.equal(type, "application/problem+json");
      assert.equal(headers.has("allow"), expected === 405);
    });
  }
});

describe("the command", () => {
  const main = fileURLToPath(import.meta.resolve("autorevoke-simulator/main.js"));
  const run = (args, env = {}) =>
    spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
  const textOf = async (stream) => (await stream.toArray()).join("");

  test("says when it is ready, and ends when told to", { timeout: 20_000 }, async () => {
    const child = run(["--port", "0", "--login-name", "me", "--latency", "30"], {
      SIMULATOR_LOGIN_PASSWORD: "my own",
    });
    try {
      const [line] = await once(child.stdout, "data");
      assert.match(String(line), /^ready http:\/\/127\.0\.0\.1:[1-9][0-9]*\n$/);
      const endpoint = `${String(line).trim().slice(6)}/products/!autoRevokeCertificate`;
      const begun = performance.now();
      assert.equal(await code({ endpoint }, { loginName: "me", loginPassword: "my own" }), 0);
      assert.ok(performance.now() - begun >= 29);
    } finally {
      child.kill("SIGTERM");
    }
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  for (const args of [["--port", "x"], ["--port", "70000"], ["--host", "0.0.0.0"], ["--colour"], ["extra"]]) {
    test(`${args.join(" ")} is wrong use`, { timeout: 20_000 }, async () => {
      const child = run(args);
      const [[status], text] = await Promise.all([once(child, "exit"), textOf(child.stderr)]);
      assert.equal(status, 2);
      assert.match(text, /Try --help/);
    });
  }

  test("--help", { timeout: 20_000 }, async () => {
    const child = run(["--help"]);
    const [[status], text] = await Promise.all([once(child, "exit"), textOf(child.stdout)]);
    assert.equal(status, 0);
    assert.match(text, /--port N/);
  });
});
