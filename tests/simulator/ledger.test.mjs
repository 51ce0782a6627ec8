// The ledger: everything that came, as it came, and no credential in it.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { until } from "../harness/until.mjs";
import { answer, code, form, post, requestBytes } from "./calls.mjs";

// Every character that public clients have been seen to encode wrongly.
const account = { loginName: "Reseller+Söhne", loginPassword: "50%&more=+ ü🔑" };
let ca;
before(async () => {
  ca = await startSimulator(account);
});
beforeEach(() => ca.reset());
after(() => ca.close());

const last = () => ca.ledger().at(-1);

/** No piece of a credential, in the spellings in which one could have come. */
function assertNothingShown() {
  const shown = JSON.stringify(ca.ledger());
  for (const secret of Object.values(account)) {
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(encodeURIComponent(secret)),
      new URLSearchParams({ s: secret }).toString().slice(2),
      Buffer.from(secret).toString("base64"),
    ]) {
      assert.ok(!shown.includes(spelling), `${spelling} is shown`);
    }
  }
  return shown;
}

test("the pairs in the order sent, decoded once, and the body as it came", async () => {
  await code(ca, { ...account, revocationReason: "a b+c & d=%20é" });
  assert.deepEqual(last().pairs, [
    ["loginName", "[masked]"],
    ["loginPassword", "[masked]"],
    ["orderNumber", "123456"],
    ["codeReason", "1"],
    ["responseFormat", "1"],
    ["revocationReason", "a b+c & d=%20é"],
  ]);
  assert.equal(
    last().rawBody,
    "loginName=[masked]&loginPassword=[masked]&orderNumber=123456&codeReason=1&responseFormat=1" +
      "&revocationReason=a+b%2Bc+%26+d%3D%2520%C3%A9",
  );
  assert.equal(last().loginOk, true);
  assertNothingShown();
});

test("what there is to know of a request", async () => {
  await code(ca, { ...account, test: "Y" });
  const { time, receivedAt, answeredAt, headers, remotePort, rawBody, pairs, ...rest } = last();
  assert.deepEqual(rest, {
    seq: 1,
    method: "POST",
    path: "/products/!AutoRevokeCertificate",
    httpVersion: "1.1",
    concurrent: 1,
    complete: true,
    orderNumber: "123456",
    test: true,
    loginMatches: { name: true, password: true },
    loginOk: true,
    acted: false,
    answered: { code: 0 },
  });
  assert.equal(Date.parse(time), receivedAt);
  assert.ok(answeredAt >= receivedAt);
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.ok(remotePort > 0);
  assert.equal(pairs.length, 6);
  assert.match(rawBody, /&test=Y$/);
});

describe("a login that arrives otherwise than it is on file", () => {
  const encode = encodeURIComponent;
  const rest = "orderNumber=5&codeReason=0&responseFormat=1";
  const wrong = {
    "encoded twice": `loginName=${encode(account.loginName)}&loginPassword=${encode(encode(account.loginPassword))}&${rest}`,
    "a plus for a plus": `loginName=Reseller+S%C3%B6hne&loginPassword=${encode(account.loginPassword)}&${rest}`,
    "in Latin-1": `loginName=Reseller%2BS%F6hne&loginPassword=${encode(account.loginPassword)}&${rest}`,
  };
  const matches = {
    "encoded twice": { name: true, password: false },
    "a plus for a plus": { name: false, password: true },
    "in Latin-1": { name: false, password: true },
  };
  for (const [how, body] of Object.entries(wrong)) {
    test(how, async () => {
      assert.ok([-16, -4].includes(await code(ca, body)));
      assert.deepEqual(last().loginMatches, matches[how]);
      assert.equal(last().loginOk, false);
      assertNothingShown();
    });
  }

  test("not encoded at all: it falls into parts, and none of them is shown", async () => {
    const body = `loginName=${account.loginName}&loginPassword=${account.loginPassword}&${rest}`;
    const { code, message } = await answer(ca, body);
    assert.equal(code, -2, "the CA takes the second part for an argument");
    assert.match(message, /more/);
    assert.deepEqual(last().loginMatches, { name: false, password: false });
    assertNothingShown();
    assert.deepEqual(last().pairs.slice(0, 3), [
      ["loginName", "[masked]"],
      ["loginPassword", "[masked]"],
      ["[masked]", ""],
    ]);
    assert.equal(last().answered.message, "The '[masked]' argument is unknown!");
  });
});

