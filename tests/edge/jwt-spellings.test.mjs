// Tokens that could be read in more than one way, or that stand where none belongs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { examined } from "./answers.mjs";
import { assertRefused, me, startJwtWorld, testTokens, testUntouchedLedger } from "./jwt-world.mjs";
import { sendRaw } from "./raw-http.mjs";
import { assembled, claims, encoded, rsaKey, signed, signers } from "./tokens.mjs";

const rsa = rsaKey();
const { world } = await startJwtWorld([rsa]);

const header = { alg: "RS256", typ: "JWT", kid: rsa.kid };
const byRsa = signers.RS256(rsa.privateKey);
/** A header or claims in these very words, signed by the issuer. */
const headed = (/** @type {string} */ words) => assembled(words, claims(), byRsa);
const saying = (/** @type {unknown} */ words) => assembled(header, words, byRsa);
/** The right claims and more, in these words. */
const adding = (/** @type {string} */ words, others = {}) =>
  saying(`${JSON.stringify(claims(others)).slice(0, -1)},${words}}`);

const good = signed(rsa);
const [goodHeader, goodClaims, goodSignature] = good.split(".");

/** @param {number} at which part @param {(part: string) => string} change */
const changed = (at, change) =>
  good
    .split(".")
    .map((part, index) => (index === at ? change(part) : part))
    .join(".");
const padded = (/** @type {string} */ part) => part + "=".repeat((4 - (part.length % 4)) % 4 || 4);
const inStandardAlphabet = (/** @type {string} */ part) => part.replaceAll("-", "+").replaceAll("_", "/");

/** The letter that differs in the bits that do not count. @param {string} letter */
function twin(letter) {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return ALPHABET[ALPHABET.indexOf(letter) ^ 1];
}

testTokens(world, {
  "JSON has one meaning": {
    right: {
      "with blanks": assembled(` ${JSON.stringify(header)}\n`, `\t${JSON.stringify(claims())} `, byRsa),
    },
    wrong: {
      "alg twice": headed(`{"alg":"none","alg":"RS256","kid":"${rsa.kid}"}`),
      "alg twice, once escaped": headed(`{"alg":"RS256","\\u0061lg":"none","kid":"${rsa.kid}"}`),
      "sub twice": adding(`"sub":"mallory"`),
      "exp twice": adding(`"exp":${claims().exp}`, { exp: 1 }),
      "a member twice, deep inside": adding(`"a":{"b":{"c":1,"c":2}}`),
      "a header that is a list": headed("[]"),
      "a header that is text": headed('"RS256"'),
      "a header that is no JSON": headed("alg=RS256"),
      "claims that are a list": saying(`[${JSON.stringify(claims())}]`),
      "claims that are no JSON": saying("sub=olivia"),
      "claims that are empty": saying(""),
      "claims that end early": saying(JSON.stringify(claims()).slice(0, -1)),
      "claims twice": saying(JSON.stringify(claims()).repeat(2)),
      "claims after a byte order mark": saying(`\ufeff${JSON.stringify(claims())}`),
      "claims with a comment": saying(`/**/${JSON.stringify(claims())}`),
      "claims that are no UTF-8": saying(Buffer.from(JSON.stringify(claims({ x: "\xff" })), "latin1")),
    },
  },
  "base64url has one spelling": {
    right: { "as it is": good },
    wrong: {
      "a padded header": changed(0, padded),
      "padded claims": changed(1, padded),
      "a padded signature": changed(2, padded),
      "padding where none belongs": `${good}=`,
      "another last letter of the same bytes": `${good.slice(0, -1)}${twin(good.slice(-1))}`,
      "the standard alphabet": changed(2, inStandardAlphabet),
      "a blank inside": `${good.slice(0, 50)} ${good.slice(50)}`,
      "a percent escape": good.replace(".", "%2E"),
    },
  },
  "a token has three parts": {
    right: { "as it is": good },
    wrong: {
      "one part": goodHeader,
      "two parts": `${goodClaims}.${goodSignature}`,
      "four parts": `${good}.${goodSignature}`,
      "a dot at the end": `${good}.`,
      "a dot at the start": `.${good}`,
      "five parts, like encrypted ones": `${encoded({ alg: "RSA-OAEP", enc: "A256GCM" })}.a2V5.aXY.${goodClaims}.dGFn`,
      "no header": `.${goodClaims}.${goodSignature}`,
      "no claims": `${goodHeader}..${goodSignature}`,
      "nothing but dots": "..",
      "the JSON serialisation": JSON.stringify({
        protected: goodHeader,
        payload: goodClaims,
        signature: goodSignature,
      })
        .replaceAll(",", "")
        .replaceAll('"', ""),
      "a token inside of a token": saying(good),
    },
  },
  "a token has at most 16 KiB": {
    right: { "of 15 KiB": signed(rsa, { filler: "x".repeat(10_500) }) },
    wrong: { "of 17 KiB": signed(rsa, { filler: "x".repeat(12_500) }) },
  },
});

test("the signature of the tests has letters in which the two alphabets differ", () =>
  assert.match(goodSignature, /[-_]/));

test("a token in the query, in a cookie or under another scheme: 401", async () => {
  for (const headers of [
    { cookie: `CF_Authorization=${good}` },
    { authorization: good },
    { authorization: `Basic ${good}` },
    { authorization: `DPoP ${good}` },
    { authorization: `JWT ${good}` },
    { "x-forwarded-authorization": `Bearer ${good}` },
  ]) {
    await assertRefused(world, /** @type {Record<string, string>} */ (headers));
  }
  for (const name of ["access_token", "token", "jwt"]) {
    assert.equal((await world.ask(`/v1/me?${name}=${good}`)).status, 401, name);
  }
});

test("two tokens, or two ways to say who calls: 400", async () => {
  const bearer = `Authorization: Bearer ${good}`;
  const access = `Cf-Access-Jwt-Assertion: ${good}`;
  const key = `Authorization: Bearer ${world.keys.operator}`;
  for (const lines of [
    [bearer, bearer],
    [access, access],
    [bearer, access],
    [key, access],
    [key, bearer],
    [`Authorization: Bearer ${good}, Bearer ${good}`],
    [`Cf-Access-Jwt-Assertion: ${good}, ${good}`],
  ]) {
    const response = await sendRaw(world.url, ["GET /v1/me HTTP/1.1", "Host: 127.0.0.1", ...lines]);
    const answer = world.note(await examined(response));
    assert.deepEqual(
      [answer.status, answer.kind],
      [400, "malformed-request"],
      lines.join(" | ").slice(0, 60),
    );
  }
});

test("blanks around a token and the scheme in another case are understood", async () => {
  assert.equal((await me(world, `   ${good}  `)).status, 200);
  assert.equal((await world.ask("/v1/me", { headers: { authorization: `BEARER ${good}` } })).status, 200);
});

testUntouchedLedger(world);
