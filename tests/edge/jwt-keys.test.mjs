// The issuer's keys without the edge: when they are fetched, for how long they are good, and what is believed of them.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, mock, test } from "node:test";
import { fetchKeySet } from "../../worker/src/fetch-key-set.js";
import { IssuerKeys } from "../../worker/src/issuer-keys.js";
import { isWeak } from "../../worker/src/weak-keys.js";
import { rocaKey } from "./roca-key.mjs";
import { assembled, claims, ecKey, rsaKey, signed, signers } from "./tokens.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const [first, second, ec] = [rsaKey(), rsaKey(), ecKey()];
const weakOne = rsaKey({ bits: 1024 });
const [byFirst, bySecond] = [signed(first), signed(second)];

// jose fetches as it does on workerd.
Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Cloudflare-Workers" } });

// The world as the keys see it: a clock, and an issuer that answers as told.
const START = Date.UTC(2027, 0, 1);
const pass = (/** @type {number} */ ms) => mock.timers.tick(ms);
let fetches = 0;
/** @type {(url: string, request: RequestInit) => Promise<Response>} */
let answer;
/** @type {IssuerKeys} */
let keys;
/** @type {string[]} */
let log = [];
mock.method(console, "error", (/** @type {string} */ line) => log.push(line));
/** The lines without their times. */
const events = () => log.map((line) => ({ ...JSON.parse(line), time: undefined }));

const publish = (/** @type {unknown[]} */ ...published) => {
  answer = async () => Response.json({ keys: published });
};
const fail = () => {
  answer = async () => new Response("out of order", { status: 500 });
};
/** Signed by a key that nobody has heard of. */
const byUnknown = () => signed({ ...second, kid: randomUUID() });

/**
 * What becomes of a token that comes again every second: when the issuer was asked, in seconds, and all that was said.
 * @param {string} token
 * @param {number} ms
 */
async function everySecond(token, ms) {
  const asked = [];
  const said = new Set();
  for (const began = Date.now(); Date.now() <= began + ms; pass(SECOND)) {
    const before = fetches;
    said.add(await keys.verify(token));
    if (fetches > before) asked.push((Date.now() - began) / SECOND);
  }
  return { asked, said: [...said] };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
  fetches = 0;
  log = [];
  publish(first.jwk, ec.jwk);
  keys = new IssuerKeys({
    jwksUrl: "https://issuer.example/keys",
    fetch: /** @type {any} */ (
      (/** @type {string} */ url, /** @type {RequestInit} */ request) => {
        fetches += 1;
        return answer(url, request);
      }
    ),
  });
});

test("a token by one of the keys is valid, by RS256 and by ES256, and a changed one is not", async () => {
  for (const token of [byFirst, signed(ec)]) {
    assert.equal(await keys.verify(token), "valid");
    const [header, , signature] = token.split(".");
    const others = Buffer.from(JSON.stringify(claims({ sub: "mallory" }))).toString("base64url");
    assert.equal(await keys.verify(`${header}.${others}.${signature}`), "bad-signature");
  }
});

test("a good signature by another algorithm of the same key is not taken", async () => {
  publish({ ...first.jwk, alg: undefined });
  assert.equal(await keys.verify(byFirst), "valid");
  for (const alg of ["RS384", "RS512", "PS256"]) {
    const token = assembled({ alg, kid: first.kid }, claims(), signers[alg](first.privateKey));
    assert.equal(await keys.verify(token), "bad-signature", alg);
  }
});

test("all who come at once share one fetch, and later ones need none", async () => {
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => keys.verify(byFirst)));
  assert.deepEqual(new Set(verdicts), new Set(["valid"]));
  pass(10 * MINUTE - 1);
  assert.equal(await keys.verify(byFirst), "valid");
  assert.equal(fetches, 1);
});

test("after ten minutes the issuer is asked again, and a key that it took back is good no more", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  publish(second.jwk);
  pass(10 * MINUTE - 1);
  assert.equal(await keys.verify(byFirst), "valid");
  pass(1);
  assert.equal(await keys.verify(byFirst), "unknown-key");
  assert.equal(await keys.verify(bySecond), "valid");
  assert.equal(fetches, 3, "once for age, once for the key that is unknown now");
});

