// Tokens that the issuer signed, and that are for somebody else, for another time, or for another purpose.
import { startJwtWorld, testTokens, testUntouchedLedger } from "./jwt-world.mjs";
import { AUDIENCE, ISSUER, assembled, claims, rsaKey, signed, signers } from "./tokens.mjs";

const rsa = rsaKey();
const { world } = await startJwtWorld([rsa]);
const now = Math.floor(Date.now() / 1000);

/** Tokens of which one claim is wrong. @param {string} name @param {unknown[]} values */
const wrong = (name, values) =>
  Object.fromEntries(
    values.map((value) => [
      value === undefined ? `no ${name}` : `${name}: ${JSON.stringify(value)}`,
      signed(rsa, { [name]: value }),
    ]),
  );

/** Claims that end with this text. */
const ending = (/** @type {string} */ text) =>
  assembled(
    { alg: "RS256", kid: rsa.kid },
    `${JSON.stringify(claims({ exp: undefined })).slice(0, -1)},${text}}`,
    signers.RS256(rsa.privateKey),
  );

testTokens(world, {
  "the issuer is the one, letter by letter": {
    right: { "as configured": signed(rsa, { iss: ISSUER }) },
    wrong: wrong("iss", [
      undefined,
      null,
      "",
      7,
      [ISSUER],
      { iss: ISSUER },
      `${ISSUER}/`,
      `${ISSUER}.attacker.example`,
      `https://attacker.example/${ISSUER}`,
      ISSUER.slice(0, -1),
      ISSUER.toUpperCase(),
      ISSUER.replace("https", "http"),
      ` ${ISSUER}`,
    ]),
  },
  "the token is meant for this edge": {
    right: { "among others": signed(rsa, { aud: ["other", AUDIENCE] }) },
    wrong: wrong("aud", [
      undefined,
      null,
      "",
      7,
      [],
      "other",
      ["other"],
      [[AUDIENCE]],
      [AUDIENCE, 7],
      { [AUDIENCE]: true },
      AUDIENCE.slice(0, -1),
      `${AUDIENCE}2`,
      `other ${AUDIENCE}`,
      AUDIENCE.toUpperCase(),
    ]),
  },
  "the token is valid now": {
    right: {
      "with nbf and iat": signed(rsa, { nbf: now, iat: now - 5 }),
      "with fractions": signed(rsa, { exp: now + 300.5 }),
    },
    wrong: {
      ...wrong("exp", [
        undefined,
        null,
        0,
        -1,
        now - 1,
        now - 86_400,
        String(now + 600),
        true,
        [now + 600],
        { at: now + 600 },
        new Date(Date.now() + 600_000).toISOString(),
      ]),
      "exp: 1e999": ending('"exp":1e999'),
      "exp: NaN": ending('"exp":NaN'),
      ...wrong("nbf", [now + 300, null, String(now - 300), true, [now - 300]]),
      ...wrong("iat", [now + 300, null, String(now - 300), false, {}]),
    },
  },
  "the token says of whom it speaks": {
    right: { "a name in any script": signed(rsa, { sub: "Zoë–佐藤" }) },
    wrong: {
      ...wrong("sub", [
        undefined,
        null,
        "",
        7,
        ["olivia"],
        { id: "olivia" },
        "olivia\n",
        "service:deploys",
        "person:o",
      ]),
      // Each of them looks like olivia in a log or a report, and is somebody else.
      ...wrong("sub", [" olivia", "olivia ", "olivia\u00a0", "oliv\u200bia", "olivia\ufeff", "\u202eaivilo"]),
      "sub: 1,025 letters": signed(rsa, { sub: "x".repeat(1025) }),
      "a service without a name": signed(rsa, { sub: "", common_name: "" }),
      "a service whose name is a list": signed(rsa, { sub: "", common_name: ["deploys.access"] }),
    },
  },
  "the token is one for callers": {
    right: {
      "an access token": signed(rsa, {}, { typ: "at+jwt" }),
      "in another case": signed(rsa, {}, { typ: "jwt" }),
    },
    wrong: Object.fromEntries(
      ["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "", null, ["JWT"]].map((typ) => [
        `typ: ${JSON.stringify(typ)}`,
        signed(rsa, {}, { typ }),
      ]),
    ),
  },
});

testUntouchedLedger(world);
