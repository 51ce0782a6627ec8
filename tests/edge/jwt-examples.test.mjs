// The examples of the standards, all with good signatures by keys of the issuer: none of them is a caller's token.
import assert from "node:assert/strict";
import { constants, createHmac, createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { IssuerKeys } from "../../worker/src/issuer-keys.js";
import { EXAMPLES } from "./jwt-examples.mjs";
import { assertRefused, me, startJwtWorld, testUntouchedLedger } from "./jwt-world.mjs";
import { ecKey, rsaKey, signed } from "./tokens.mjs";

const published = EXAMPLES.flatMap(({ jwk }) => jwk ?? []);
const own = [rsaKey(), ecKey()];
const { issuer, world } = await startJwtWorld(own);
issuer.keys.push(...published);

/** By Node's crypto alone. @type {Record<string, (input: Buffer, signature: Buffer, jwk: any) => boolean>} */
const verifiers = {
  HS256: (input, signature, { k }) =>
    createHmac("sha256", Buffer.from(k, "base64url")).update(input).digest().equals(signature),
  RS256: (input, signature, jwk) => verify("sha256", input, publicKey(jwk), signature),
  PS384: (input, signature, jwk) =>
    verify(
      "sha384",
      input,
      { key: publicKey(jwk), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 },
      signature,
    ),
  ES256: (input, signature, jwk) =>
    verify("sha256", input, { key: publicKey(jwk), dsaEncoding: "ieee-p1363" }, signature),
  ES512: (input, signature, jwk) =>
    verify("sha512", input, { key: publicKey(jwk), dsaEncoding: "ieee-p1363" }, signature),
  none: (_, signature) => signature.length === 0,
};
const publicKey = (/** @type {any} */ jwk) => createPublicKey({ key: jwk, format: "jwk" });

for (const { name, alg, jwk, token, detached } of EXAMPLES) {
  test(`${name} (${alg}) is written here as it is there`, () => {
    const [header, payload, signature] = token.split(".");
    const input = Buffer.from(`${header}.${detached ?? payload}`);
    assert.ok(verifiers[alg](input, Buffer.from(signature, "base64url"), jwk));
  });

  test(`${name} (${alg}): 401`, () => assertRefused(world, { authorization: `Bearer ${token}` }));

  const isOurs = alg === "RS256" || alg === "ES256";
  test(`${name} (${alg}): its signature is ${isOurs ? "good" : "not taken"}`, async () => {
    const keys = new IssuerKeys({
      jwksUrl: "https://issuer.example/keys",
      fetch: async () => Response.json({ keys: published }),
    });
    assert.equal(await keys.verify(token), isOurs ? "valid" : "bad-signature");
  });
}

test("beside all these keys, a token for the edge is accepted", async () => {
  for (const key of own) assert.equal((await me(world, signed(key))).status, 200);
});

testUntouchedLedger(world);