test("a new key is accepted on first sight, right after the start as well", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  publish(first.jwk, second.jwk);
  assert.equal(await keys.verify(bySecond), "valid");
  assert.equal(fetches, 2);
});

test("an issuer that publishes no key any more has taken all of them back", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  publish();
  pass(10 * MINUTE);
  assert.equal(await keys.verify(byFirst), "empty-key-set");
});

test("unknown keys make it ask once a minute, however many they are, and whether they come at once or not", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  const flood = () => Promise.all(Array.from({ length: 100 }, () => keys.verify(byUnknown())));
  assert.deepEqual(new Set(await flood()), new Set(["unknown-key"]));
  assert.equal(fetches, 2);
  for (; Date.now() < START + MINUTE; pass(SECOND)) {
    assert.equal(await keys.verify(byUnknown()), "unknown-key");
  }
  assert.equal(fetches, 2);
  await flood();
  assert.equal(fetches, 3);
});

test("a token that names no key is tried with each that fits; if none does, the issuer is asked", async () => {
  const unnamed = (/** @type {import("./tokens.mjs").Key} */ key) => signed(key, {}, { kid: undefined });
  publish(first.jwk, rsaKey().jwk, ec.jwk);
  for (const key of [first, ec]) assert.equal(await keys.verify(unnamed(key)), "valid");
  publish(first.jwk, second.jwk);
  assert.equal(await keys.verify(unnamed(second)), "valid");
  assert.equal(fetches, 2);
  assert.equal(await keys.verify(unnamed(rsaKey())), "bad-signature");
  assert.equal(fetches, 2, "the one fetch of this minute was spent");
});

test("two keys of one name: either will do, and no other", async () => {
  publish(first.jwk, { ...second.jwk, kid: first.kid });
  for (const key of [first, second])
    assert.equal(await keys.verify(signed({ ...key, kid: first.kid })), "valid");
  assert.equal(await keys.verify(signed({ ...rsaKey(), kid: first.kid })), "bad-signature");
  assert.equal(fetches, 1);
});

test("a bad signature by a known key is no reason to ask the issuer", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  assert.equal(await keys.verify(signed({ ...second, kid: first.kid })), "bad-signature");
  assert.equal(fetches, 1);
});

test("when the issuer fails, known keys stay good for a day, and it is asked every ten minutes", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  fail();
  pass(10 * MINUTE);
  const { asked, said } = await everySecond(byFirst, 30 * MINUTE);
  assert.deepEqual(said, ["valid"]);
  assert.deepEqual(asked, [0, 600, 1200, 1800]);

  mock.timers.setTime(START + 24 * HOUR - 10 * MINUTE);
  assert.equal(await keys.verify(byFirst), "valid");
  pass(10 * MINUTE - 1);
  assert.equal(await keys.verify(byFirst), "valid");
  pass(1);
  assert.equal(await keys.verify(byFirst), "unavailable");
});

test("an issuer that is back after a failure is believed again", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  fail();
  pass(10 * MINUTE);
  assert.equal(await keys.verify(byFirst), "valid");
  publish(second.jwk);
  pass(5 * SECOND);
  // Nobody has asked yet.
  assert.equal(await keys.verify(byFirst), "valid");
  assert.equal(await keys.verify(bySecond), "valid");
  assert.equal(await keys.verify(byFirst), "unknown-key");
});

test("without any key nothing is known, and the issuer is asked with growing pauses until it answers", async () => {
  fail();
  const { asked, said } = await everySecond(byFirst, 3 * MINUTE);
  assert.deepEqual(said, ["unavailable"]);
  assert.deepEqual(asked, [0, 5, 15, 35, 75, 135]);
  assert.equal(log.length, asked.length, "a line for each failure");
  publish(first.jwk);
  pass(MINUTE);
  assert.equal(await keys.verify(byFirst), "valid");
});

