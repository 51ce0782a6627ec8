// Nothing is revoked that was not confirmed: on a terminal by typing what it is about, elsewhere by an option.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ID, job, planned } from "../client/job-documents.mjs";
import { noTerminal, onTerminal, start } from "./running.mjs";

const HOSTILE = "x\x1b[2J\x1b]0;owned\x07\u202e";

/** What the edge was asked for. @type {{ path: string, body: any }[]} */
const asked = [];
beforeEach(() => asked.splice(0));
const paths = () => asked.map(({ path }) => path);

const server = createServer(async (request, response) => {
  const path = String(request.url);
  let text = "";
  for await (const piece of request) text += piece;
  const body = text === "" ? undefined : JSON.parse(text);
  asked.push({ path, body });
  const [status, answer] = path.endsWith("/start")
    ? [202, job({ name: HOSTILE })]
    : path === "/v1/revocations"
      ? [
          200,
          {
            ...(body.serialNumber === undefined
              ? { orderNumber: body.orderNumber }
              : { serialNumber: body.serialNumber }),
            outcome: body.test ? "tested" : "revoked",
            errorCode: 0,
            test: body.test,
          },
        ]
      : [200, planned({ name: HOSTILE })];
  response.writeHead(Number(status), { "content-type": "application/json" }).end(JSON.stringify(answer));
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => (server.closeAllConnections(), server.close()));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const env = { AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}` };

test("an order: its number is typed", { skip: noTerminal }, async () => {
  const args = `revoke 1002 --reason 4 --comment "replaced \u202e"`;
  const { status, out } = await onTerminal(args, env, { type: "1002\r" });
  assert.equal(status, 0, out);
  assert.match(
    out,
    /^revoke order 1002 through http:\/\/127\.0\.0\.1:\d+\r\n +reason +superseded\r\n +comment +replaced +\r\n/,
  );
  assert.match(
    out,
    /cannot be undone\. Type the order's number to revoke it: .*1002\r*\n.*order 1002: revoked\r\n/,
  );
  assert.deepEqual(paths(), ["/v1/revocations"]);
});

for (const typed of ["1003\r", "\r", "yes\r", "10022\r", "100\r", "1002 1002\r", "\x03", "\x04"]) {
  test(`an order is not revoked where ${JSON.stringify(typed)} is typed`, { skip: noTerminal }, async () => {
    const { status, out } = await onTerminal("revoke 1002 --reason 4", env, { type: typed });
    assert.equal(status, 2, out);
    assert.match(out, /nothing was done/);
    assert.deepEqual(asked, []);
  });
}

const leaf = (/** @type {string} */ ending) =>
  fileURLToPath(new URL(`../front/certificates/leaf.${ending}`, import.meta.url));

for (const [how, named] of Object.entries({
  "by its number": "--serial 0d:0e",
  "by its file in PEM": `--certificate ${leaf("pem")}`,
  "by its file in DER": `--certificate ${leaf("der")}`,
})) {
  test(
    `a certificate ${how}: its serial number is typed, however it is written`,
    { skip: noTerminal },
    async () => {
      const { status, out } = await onTerminal(`revoke ${named} --reason 4`, env, { type: "0x000D0E\r" });
      assert.equal(status, 0, out);
      assert.match(out, /revoke serial number 0[dD]:?0[eE] through/);
      assert.match(out, /serial number 0D0E: revoked\r\n/);
      assert.deepEqual(
        asked.map(({ body }) => [body.serialNumber, body.orderNumber]),
        [["0D0E", undefined]],
      );
    },
  );
}

test("what is no serial number of it is not taken for one", { skip: noTerminal }, async () => {
  for (const typed of ["0D\r", "\r", "0\r", "0D0E0\r"]) {
    const { status, out } = await onTerminal("revoke --serial 0d0e --reason 4", env, { type: typed });
    assert.equal(status, 2, out);
  }
  assert.deepEqual(asked, []);
});

test("what is revoked is named once, and a file has one certificate in it", async () => {
  const bundle = join(await mkdtemp(join(tmpdir(), "autorevoke-test-")), "bundle.pem");
  const pem = await readFile(leaf("pem"), "utf8");
  const wrong = {
    "named once": ["", "1 --serial 0a", `--serial 0a --certificate ${leaf("pem")}`],
    "not there": ["--certificate /nowhere/at/all.pem"],
    "no certificate that can be read": [`--certificate ${fileURLToPath(import.meta.url)}`],
    "a CA's own": [`--certificate ${leaf("pem").replace("leaf", "plain")}`],
    "2 certificates": [`--certificate ${bundle}`],
  };
  await writeFile(bundle, `${pem}${pem}`);
  for (const [fault, all] of Object.entries(wrong)) {
    for (const named of all) {
      const args = ["revoke", ...named.split(" ").filter(Boolean), "--reason", "4", "--yes"];
      const { status, err } = await start(args, env).ended;
      assert.deepEqual([status, err.includes(fault)], [2, true], err);
    }
  }
  assert.deepEqual(asked, []);
});

test("nothing is asked with --yes or --test", { skip: noTerminal }, async () => {
  assert.equal((await onTerminal("revoke 1002 --reason 4 --yes", env)).status, 0);
  assert.equal((await onTerminal("revoke 1002 --reason 4 --test", env)).status, 0);
  assert.deepEqual(
    asked.map(({ body }) => body.test),
    [false, true],
  );
});

test("an order, where nobody can be asked: --yes, or nothing is sent", async () => {
  const { child, ended } = start(["revoke", "1002"], env);
  child.stdin.end("1002\n");
  const { status, out, err } = await ended;
  assert.deepEqual([status, out], [2, ""]);
  assert.match(err, /--reason is missing.*\n.*nobody can be asked here.*--yes/);
  assert.deepEqual(asked, []);
});

test("a job: the number of its orders is typed", { skip: noTerminal }, async () => {
  const { status, out } = await onTerminal(`job start ${ID}`, env, { type: "12\r" });
  assert.equal(status, 0, out);
  assert.match(
    out,
    /plan hash +(ab){32}\r\n([^\n]*\n)*[^\n]*Type the number of orders to start it: [^\n]*12\r*\n[^\n]*: running\r\n/,
  );
  assert.deepEqual(paths(), [`/v1/jobs/${ID}`, `/v1/jobs/${ID}/start`]);
});

for (const typed of ["13\r", "\r", "yes\r", "123\r", "1\r", "12 12\r", "\x03", "\x04"]) {
  test(`a job is not started where ${JSON.stringify(typed)} is typed`, { skip: noTerminal }, async () => {
    const { status, out } = await onTerminal(`job start ${ID}`, env, { type: typed });
    assert.equal(status, 2, out);
    assert.match(out, /nothing was done/);
    assert.deepEqual(paths(), [`/v1/jobs/${ID}`]);
  });
}
