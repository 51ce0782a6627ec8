// Tokens that the issuer did not sign: other algorithms, other keys, keys of their own, signatures cut and moved.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { keyPair } from "../../pkg/bin/keys/key-pair.js";
import { startJwtWorld, testTokens, testUntouchedLedger } from "./jwt-world.mjs";
import { assembled, claims, ecKey, encoded, rsaKey, signed, signers } from "./tokens.mjs";

const [rsa, ec, strangers, strangersEc] = [rsaKey(), ecKey(), rsaKey(), ecKey()];
const weak = rsaKey({ bits: 1024 });
const p384 = ecKey({ curve: "P-384", alg: "ES384" });
// What no issuer should publish stands in its list as well.
const ed25519 = keyPair("ed25519");
const secret = Buffer.from("a secret that two parties share, and that was published");
const { issuer, world } = await startJwtWorld([rsa, ec, weak, p384]);
issuer.keys.push(
  { ...ed25519.publicKey.export({ format: "jwk" }), kid: "ed25519", use: "sig" },
  { kty: "oct", k: secret.toString("base64url"), kid: "oct" },
  { ...strangers.jwk, kid: "for encryption", use: "enc" },
  { ...strangers.privateKey.export({ format: "jwk" }), kid: "with its private part" },
);

/** Where a token may point for keys; nobody may come. */
let visits = 0;
const attacker = createServer((_, response) => {
  visits += 1;
  response.end(JSON.stringify({ keys: [strangers.jwk] }));
}).listen(0, "127.0.0.1");
await once(attacker, "listening");
after(() => attacker.close());
const attackers = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (attacker.address()).port}`;

/** @typedef {import("./tokens.mjs").Key} Key */

const header = (/** @type {object} */ others = {}) => ({ alg: "RS256", typ: "JWT", kid: rsa.kid, ...others });
const byRsa = signers.RS256(rsa.privateKey);
const byStranger = signers.RS256(strangers.privateKey);
/** This header, signed by the issuer. */
const headed = (/** @type {unknown} */ members) => assembled(members, claims(), byRsa);
const pem = (/** @type {Key} */ { publicKey }) => publicKey.export({ format: "pem", type: "spki" });
const der = (/** @type {Key} */ { publicKey }) => publicKey.export({ format: "der", type: "spki" });
const hmac = (/** @type {string | Buffer} */ shared, kid = rsa.kid) =>
  assembled(header({ alg: "HS256", kid }), claims(), signers.HS256(shared));

const good = signed(rsa);
const goodEc = signed(ec);
const [goodHeader, goodClaims, goodSignature] = good.split(".");
const inAMinute = Math.floor(Date.now() / 1000) + 60;
/** The order of the curve P-256, in hexadecimal. */
const ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/** The same with another signature. @param {(signature: Buffer) => Buffer} change */
const resigned = (change, token = good) =>
  token.replace(/[^.]*$/, (signature) => change(Buffer.from(signature, "base64url")).toString("base64url"));

testTokens(world, {
  "the algorithm is RS256 or ES256": {
    right: { RS256: good, ES256: goodEc },
    wrong: {
      ...Object.fromEntries(
        ["none", "None", "NONE", "nOnE"].flatMap((alg) => [
          [`${alg}, without a signature`, assembled(header({ alg }), claims(), signers.none())],
          [`${alg}, with a signature`, assembled(header({ alg }), claims(), byRsa)],
        ]),
      ),
      "none, without a signature and its dot": assembled(
        header({ alg: "none" }),
        claims(),
        signers.none(),
      ).slice(0, -1),
      "HS256 with the RSA key as PEM": hmac(pem(rsa)),
      "HS256 with the RSA key as PEM, trimmed": hmac(pem(rsa).toString().trim()),
      "HS256 with the RSA key as DER": hmac(der(rsa)),
      "HS256 with the RSA key as JWK": hmac(JSON.stringify(rsa.jwk)),
      "HS256 with the modulus": hmac(Buffer.from(String(rsa.jwk.n), "base64url")),
      "HS256 with the EC key as PEM": hmac(pem(ec), ec.kid),
      "HS256 with the EC key as DER": hmac(der(ec), ec.kid),
      "HS256 with the EC key as JWK": hmac(JSON.stringify(ec.jwk), ec.kid),
      "HS256 with an empty secret": hmac(""),
      "HS256 with a secret in the issuer's list": hmac(secret, "oct"),
      "RS256 with a secret in the issuer's list": assembled(
        header({ kid: "oct" }),
        claims(),
        signers.HS256(secret),
      ),
      ...Object.fromEntries(
        ["RS384", "RS512", "PS256"].map((alg) => [
          `${alg} by the right key`,
          assembled(header({ alg }), claims(), signers[alg](rsa.privateKey)),
        ]),
      ),
      "RS384, called RS256": assembled(header(), claims(), signers.RS384(rsa.privateKey)),
      "PS256, called RS256": assembled(header(), claims(), signers.PS256(rsa.privateKey)),
      "ES384 by a key of the list": signed(p384),
      "EdDSA by a key of the list": assembled(
        header({ alg: "EdDSA", kid: "ed25519" }),
        claims(),
        signers.EdDSA(ed25519.privateKey),
      ),
      "ES256 with the RSA key": assembled(header({ alg: "ES256" }), claims(), signers.ES256(ec.privateKey)),
      "RS256 with the EC key": assembled(header({ kid: ec.kid }), claims(), byRsa),
      "no alg": headed({ typ: "JWT", kid: rsa.kid }),
      "an empty alg": headed(header({ alg: "" })),
      "alg in lower case": headed(header({ alg: "rs256" })),
      "alg with a blank": headed(header({ alg: "RS256 " })),
      "alg as an array": headed(header({ alg: ["RS256"] })),
      "alg as an object": headed(header({ alg: { toString: "RS256" } })),
      "alg null": headed(header({ alg: null })),
    },
  },
  "the key is the issuer's, and strong": {
    right: {
      "without a kid": signed(rsa, {}, { kid: undefined }),
      "ES256 without a kid": signed(ec, {}, { kid: undefined }),
    },
    wrong: {
      "the right kid, a stranger's key": assembled(header(), claims(), byStranger),
      "no kid, a stranger's key": assembled(header({ kid: undefined }), claims(), byStranger),
      "ES256, the right kid, a stranger's key": signed({ ...strangersEc, kid: ec.kid }),
      "a stranger's kid": signed(strangers),
      "a kid of another case": signed(rsa, {}, { kid: rsa.kid.toUpperCase() }),
      "a kid that is a path": signed(rsa, {}, { kid: "../../dev/null" }),
      "an empty kid": signed(rsa, {}, { kid: "" }),
      "a kid that is a number": signed(rsa, {}, { kid: 1 }),
      "a kid that is an array": signed(rsa, {}, { kid: [rsa.kid] }),
      "a kid of 257 letters": signed(rsa, {}, { kid: "k".repeat(257) }),
      "RSA of 1024 bits": signed(weak),
      "P-384, called ES256": signed(p384, {}, { alg: "ES256" }),
      "a key for encryption": signed({ ...strangers, kid: "for encryption" }),
      "a key that was published with its private part": signed({
        ...strangers,
        kid: "with its private part",
      }),
    },
  },
  "no key comes with the token, and no other way to read it": {
    right: {
      "a thumbprint, which is none": headed(
        header({ x5t: createHash("sha1").update("x").digest("base64url") }),
      ),
    },
    wrong: {
      "jwk, signed by it": assembled(header({ jwk: strangers.jwk, kid: undefined }), claims(), byStranger),
      "jwk with the right kid": assembled(
        header({ jwk: { ...strangers.jwk, kid: rsa.kid } }),
        claims(),
        byStranger,
      ),
      "jwk of the issuer's own key": headed(header({ jwk: rsa.jwk })),
      "jku of the attacker": assembled(
        header({ jku: `${attackers}/jwks.json`, kid: strangers.kid }),
        claims(),
        byStranger,
      ),
      "jku of the issuer": headed(header({ jku: issuer.jwksUrl })),
      "x5u of the attacker": assembled(header({ x5u: `${attackers}/x5u` }), claims(), byStranger),
      "x5c of the attacker": assembled(
        header({ x5c: [der(strangers).toString("base64")] }),
        claims(),
        byStranger,
      ),
      "crit, empty": headed(header({ crit: [] })),
      "crit that names exp": headed(header({ crit: ["exp"], exp: inAMinute })),
      "crit that names an extension": headed(header({ crit: ["x"], x: true })),
      "crit and b64": assembled(header({ crit: ["b64"], b64: false }), claims(), byRsa),
      "b64 true": headed(header({ b64: true })),
      zip: headed(header({ zip: "DEF" })),
      enc: headed(header({ enc: "A128GCM" })),
    },
  },
  "the signature is whole": {
    right: { ES256: goodEc },
    wrong: {
      "no signature": `${goodHeader}.${goodClaims}.`,
      "no third part": `${goodHeader}.${goodClaims}`,
      "its last byte is missing": resigned((bytes) => bytes.subarray(0, -1)),
      "its first byte is missing": resigned((bytes) => bytes.subarray(1)),
      "a byte more": resigned((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
      "a byte before": resigned((bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
      "another token's": `${goodHeader}.${goodClaims}.${signed(rsa, { sub: "mallory" }).split(".")[2]}`,
      "another token's claims": `${goodHeader}.${encoded(claims({ sub: "mallory" }))}.${goodSignature}`,
      "zeros by RS256": resigned((bytes) => Buffer.alloc(bytes.length)),
      "ES256 as DER": assembled({ alg: "ES256", kid: ec.kid }, claims(), (input) =>
        sign("sha256", input, ec.privateKey),
      ),
      "ES256 with r and s zero": resigned(() => Buffer.alloc(64), goodEc),
      "ES256 with r and s the order of the curve": resigned(
        () => Buffer.from(ORDER.repeat(2), "hex"),
        goodEc,
      ),
      "ES256 of 63 bytes": resigned((bytes) => bytes.subarray(0, 63), goodEc),
      "ES256 of 65 bytes": resigned((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]), goodEc),
      "ES256 with r and s swapped": resigned(
        (b) => Buffer.concat([b.subarray(32), b.subarray(0, 32)]),
        goodEc,
      ),
    },
  },
});

test("nobody came for the keys of the attacker", () => assert.equal(visits, 0));

test("all the unknown keys made the edge ask the issuer once more, and no more", () =>
  assert.ok(issuer.fetches <= 2, `${issuer.fetches}`));

testUntouchedLedger(world);