test("an unknown key while the issuer fails: nothing is known of it, and others' tokens stay valid", async () => {
  assert.equal(await keys.verify(byFirst), "valid");
  fail();
  for (let at = 0; at < 60; at += 1, pass(SECOND)) assert.equal(await keys.verify(bySecond), "unavailable");
  assert.equal(fetches, 2);
  assert.equal(await keys.verify(byFirst), "valid");
  publish(first.jwk, second.jwk);
  assert.equal(await keys.verify(bySecond), "valid");
});

test("nobody waits for ever for a fetch that never ends, and it is tried again", async (t) => {
  const patience = new AbortController();
  t.mock.method(AbortSignal, "timeout", () => patience.signal);
  answer = () => new Promise(() => {});
  const waiting = [keys.verify(byFirst), keys.verify(byFirst)];
  await new Promise(setImmediate);
  assert.equal(fetches, 1);
  patience.abort();
  assert.deepEqual(await Promise.all(waiting), ["unavailable", "unavailable"]);
  assert.deepEqual(events(), [
    { time: undefined, event: "issuer-unavailable", reason: "timed out", failures: 1 },
  ]);
  t.mock.reset();
  publish(first.jwk);
  pass(5 * SECOND);
  assert.equal(await keys.verify(byFirst), "valid");
  assert.equal(fetches, 2);
});

test("what others wait for is handed over, to be carried through", async () => {
  /** @type {Promise<void>[]} */
  const carried = [];
  const fetch = async () => Response.json({ keys: [first.jwk] });
  const waitUntil = (/** @type {Promise<void>} */ work) => carried.push(work);
  const own = new IssuerKeys({ jwksUrl: "https://issuer.example/keys", fetch, waitUntil });
  for (let call = 0; call < 2; call += 1) assert.equal(await own.verify(byFirst), "valid");
  assert.equal(carried.length, 1);
});

test("redirects are left alone", async () => {
  /** @type {unknown} */
  let asked;
  answer = async (url, { redirect }) => {
    asked = [url, redirect];
    return Response.redirect("https://attacker.example/keys", 302);
  };
  assert.equal(await keys.verify(byFirst), "unavailable");
  assert.deepEqual(asked, ["https://issuer.example/keys", "manual"]);
  assert.equal(fetches, 1);
});

/** @type {Record<string, [() => Response, string]>} */
const noKeySets = {
  "another status, though with keys": [
    () => Response.json({ keys: [first.jwk] }, { status: 201 }),
    "HTTP 201",
  ],
  "no JSON": [() => new Response("<html>"), "not a key set"],
  "JSON without keys": [() => Response.json({}), "not a key set"],
  "keys that are no list": [() => Response.json({ keys: { 0: first.jwk } }), "not a key set"],
  "a list": [() => Response.json([first.jwk]), "not a key set"],
  null: [() => Response.json(null), "not a key set"],
  "nothing at all": [() => new Response(null), "not a key set"],
  "more than 256 KiB": [() => Response.json({ keys: [first.jwk], x: "x".repeat(256 * 1024) }), "too long"],
  "bytes that are no text": [
    () => new Response(Buffer.from('{"keys":[],"\xff":1}', "latin1")),
    "not a key set",
  ],
};

for (const [name, [response, reason]] of Object.entries(noKeySets)) {
  test(`${name}: no key set, and the log says why`, async () => {
    answer = async () => response();
    assert.equal(await keys.verify(byFirst), "unavailable");
    assert.deepEqual(events(), [{ time: undefined, event: "issuer-unavailable", reason, failures: 1 }]);
  });
}

test("a key set of nearly 256 KiB is read", async () => {
  answer = async () => Response.json({ keys: [first.jwk], x: "x".repeat(255 * 1024) });
  assert.equal(await keys.verify(byFirst), "valid");
});

test("what an exception says is not in the log", async () => {
  answer = async () => {
    throw new TypeError("the words of an exception");
  };
  await keys.verify(byFirst);
  const told = { time: undefined, event: "issuer-unavailable", reason: "connection lost", failures: 1 };
  assert.deepEqual(events(), [told]);
  assert.ok(!log.join().includes("the words"));
});