describe("credentials where they do not belong", () => {
  test("in another argument, a header, the path", async () => {
    const encoded = encodeURIComponent(account.loginPassword);
    await code(ca, { ...account, revocationReason: `my password is ${account.loginPassword}!` });
    await code(ca, { ...account, productCode: Buffer.from(account.loginPassword).toString("base64") });
    await code(ca, `${form(account)}&password=${encoded}&Passwort=${encoded}`);
    await code(ca, `${form(account)}&note=${encoded}`);
    await fetch(`${ca.url}/${encoded}?loginPassword=${encoded}&x=${encoded}`, {
      headers: { "X-Note": encoded, Authorization: "Basic abc", Cookie: "a=b", "X-Api-Key": "k" },
    });
    const shown = assertNothingShown();
    assert.ok(!shown.includes("my password"));
    assert.deepEqual(last().headers.authorization, "[masked]");
    assert.deepEqual(last().headers.cookie, "[masked]");
    assert.deepEqual(last().headers["x-api-key"], "[masked]");
    assert.equal(last().path, "/[masked]?loginPassword=[masked]&[masked]");
  });

  test("a body that is no form: only its length", async () => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ password: "of somebody else" });
    await post(ca, body, { headers });
    assert.equal(last().rawBody, `[${body.length} bytes, not a form]`);
    assert.deepEqual(last().pairs, []);
  });

  test("after the account was changed, the former one too", async () => {
    ca.login.change({ loginPassword: "another-password" });
    await code(ca, { ...account, revocationReason: account.loginPassword });
    await code(ca, { ...account, revocationReason: "another-password" });
    assertNothingShown();
    assert.ok(!JSON.stringify(ca.ledger()).includes("another-password"));
  });
});

test("a request whose client left before its end", async () => {
  const bytes = requestBytes(form(account));
  const socket = connect(ca.port, "127.0.0.1");
  await new Promise((resolve) => socket.write(bytes.slice(0, -5), resolve));
  await until("the request has begun", () => ca.ledger().length > 0);
  socket.destroy();
  await until("it has ended", () => last().answeredAt !== null && last().rawBody !== "");
  assert.equal(last().complete, false);
  assert.equal(last().answered, null);
  assert.match(last().rawBody, /&responseForma$|&respons/);
  assert.equal(ca.requests, 0);
  assert.deepEqual(ca.orders.list(), []);
  assertNothingShown();
});

test("requests under way at once, and connections told apart", async () => {
  ca.faults.add({ fault: "latency", ms: 1000 });
  await Promise.all(["1", "2", "3"].map((orderNumber) => code(ca, { ...account, orderNumber })));
  assert.deepEqual(
    ca.ledger().map(({ concurrent }) => concurrent),
    [1, 2, 3],
  );
  assert.equal(new Set(ca.ledger().map(({ remotePort }) => remotePort)).size, 3);
});

test("by order, and in pages", async () => {
  for (const orderNumber of ["1", "2", "1", "3"]) await code(ca, { ...account, orderNumber });
  const seqs = (query) => ca.ledger(query).map(({ seq }) => seq);
  assert.deepEqual(seqs({ orderNumber: 1 }), [1, 3]);
  assert.deepEqual(seqs({ after: 1, limit: 2 }), [2, 3]);
  ca.forgetRequests();
  assert.deepEqual(seqs(), []);
  assert.equal(await code(ca, { ...account, orderNumber: "1" }), -21, "the orders are as they were");
  assert.deepEqual(seqs(), [1]);
});

test("waiting for the moment at which a request has been read", async () => {
  ca.faults.add({ fault: "no-answer" });
  const early = ca.waitForRequests(1);
  const leaving = new AbortController();
  const gone = post(ca, account, { signal: leaving.signal });
  await early;
  assert.equal(last().complete, true);
  leaving.abort();
  await assert.rejects(gone);
  await assert.rejects(ca.waitForRequests(2, { timeout: 50 }), /Only 1 of 2 requests/);
});

test("remembers so many requests and no more", async () => {
  const small = await startSimulator({ ledgerLimit: 10 });
  try {
    for (let n = 1; n <= 30; n += 1) await code(small, { orderNumber: String(n) });
    const seqs = small.ledger().map(({ seq }) => seq);
    assert.ok(seqs.length >= 10 && seqs.length <= 11);
    assert.equal(seqs.at(-1), 30);
  } finally {
    await small.close();
  }
});

test("a body that is far too long is not read to its end", async () => {
  await assert.rejects(post(ca, `revocationReason=${"x".repeat(1_000_000)}`));
  assert.equal(last().complete, false);
  assert.equal(last().answered, null);
});

test("a reset forgets everything and breaks off what is under way", async () => {
  ca.faults.add({ fault: "latency", ms: 10_000, when: "before-acting" });
  ca.login.lock();
  ca.limits.set({ concurrent: 1 });
  const under = post(ca, account);
  await ca.waitForRequests(1);
  ca.reset();
  await assert.rejects(under);
  assert.deepEqual(ca.ledger(), []);
  assert.deepEqual(ca.faults.list(), []);
  assert.equal(ca.requests, 0);
  assert.equal(ca.connections, 0);
  assert.deepEqual(
    await Promise.all(["1", "2"].map((orderNumber) => code(ca, { ...account, orderNumber }))),
    [0, 0],
  );
});
