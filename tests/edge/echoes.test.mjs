// The CA shows the login that was sent to it: no answer, log or file of the edge passes it on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOGIN_NAME, LOGIN_PASSWORD, SPELLINGS } from "./canary.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const REDACTED = "[withheld: it contained credentials]";
const world = await startWorld({
  people: [...PEOPLE, { id: "steward", permissions: ["operate", "audit"], orders: ["*"] }],
  // What is unknown is not sent again by itself.
  variables: { RESEND_WINDOW_MS: "0" },
});

for (const [name, secret] of Object.entries({ "login name": LOGIN_NAME, password: LOGIN_PASSWORD })) {
  for (const [spelling, spell] of Object.entries(SPELLINGS)) {
    test(`the ${name} in the CA's words (${spelling}): withheld, in the history as well`, async () => {
      const shown = spell(secret);
      for (const errorMessage of [shown, `The value "${shown}" is wrong`, `a=1&b=${shown}&c=3`]) {
        for (const errorCode of [-3, -14, -21]) {
          const orderNumber = world.newOrder();
          world.ca.orders.set({ orderNumber, errorCode, errorMessage });
          const { json } = await world.revoke({ orderNumber });
          assert.deepEqual([json.errorCode, json.errorMessage], [errorCode, REDACTED]);
          const { attempts } = await world.history(orderNumber);
          assert.equal(attempts[0].errorMessage, REDACTED);
        }
      }
    });
  }
}

test("the password in the words of a refused login: withheld, and the breaker repeats none of it", async () => {
  for (const spell of Object.values(SPELLINGS)) {
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, errorCode: -16, errorMessage: spell(LOGIN_PASSWORD) });
    const { json } = await world.revoke({ orderNumber });
    assert.deepEqual([json.errorCode, json.errorMessage], [-16, REDACTED]);
    assert.equal((await world.revoke({ orderNumber: world.newOrder() })).kind, "ca-login-refused");
    await world.ask("/v1/breaker", { as: "steward" });
    await world.ask("/v1/breaker/resume", { as: "steward", body: {} });
    // The call that closes the breaker again.
    assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
  }
});

for (const place of ["body", "message", "header"]) {
  test(`the whole form as the ${place}, in every spelling of the simulator`, async () => {
    for (const part of ["form", "decoded-form", "login-name", "login-password"]) {
      for (const encoding of [
        "raw",
        "percent",
        "base64",
        "base64url",
        "hex",
        "html",
        "html-numeric",
        "json",
      ]) {
        const orderNumber = world.newOrder();
        world.ca.faults.add({ fault: "echo", part, encoding, place, orderNumber });
        const { json, kind } = await world.revoke({ orderNumber });
        const about = `${part} as ${encoding}`;
        if (place === "header") assert.equal(json.outcome, "revoked", about);
        if (place === "body") assert.equal(kind, "unknown-outcome", about);
        if (place === "message") {
          assert.deepEqual([kind, json.errorCode, json.errorMessage], ["ca-refused", -3, REDACTED], about);
        }
        await world.history(orderNumber);
      }
    }
  });
}

test("other places where the CA could show it: keys beside the code, pages, redirects, other statuses", async () => {
  const { ca } = world;
  for (const spell of Object.values(SPELLINGS)) {
    const shown = encodeURIComponent(spell(LOGIN_PASSWORD));
    const faults = [
      { fault: "raw", body: `errorCode=-3&errorDetail=${shown}&${shown}=1` },
      { fault: "raw", body: `errorCode=0&errorItem=${shown}` },
      { fault: "raw", body: `-3\n${shown}\n`, contentType: "text/plain" },
      { fault: "raw", body: `errorCode=${shown}` },
      { fault: "html-page", title: shown },
      { fault: "http-status", status: 500, body: `errorCode=-3&errorMessage=${shown}` },
      { fault: "redirect", status: 307, location: `/?${shown}` },
    ];
    for (const fault of faults) {
      const orderNumber = world.newOrder();
      ca.faults.add({ ...fault, orderNumber });
      await world.revoke({ orderNumber });
      await world.history(orderNumber);
    }
  }
});

test("the audit log, its head and the metrics show none of it", async () => {
  const { json } = await world.ask("/v1/audit?limit=10000", { as: "steward" });
  assert.ok(json.entries.some((/** @type {any} */ { errorMessage }) => errorMessage === REDACTED));
  for (const path of ["/v1/audit/head", "/metrics"]) {
    assert.equal((await world.ask(path, { as: "steward" })).status, 200);
  }
});

test("a text that is very long is clipped, and control characters are gone", async () => {
  const orderNumber = world.newOrder();
  world.ca.orders.set({ orderNumber, errorCode: -3, errorMessage: `a\u001b[31mb\u0000${"x".repeat(5000)}` });
  const { json } = await world.revoke({ orderNumber });
  assert.ok(json.errorMessage.length <= 1025);
  assert.doesNotMatch(json.errorMessage, /[\u0000-\u001f\u007f-\u009f]/);
});

testTraces(world);
