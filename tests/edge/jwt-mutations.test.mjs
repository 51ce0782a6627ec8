// 100,000 changed tokens: none is accepted. Most of them are judged in this process, by the very modules of the edge.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { IssuerKeys } from "../../worker/src/issuer-keys.js";
import { initSync, Front, Settings } from "../../worker/dist/edge_glue.js";
import { SEED } from "../harness/randomness.mjs";
import { mutated, random } from "./jwt-mutations.mjs";
import { startJwtWorld, testUntouchedLedger } from "./jwt-world.mjs";
import { ecKey, requestOf, rsaKey, signed } from "./tokens.mjs";

const IN_PROCESS = 97_000;
const BY_SOCKET = 3_000;
const AT_ONCE = 50;

const [rsa, ec, stranger] = [rsaKey(), ecKey(), rsaKey()];
const { issuer, world } = await startJwtWorld([rsa, ec]);
const originals = [signed(rsa), signed(ec)];
/** Their parts may come into the originals. */
const donors = [
  signed(rsa, { sub: "mallory" }),
  signed(ec, { sub: "mallory" }),
  signed(rsa, { groups: [] }),
  signed(stranger),
  signed({ ...stranger, kid: rsa.kid }),
];

initSync({ module: await readFile(new URL("../../worker/dist/edge.wasm", import.meta.url)) });
const settings = new Settings();
for (const [name, value] of Object.entries(world.configuration)) settings.set(name, value);
const front = new Front(settings);
const keys = new IssuerKeys({ jwksUrl: issuer.jwksUrl });

let lookedAt = 0;

/** What the front does with a request for /v1/me. @param {string} token */
async function isAcceptedHere(token) {
  const visit = front.visit("urn:x", requestOf(token));
  try {
    let step = JSON.parse(visit.admit(Date.now()));
    if (step.verify) {
      lookedAt += 1;
      step = JSON.parse(visit.verified(await keys.verify(step.verify), Date.now()));
    }
    // The ledger answers a caller who is known, with the limits.
    return step.ask !== undefined;
  } finally {
    visit.free();
  }
}

/** @param {string} token */
async function isAcceptedThere(token) {
  const response = await world.fetch("/v1/me", { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status === 200;
}

/**
 * @param {number} count
 * @param {(token: string) => Promise<boolean>} isAccepted
 * @param {number} from where the random numbers begin
 */
async function assertNoneIsAccepted(count, isAccepted, from) {
  const numbers = random(from);
  for (let done = 0; done < count;) {
    /** @type {string[]} */
    const tokens = [];
    while (tokens.length < AT_ONCE) {
      const original = numbers.one(originals);
      const token = mutated(original, numbers, donors);
      // Blanks around a token are no part of it, and some changes change nothing.
      if (![...originals, ...donors].includes(token.trim())) tokens.push(token);
    }
    const verdicts = await Promise.all(tokens.map(isAccepted));
    assert.ok(!verdicts.includes(true), `accepted (SEED=${SEED}): ${tokens[verdicts.indexOf(true)]}`);
    done += AT_ONCE;
  }
}

test("the tokens are accepted as long as nothing is changed, here and there", async () => {
  for (const token of originals) {
    assert.equal(await isAcceptedHere(token), true);
    assert.equal(await isAcceptedThere(token), true);
  }
});

test(`${IN_PROCESS} changed tokens by the edge's modules: none accepted`, async (t) => {
  await assertNoneIsAccepted(IN_PROCESS, isAcceptedHere, SEED);
  t.diagnostic(`${lookedAt} signatures were looked at`);
  assert.ok(lookedAt > IN_PROCESS / 10, "most changes are too coarse to try the signature");
});

test(`${BY_SOCKET} changed tokens over a socket: none accepted`, () =>
  assertNoneIsAccepted(BY_SOCKET, isAcceptedThere, SEED + 1));

test("the tokens themselves are accepted after all that", async () => {
  for (const token of originals) {
    assert.equal(await isAcceptedHere(token), true);
    assert.equal(await isAcceptedThere(token), true);
  }
});

testUntouchedLedger(world);
