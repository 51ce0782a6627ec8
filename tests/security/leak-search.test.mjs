// The search that ends `npm test`: it finds a planted login in every spelling, wherever it was kept.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PLACE, keepAnswers, keepFolder, keeper } from "../../scripts/test/evidence.mjs";
import { search } from "../../scripts/test/leaks.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD, SPELLINGS } from "../edge/canary.mjs";

// In this process evidence goes here, so that what is planted does not end up in the real search.
const before = process.env[PLACE];
const folder = await mkdtemp(join(tmpdir(), "autorevoke-evidence-"));
process.env[PLACE] = folder;
after(async () => {
  if (before) process.env[PLACE] = before;
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} name @param {string | Buffer} content */
async function searched(name, content) {
  const place = await mkdtemp(join(folder, "planted-"));
  await mkdir(join(place, "deep", "er"), { recursive: true });
  await writeFile(join(place, "deep", "er", name), content);
  return search(place);
}

const SECRETS = {
  "login name": LOGIN_NAME,
  password: LOGIN_PASSWORD,
  "demo's login name": "demo-reseller",
  "demo's password": "demo-password",
};

for (const [name, secret] of Object.entries(SECRETS)) {
  for (const [spelling, spell] of Object.entries(SPELLINGS)) {
    test(`the ${name} is found: ${spelling}`, async () => {
      const shown = `{"detail":"${spell(secret)}"}`;
      for (const content of [shown, Buffer.from(shown, "utf16le")]) {
        const { findings } = await searched("planted", content);
        assert.deepEqual(
          findings.map(({ file }) => file),
          [join("deep", "er", "planted")],
        );
      }
    });
  }

  test(`the ${name} is found in the middle of base64 and hex, at every place, raw and in a form`, async () => {
    const form = new URLSearchParams([["", secret]]).toString().slice(1);
    for (const text of [secret, encodeURIComponent(secret), form]) {
      for (const before of ["", "a", "ab", "abc"]) {
        for (const encoding of /** @type {const} */ (["base64", "base64url", "hex"])) {
          const shown = Buffer.from(`${before}${text}&orderNumber=7`).toString(encoding);
          assert.equal((await searched("planted", shown)).findings.length, 1, shown);
        }
      }
    }
  });
}

test("half of the password is found", async () => {
  assert.equal((await searched("cut", LOGIN_PASSWORD.slice(1, 12))).findings.length, 1);
});

test("what is no login is not found, and the search says how much it saw", async () => {
  const { files, bytes, findings } = await searched("harmless", "a canary in a mine, a demo, a password");
  assert.deepEqual({ files, bytes, findings }, { files: 1, bytes: 38, findings: [] });
});

test("the search says what it saw of each kind", async () => {
  const place = await mkdtemp(join(folder, "kinds-"));
  process.env[PLACE] = place;
  keeper("log")("a");
  for (const page of ["b", "c"]) keeper("page")(page);
  await writeFile(join(place, "answers-7"), "d");
  process.env[PLACE] = folder;
  const { kinds } = await search(place);
  assert.deepEqual(Object.fromEntries(kinds), { log: 1, page: 2, answers: 1 });
});

test("where there is nothing to search it says so", async () => {
  const place = await mkdtemp(join(folder, "empty-"));
  assert.equal((await search(place)).files, 0);
});

test("a log that comes in pieces is kept as one", async () => {
  const keep = keeper("log");
  for (const letter of LOGIN_NAME) keep(letter);
  assert.ok(await foundIn("log-"));
});

test("a state directory is kept as it is", async () => {
  const state = await mkdtemp(join(tmpdir(), "autorevoke-test-"));
  await writeFile(join(state, "ledger.sqlite"), `\0\u0001${LOGIN_NAME}\0`);
  keepFolder(state);
  await rm(state, { recursive: true });
  assert.ok(await foundIn("state-"));
});

for (const place of ["head", "body"]) {
  test(`the ${place} of an answer is kept, though nobody read it`, async (t) => {
    const shown = Buffer.from(LOGIN_NAME).toString("hex");
    const server = createServer((_, response) => {
      if (place === "head") response.setHeader("X-Shown", shown);
      response.end(place === "body" ? shown : "");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    t.after(() => (server.closeAllConnections(), server.close()));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const url = `http://127.0.0.1:${port}`;
    const already = await foundIn("answers-");
    const connection = { headers: { connection: "close" } };
    await fetch(url, connection);
    assert.equal(await foundIn("answers-"), already, "nobody asked to keep this one");
    keepAnswers(url);
    await fetch(url, connection);
    assert.equal(await foundIn("answers-"), already + 1);
  });
}

/** How many kept things of this name hold a login. @param {string} name */
async function foundIn(name) {
  const { findings } = await search(folder);
  return findings.filter(({ file }) => file.startsWith(name)).length;
}
