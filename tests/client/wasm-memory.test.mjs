// What is left in the client's linear memory after a call: no login, no token, no form, whole or in part.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CA, EDGE, answering, caAnswer, json, problem, problemResponse, revoked } from "./calls.mjs";

// The module's memory is nowhere in the package's API: it is taken from the instance as the runtime makes it.
/** @type {WebAssembly.Memory[]} */
const memories = [];
const { instantiate } = WebAssembly;
/** @type {any} */ (WebAssembly).instantiate = async (/** @type {[any]} */ ...given) => {
  const made = /** @type {any} */ (await instantiate(...given));
  memories.push((made.instance ?? made).exports.memory);
  return made;
};
const { createClient, revoke } = await import("autorevoke");

const order = { orderNumber: "123456", revocationReason: "Found", codeReason: /** @type {const} */ (1) };
const PIECE = 10;

/** A secret as it could lie there: as it is, encoded, and any stretch of it. @param {string} secret */
function spellings(secret) {
  const utf8 = Buffer.from(secret.toWellFormed());
  const whole = [
    secret.toWellFormed(),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ a: secret }).toString().slice(2),
    utf8.toString("base64").replace(/..=*$/, ""),
    utf8.toString("base64url").replace(/..$/, ""),
    utf8.toString("hex"),
    [...secret].reverse().join(""),
    JSON.stringify(secret).slice(1, -1),
  ].map((text) => Buffer.from(text));
  whole.push(Buffer.from(secret, "utf16le"));
  const pieces = [];
  // Of a form the names of its members are pieces as well, and the module has those.
  if (secret.startsWith("loginName=")) return whole;
  for (let at = 0; at + PIECE <= utf8.length; at += PIECE) pieces.push(utf8.subarray(at, at + PIECE));
  return [...whole, ...pieces];
}

/** In any case: what is compared without regard to case is folded first. @param {Buffer} bytes */
const folded = (bytes) => bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/** @param {string[]} secrets */
function left(secrets) {
  const found = [];
  for (const memory of memories) {
    const bytes = folded(Buffer.from(memory.buffer.slice(0)));
    for (const secret of secrets) {
      for (const spelling of spellings(secret)) {
        const at = Buffer.from(bytes).indexOf(Buffer.from(folded(spelling)));
        if (at >= 0) found.push(`${spelling} at ${at}`);
      }
    }
  }
  return found;
}

/** Runs a call, however it ends, and looks. @param {string} name @param {string[]} secrets @param {() => unknown} call */
function leavesNothing(name, secrets, call) {
  test(name, async () => {
    for (let i = 0; i < 2; i += 1) {
      await Promise.resolve(call()).catch(() => {});
      assert.deepEqual(left(secrets), []);
    }
    assert.ok(memories.length > 0, "the module is loaded");
  });
}

const loginName = "canary-Login-9f2a";
const PASSWORDS = {
  "a plain password": "Canary-pAssword-5c1d",
  "a password that every encoding changes": 'c&nary p+ss=w%rd "5c1d" <ü>',
  "the longest password": "Canary-ü€".padEnd(128, "Zq7-Vb3"),
};