/**
 * Published keys that sign nothing here, each with a token by it, and what is said of that unless the key is unknown.
 * @type {Record<string, [unknown, string, string?]>}
 */
const uselessKeys = {
  "a key for encryption": [{ ...first.jwk, use: "enc" }, byFirst],
  "a key for another algorithm": [{ ...first.jwk, alg: "PS256" }, byFirst],
  "a key that may not verify": [{ ...first.jwk, key_ops: ["sign"] }, byFirst],
  "a private key": [{ ...first.privateKey.export({ format: "jwk" }), kid: first.kid }, byFirst],
  "a private EC key": [{ ...ec.privateKey.export({ format: "jwk" }), kid: ec.kid }, signed(ec)],
  "a shared secret": [
    { kty: "oct", k: "c2VjcmV0", kid: "oct" },
    assembled({ alg: "HS256", kid: "oct" }, claims(), signers.HS256("secret")),
    "bad-signature",
  ],
  "no object": ["key", byFirst],
  null: [null, byFirst],
  "a key without its modulus": [{ ...first.jwk, n: undefined }, byFirst, "weak-key"],
  "a key whose modulus is no number": [{ ...first.jwk, n: "a b" }, byFirst, "weak-key"],
  "a key whose modulus ends early": [{ ...first.jwk, n: "AAAAA" }, byFirst, "weak-key"],
};
for (const [name, key] of /** @type {const} */ ([
  ["an RSA key of 1024 bits", rsaKey({ bits: 1024 })],
  ["an RSA key of 2040 bits", rsaKey({ bits: 2040 })],
  ["an RSA key that ROCA breaks", rocaKey("roca")],
])) {
  uselessKeys[name] = [key.jwk, signed(key), "weak-key"];
}

for (const [name, [jwk, token, verdict = "unknown-key"]] of Object.entries(uselessKeys)) {
  test(`${name} among others is left alone`, async () => {
    publish(jwk, second.jwk);
    assert.equal(await keys.verify(token), verdict);
    assert.equal(await keys.verify(bySecond), "valid");
  });
}

test("a weak key is reported in the log, once for each look at the keys, and no key is", async () => {
  publish(weakOne.jwk, second.jwk);
  for (let call = 0; call < 3; call += 1) assert.equal(await keys.verify(signed(weakOne)), "weak-key");
  const look = { time: undefined, event: "issuer-keys", usable: 1, weak: 1 };
  // The second one because of the token, whose key is not among those that jose has.
  assert.deepEqual(events(), [look, look]);
  publish();
  pass(10 * MINUTE);
  assert.equal(await keys.verify(bySecond), "empty-key-set");
  assert.deepEqual(events().at(-1), { time: undefined, event: "issuer-keys", usable: 0, weak: 0 });
});

test("a thousand sound keys: none is taken for a weak one", () => {
  for (let count = 0; count < 1_000; count += 1) {
    // As to the fingerprint any odd number of that length will do.
    const n = Buffer.from([0x80 | randomBytes(1)[0], ...randomBytes(254), 1 | randomBytes(1)[0]]);
    assert.ok(!isWeak({ kty: "RSA", n: n.toString("base64url") }));
  }
});

test("of a key set only public keys for signatures are kept", async () => {
  const useless = Object.values(uselessKeys).slice(0, 7);
  const others = [
    { kty: "OKP", crv: "Ed25519", x: "AA" },
    { ...ec.jwk, use: "enc" },
    { ...first.jwk, use: null },
  ];
  const published = [...useless.map(([jwk]) => jwk), ...others, second.jwk, { ...ec.jwk, use: undefined }];
  const found = await fetchKeySet("https://issuer.example", async () => Response.json({ keys: published }));
  const kept = "keys" in found ? found.keys.map(({ kid, alg }) => [kid, alg]) : [];
  // jose leaves alone what is for another algorithm, or may not verify.
  assert.deepEqual(kept, [
    [first.kid, "PS256"],
    [first.kid, "RS256"],
    [second.kid, "RS256"],
    [ec.kid, "ES256"],
  ]);
});
