// What revoke() makes of the CA's answers: every code of the table, and each trap that public clients fell into.

import assert from "node:assert/strict";
import { test } from "node:test";
import { codeReasons, describeErrorCode, revoke } from "autorevoke";
import { CA, answering, caAnswer, facts, failure, login } from "./calls.mjs";

const call = (body, answer = {}, order = {}) => {
  const { fetch } = answering(caAnswer(body, answer));
  return revoke({ orderNumber: "123456", ...order }, { endpoint: CA, credentials: login, fetch });
};
const UNKNOWN = { kind: "unknown-outcome", mayHaveRevoked: true, orderNumber: "123456", status: 200 };

test("code 0 is done, in both forms and in the vendor's sample", async () => {
  const spellings = [
    "0\n",
    "0\r\n",
    "0\r",
    "0",
    " 0 \n",
    "\ufeff0\n",
    "errorCode=0",
    "errorCode=0\n",
    "errorCode=0&",
  ];
  for (const body of [
    ...spellings,
    "ErrorCode=0",
    "errorCode=0&serverName=x",
    "errorCode=0&orderNumber=123456&errorItem=&",
  ]) {
    assert.deepEqual(
      await call(body),
      { orderNumber: "123456", outcome: "revoked", errorCode: 0, test: false },
      JSON.stringify(body),
    );
  }
  assert.deepEqual(await call("0\n", {}, { test: "Y" }), {
    orderNumber: "123456",
    outcome: "tested",
    errorCode: 0,
    test: true,
  });
});

test("-21 and -20 had been done before; the CA's text is kept", async () => {
  for (const [code, outcome] of [
    [-21, "already-revoked"],
    [-20, "already-rejected"],
  ]) {
    const done = {
      orderNumber: "123456",
      outcome,
      errorCode: code,
      errorMessage: "By whomever!",
      test: false,
    };
    assert.deepEqual(await call(`${code}\nBy whomever!\n`), done);
    assert.deepEqual(await call(`errorCode=${code}&errorMessage=By+whomever%21`), done);
  }
});

const KINDS = {
  "ca-refused": [-1, -2, -3, -4, -17, -23, -26, -35, -43, -160, -999, -123456789],
  "ca-login-refused": [-16],
  "ca-busy": [-42],
};
for (const [kind, codes] of Object.entries(KINDS)) {
  test(`${kind}: ${codes.join(", ")}`, async () => {
    for (const code of codes) {
      const expected = {
        ...{ kind, mayHaveRevoked: false, orderNumber: "123456" },
        ...{ errorCode: code, errorMessage: "The text & more", status: 200 },
        ...(kind === "ca-busy" && { retryAfter: 60 }),
      };
      const forms = [`${code}\nThe text & more\n`, `errorCode=${code}&errorMessage=The+text+%26+more`];
      for (const body of forms) {
        const error = await failure(call(body));
        assert.deepEqual(facts(error), expected);
        assert.match(error.message, new RegExp(`answered ${code} for order 123456`));
        assert.ok(error.message.includes(describeErrorCode(code).meaning));
      }
    }
  });
}

test("-16 names all four causes, and warns of repeating", async () => {
  const { message } = await failure(call("-16\nNo\n"));
  for (const cause of [
    /login is wrong/,
    /account is locked/,
    /password has expired/,
    /address are blocked/,
  ]) {
    assert.match(message, cause);
  }
  assert.match(message, /Do not repeat/);
});

test("-42 takes over the seconds that the CA names", async () => {
  assert.equal((await failure(call("-42\nBusy\n", { headers: { "retry-after": "7" } }))).retryAfter, 7);
});

test("-14 is not known, and says its number", async () => {
  const error = await failure(call("errorCode=-14&errorMessage=Unknown+error"));
  assert.deepEqual(facts(error), { ...UNKNOWN, errorCode: -14, errorMessage: "Unknown error" });
  assert.equal((await failure(call("-14\nx\n", {}, { test: true }))).mayHaveRevoked, false);
});