const never = () => new Promise(() => {});
for (const [title, loginPassword] of Object.entries(PASSWORDS)) {
  const secrets = [loginName, loginPassword];
  const form = new URLSearchParams({ loginName, loginPassword }).toString();
  /** @param {unknown} answer @param {object} [more] @param {object} [members] */
  const direct = (answer, more, members) => () =>
    revoke(
      { ...order, ...members },
      {
        credentials: { loginName, loginPassword },
        endpoint: CA,
        fetch: /** @type {any} */ (answering(answer).fetch),
        ...more,
      },
    );
  leavesNothing(
    `${title}: success`,
    [...secrets, form],
    direct(() => caAnswer("errorCode=0")),
  );
  leavesNothing(
    `${title}: a test call`,
    secrets,
    direct(() => caAnswer("errorCode=0"), {}, { test: true }),
  );
  leavesNothing(
    `${title}: refused`,
    secrets,
    direct(() => caAnswer("errorCode=-3&errorMessage=No")),
  );
  leavesNothing(
    `${title}: login refused`,
    secrets,
    direct(() => caAnswer("-16\nno")),
  );
  leavesNothing(
    `${title}: the form comes back`,
    [...secrets, form],
    direct(() => caAnswer(`errorCode=-3&errorMessage=${encodeURIComponent(form)}&${form}`)),
  );
  leavesNothing(
    `${title}: a page with the password in it`,
    secrets,
    direct(() => caAnswer(`<html>${loginPassword}`)),
  );
  leavesNothing(`${title}: no answer in time`, secrets, direct(never, { timeout: 30 }));
  leavesNothing(
    `${title}: a broken connection that quotes the form`,
    secrets,
    direct(() => Promise.reject(new Error(`failed: ${form}`))),
  );
  leavesNothing(`${title}: aborted`, secrets, direct(never, { signal: AbortSignal.abort(loginPassword) }));
  leavesNothing(`${title}: an invalid order`, secrets, direct(never, {}, { orderNumber: "x" }));
  leavesNothing(`${title}: wrong options`, secrets, direct(never, { token: loginPassword }));
}

for (const [title, loginPassword] of Object.entries({
  "a password that is too long": "Canary-pAssword-".repeat(9),
  "a password with a control character": "Canary-pAssword\n5c1d",
  "a password that is no Unicode": "Canary-pAssword-\ud800",
  "a password of 300 characters beyond ASCII": "Canäry-pässwörd-€😀".repeat(15),
})) {
  const credentials = { loginName, loginPassword };
  leavesNothing(title, [loginName, loginPassword], () => revoke(order, { credentials, endpoint: CA }));
}

const TOKEN = "ark_canary_T0ken-of-the-edge-71b3";
const bearer = `Bearer ${TOKEN}`;
for (const [title, token] of /** @type {const} */ ([
  ["a token", TOKEN],
  ["a token from a function", async () => TOKEN],
])) {
  /** @param {unknown} answer @param {object} [more] */
  const edge = (answer, more) => () =>
    revoke(order, { endpoint: EDGE, token, fetch: /** @type {any} */ (answering(answer).fetch), ...more });
  const refusal = () => problemResponse(problem("forbidden", 403, { detail: `Not you, ${TOKEN}` }));
  leavesNothing(
    `${title}: success`,
    [TOKEN, bearer],
    edge(() => json(revoked())),
  );
  leavesNothing(`${title}: refused, and repeated`, [TOKEN, bearer], edge(refusal));
  leavesNothing(`${title}: no answer in time`, [TOKEN, bearer], edge(never, { timeout: 30 }));
  leavesNothing(
    `${title}: not the edge's answer`,
    [TOKEN, bearer],
    edge(() => new Response(bearer)),
  );
  leavesNothing(`${title}: asking for an order`, [TOKEN, bearer], () =>
    createClient({ endpoint: EDGE, token, fetch: /** @type {any} */ (answering(refusal).fetch) }).orders.get(
      "7",
    ),
  );
}
leavesNothing("a token that is none", ["canary token-71b3"], () =>
  revoke(order, { endpoint: EDGE, token: "canary token-71b3" }),
);

test("a thousand calls at once leave nothing", async () => {
  const secrets = [loginName, PASSWORDS["a plain password"], TOKEN];
  const calls = Array.from({ length: 1000 }, (_, i) =>
    i % 2
      ? revoke(order, { endpoint: EDGE, token: TOKEN, fetch: async () => json(revoked()) })
      : revoke(order, {
          credentials: { loginName, loginPassword: secrets[1] },
          endpoint: CA,
          fetch: async () => caAnswer("errorCode=0"),
        }),
  );
  await Promise.all(calls);
  assert.deepEqual(left(secrets), []);
});

test("what is left would be found", () => {
  const memory = new Uint8Array(memories[0].buffer);
  for (const spelling of spellings(PASSWORDS["a plain password"])) {
    memory.set(folded(spelling), memory.length - 500);
    assert.equal(left([PASSWORDS["a plain password"]]).length > 0, true, String(spelling));
    memory.fill(0, memory.length - 500);
  }
  assert.deepEqual(left([PASSWORDS["a plain password"]]), []);
});