const TRAPS = {
  "no code: an empty body": "",
  "no code: a message alone": "errorMessage=Failed",
  "an HTML page": "<html><body>errorCode=0</body></html>",
  "a link with the code in a page": "<a href='?x=1&errorCode=0&y=2'>0</a>",
  JSON: '{"errorCode":0}',
  "a code that is no integer": "errorCode=0.0",
  "an empty code": "errorCode=&errorMessage=x",
  "minus zero": "-0\n",
  "plus zero": "+0\n",
  "two zeros": "00\n",
  "hexadecimal zero": "0x0\n",
  "a longer number": "-1234567890\n",
  "a positive code": "1\nSomething\n",
  "a positive code, encoded": "errorCode=21&errorMessage=x",
  "a code cut behind its first digit": "-1",
  "a code cut behind its first digit, encoded": "errorCode=-1",
  "two codes": "errorCode=-16&errorCode=0",
  "the same code twice": "errorCode=0&errorCode=0",
  "the same failure twice": "errorCode=-3&errorCode=-3&",
  "the code in other case twice": "errorCode=0&ERRORCODE=-3",
  "zero with a message": "errorCode=0&errorMessage=Failed",
  "zero about another order": "errorCode=0&orderNumber=999999",
  "zero about no order": "orderNumber=&errorCode=0",
  "zero with a detail": "errorCode=0&errorDetail=Order+not+found",
  "zero with an item": "errorItem=orderNumber&errorCode=0",
  "zero about a serial number": "errorCode=0&serialNumber=0A",
  "zero about a certificate": "errorCode=0&certificateID=5",
  "zero about a call of neither kind": "errorCode=0&test=y",
  "already revoked, another order": "errorCode=-21&errorMessage=Done&orderNumber=999999",
  "already rejected, another order": "-20\nDone\norderNumber=999999\n",
  "zero with more lines": "0\nThe order is unknown!\n",
  "zero and another code below": "0\n-16\n",
  "a failure and zero below": "-16\n0\n",
  "zero in words": "0 errors\n",
  "a zero somewhere": "Error 500\n",
  "an encoded key": "error%43ode=0",
  "an encoded zero": "errorCode=%30",
};
for (const [name, body] of Object.entries(TRAPS)) {
  test(`not known: ${name}`, async () => {
    assert.deepEqual(facts(await failure(call(body))), UNKNOWN);
    assert.equal(
      (await failure(call(body, {}, { test: true }))).mayHaveRevoked,
      false,
      "a test changes nothing",
    );
  });
}

test("an encoded success inside a message is a message", async () => {
  const body = "errorCode=-4&errorMessage=x%26errorCode%3D0%26y";
  const error = await failure(call(body));
  assert.deepEqual([error.kind, error.errorCode, error.errorMessage], ["ca-refused", -4, "x&errorCode=0&y"]);
});

test("not known: another HTTP status, with a body that says 0", async () => {
  for (const status of [201, 202, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 429, 500, 502, 503]) {
    assert.deepEqual(facts(await failure(call("errorCode=0", { status }))), { ...UNKNOWN, status });
    assert.deepEqual(facts(await failure(call("-3\nMissing\n", { status }))), { ...UNKNOWN, status });
  }
});

test("not known: compressed, longer or shorter than announced, oversize", async () => {
  for (const headers of [
    { "content-encoding": "gzip" },
    { "content-length": "12" },
    { "content-length": "10" },
    { "content-length": "many" },
  ]) {
    assert.deepEqual(facts(await failure(call("errorCode=0", { headers }))), UNKNOWN);
  }
  assert.equal((await call("errorCode=0", { headers: { "content-length": "11" } })).outcome, "revoked");
  assert.equal((await failure(call(`errorCode=0&x=${"y".repeat(65536)}`))).kind, "unknown-outcome");
  assert.equal((await call(`0${" ".repeat(65535)}`)).outcome, "revoked");
  assert.equal((await failure(call(`0${" ".repeat(65536)}`))).kind, "unknown-outcome");
});

test("an announced length makes a bare negative code trustworthy", async () => {
  const error = await failure(call("-3", { headers: { "content-length": "2" } }));
  assert.deepEqual([error.kind, error.errorCode], ["ca-refused", -3]);
});

test("a text of the CA with the password in it is withheld", async () => {
  for (const text of [login.loginPassword, encodeURIComponent(encodeURIComponent(login.loginPassword))]) {
    const error = await failure(call(`-4\nInvalid: ${text}\n`));
    assert.equal(error.errorMessage, "[withheld: it contained credentials]");
  }
});

test("describeErrorCode and codeReasons need no wasm and know every code", () => {
  for (const code of [0, -16, -21, -160]) assert.equal(describeErrorCode(code).code, code);
  assert.deepEqual(Object.keys(describeErrorCode(-35)), ["code", "title", "meaning", "advice"]);
  assert.equal(describeErrorCode(-35).title, "Expired");
  assert.match(describeErrorCode(-31337).meaning, /not documented/);
  assert.match(describeErrorCode(5).meaning, /not known/);
  assert.deepEqual(
    codeReasons.map(({ number, name }) => [number, name]),
    [
      [0, "unspecified"],
      [1, "keyCompromise"],
      [3, "affiliationChanged"],
      [4, "superseded"],
      [5, "cessationOfOperation"],
    ],
  );
  assert.ok(Object.isFrozen(codeReasons) && codeReasons.every((reason) => Object.isFrozen(reason)));
  assert.ok(codeReasons.every(({ whenToChoose }) => whenToChoose.length > 20));
});
