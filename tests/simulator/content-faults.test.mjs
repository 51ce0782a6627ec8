// Faults of the content: proper HTTP that says something else than the CA would.

import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { until } from "../harness/until.mjs";
import { form, post, rawCall } from "./calls.mjs";

const account = { loginName: "reseller ö", loginPassword: 'p&ss+w%rd="<ü>' };
let ca;
before(async () => {
  ca = await startSimulator(account);
});
beforeEach(() => ca.reset());
after(() => ca.close());

const spoil = async (setting, fields) => {
  ca.faults.add(setting);
  const seen = await post(ca, { ...account, ...fields });
  assert.equal(ca.ledger().at(-1).answered.fault, setting.fault);
  return seen;
};
const acted = () => ca.ledger().at(-1).acted;

test("fixed-code: any code, without acting unless told so", async () => {
  const { body } = await spoil({ fault: "fixed-code", errorCode: -42, errorMessage: "Too many!", times: 1 });
  assert.equal(body, "errorCode=-42&errorMessage=Too+many%21");
  assert.equal(acted(), false);
  assert.equal((await spoil({ fault: "fixed-code", errorCode: -14, acts: true })).body, "errorCode=-14");
  assert.equal(acted(), true);
});

describe("http-status", () => {
  for (const status of [201, 206, 400, 403, 429, 500, 503, 599]) {
    test(`${status} with the right body`, async () => {
      const seen = await spoil({ fault: "http-status", status });
      assert.equal(seen.status, status);
      assert.equal(seen.body, "errorCode=0");
      assert.equal(acted(), true);
    });
  }

  test("204 has no body", async () => {
    const seen = await spoil({ fault: "http-status", status: 204 });
    assert.equal(seen.status, 204);
    assert.equal(seen.body, "");
  });

  test("with another body", async () => {
    const seen = await spoil({
      fault: "http-status",
      status: 502,
      body: "Bad Gateway",
      contentType: "text/plain",
    });
    assert.equal(seen.body, "Bad Gateway");
    assert.equal(seen.type, "text/plain");
  });
});

test("html-page", async () => {
  const seen = await spoil({ fault: "html-page", title: "Please sign in" });
  assert.equal(seen.status, 200);
  assert.equal(seen.type, "text/html; charset=utf-8");
  assert.match(seen.body, /^<!DOCTYPE html>[\s\S]*Please sign in/);
});

describe("redirect", () => {
  for (const status of [300, 301, 302, 303, 304, 307, 308, 399]) {
    test(`${status} to another host`, async () => {
      const seen = await spoil({ fault: "redirect", status, location: "http://localhost:1/other?x=1" });
      assert.equal(seen.status, status);
      assert.equal(seen.headers.get("location"), "http://localhost:1/other?x=1");
    });
  }

  test("to nowhere", async () => {
    const seen = await spoil({ fault: "redirect" });
    assert.equal(seen.status, 307);
    assert.equal(seen.headers.get("location"), null);
  });
});

test("wrong-content-type, or none", async () => {
  assert.equal((await spoil({ fault: "wrong-content-type", times: 1 })).type, "application/json");
  const seen = await spoil({ fault: "wrong-content-type", contentType: "", times: 1 });
  assert.equal(seen.type, null);
  assert.match(seen.body, /^errorCode=-21&/);
});

test("other-format, under its own media type or the one asked for", async () => {
  const plain = await spoil({ fault: "other-format", times: 1 });
  assert.deepEqual([plain.type, plain.body], ["text/plain", "0\n"]);
  const fields = await spoil(
    { fault: "other-format", label: "asked" },
    { responseFormat: "0", orderNumber: "5" },
  );
  assert.deepEqual([fields.type, fields.body], ["text/plain", "errorCode=0"]);
});

test("empty-body", async () => {
  const seen = await spoil({ fault: "empty-body" });
  assert.deepEqual([seen.status, seen.body], [200, ""]);
});

describe("contradictory-fields", () => {
  const bodies = {
    "zero-with-message": ["errorCode=0&errorMessage=The+order+could+not+be+found%21", true],
    "zero-with-detail": ["errorCode=0&errorDetail=The+order+could+not+be+found%21", true],
    "zero-with-item": ["errorCode=0&errorItem=orderNumber", true],
    "zero-about-another-order": ["errorCode=0&orderNumber=123457", true],
    "zero-about-no-order": ["orderNumber=&errorCode=0", true],
    "zero-about-a-serial-number": ["errorCode=0&serialNumber=0BAD", true],
    "zero-about-a-certificate": ["errorCode=0&certificateID=2989", true],
    "zero-about-the-other-kind": ["errorCode=0&test=Y", true],
    "zero-about-this-call": ["errorCode=0&orderNumber=123456&test=N", true],
    "already-revoked-about-another-order": [
      "errorCode=-21&errorMessage=Already+revoked%21&orderNumber=123457",
      false,
    ],
    "already-rejected-about-another-order": [
      "errorCode=-20&errorMessage=Already+rejected%21&orderNumber=123457",
      false,
    ],
    "plain-already-revoked-about-another-order": ["-21\nAlready revoked!\norderNumber=123457\n", false],
    "two-codes": ["errorCode=0&errorCode=-3", true],
    "two-codes-failure-first": ["errorCode=-3&errorCode=0", true],
    "same-code-twice": ["errorCode=0&errorCode=0", true],
    "same-failure-twice": ["errorCode=-3&errorCode=-3", false],
    "code-in-other-case-twice": ["errorCode=-3&ERRORCODE=0", true],
    "zero-inside-message": ["errorCode=-3&errorMessage=x%26errorCode%3D0", false],
    "zero-inside-plain-message": ["-3\nerrorCode=0\n", false],
    "plain-zero-with-message": ["0\nThe order could not be found!\n", true],
    "plain-two-codes": ["0\n-3\n", true],
  };
  for (const [variant, [body, acts]] of Object.entries(bodies)) {
    test(variant, async () => {
      const seen = await spoil({ fault: "contradictory-fields", variant });
      assert.equal(seen.body, body);
      assert.equal(seen.type, variant.includes("plain") ? "text/plain" : "application/x-www-form-urlencoded");
      assert.equal(acted(), acts);
    });
  }

  test("acts can be told", async () => {
    await spoil({ fault: "contradictory-fields", variant: "two-codes", acts: false });
    assert.equal(acted(), false);
  });
});

describe("oversize-body", () => {
  test("a megabyte that begins like a success", async () => {
    const { body, headers } = await spoil({ fault: "oversize-body" });
    assert.equal(body.length, 1_048_576);
    assert.equal(headers.get("content-length"), "1048576");
    assert.match(body.slice(0, 30), /^errorCode=0&padding=x+$/);
  });

  test("of a length that is not told, and wrong in nothing but its size", async () => {
    const { body, headers } = await spoil({
      fault: "oversize-body",
      bytes: 70_000,
      fill: "blank",
      framing: "chunked",
    });
    assert.equal(body.length, 70_000);
    assert.equal(headers.get("content-length"), null);
    assert.match(body, /^errorCode=0 +$/);
  });

  test("a client that leaves in the middle ends it", async () => {
    ca.faults.add({ fault: "oversize-body", bytes: 1_000_000_000 });
    const response = await fetch(ca.endpoint, { method: "POST", body: new URLSearchParams(account) });
    await response.body.cancel();
    await until("the answer has ended", () => ca.ledger()[0].answeredAt !== null);
  });
});

describe("compressed-body", () => {
  test("declared: a client that decompresses sees the right answer", async () => {
    for (const [index, encoding] of ["gzip", "deflate", "br"].entries()) {
      ca.faults.clear();
      const seen = await spoil({ fault: "compressed-body", encoding }, { orderNumber: String(index + 1) });
      assert.equal(seen.headers.get("content-encoding"), encoding);
      assert.equal(seen.body, "errorCode=0");
    }
  });

  test("not declared: the compressed bytes themselves", async () => {
    const tools = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
    for (const [encoding, decompress] of Object.entries(tools)) {
      ca.reset();
      ca.faults.add({ fault: "compressed-body", encoding, declared: false });
      const { head, body } = await rawCall(ca, account);
      assert.doesNotMatch(head, /content-encoding/i);
      assert.equal(decompress(Buffer.from(body, "latin1")).toString(), "errorCode=0");
    }
  });

  test("small on the way and large when unpacked", async () => {
    const { body, headers } = await spoil({ fault: "compressed-body", bytes: 1_000_000 });
    assert.equal(body.length, 1_000_000);
    assert.ok(Number(headers.get("content-length")) < 5000);
  });
});

describe("wrong-charset", () => {
  const bytes = {
    "utf-16le": Buffer.from("\ufefferrorCode=0", "utf16le"),
    "utf-16be": Buffer.from("\ufefferrorCode=0", "utf16le").swap16(),
    "utf-16le-without-bom": Buffer.from("errorCode=0", "utf16le"),
    "utf-8-with-bom": Buffer.from("\ufefferrorCode=0", "utf8"),
  };
  for (const [charset, expected] of Object.entries(bytes)) {
    test(charset, async () => {
      ca.faults.add({ fault: "wrong-charset", charset, declared: charset === "utf-16be" });
      const { head, body } = await rawCall(ca, account);
      assert.equal(body, expected.toString("latin1"));
      assert.equal(/charset=utf-16/.test(head), charset === "utf-16be");
    });
  }
});

test("raw: any body under any status and headers", async () => {
  const text = await spoil({ fault: "raw", body: "errorCode=+0", headers: { "X-Odd": "1" }, times: 1 });
  assert.deepEqual([text.status, text.body, text.headers.get("x-odd")], [200, "errorCode=+0", "1"]);
  assert.equal(text.type, "application/x-www-form-urlencoded");
  const bytes = await spoil({
    fault: "raw",
    base64: Buffer.from("0\r").toString("base64"),
    status: 418,
    contentType: "",
  });
  assert.deepEqual([bytes.status, bytes.body, bytes.type], [418, "0\r", null]);
});

describe("echo", () => {
  const sent = form(account);
  const { loginPassword: password } = account;
  const utf8 = Buffer.from(password, "utf8");
  const spellings = {
    raw: password,
    percent: encodeURIComponent(password),
    base64: utf8.toString("base64"),
    base64url: utf8.toString("base64url"),
    hex: utf8.toString("hex"),
    html: "p&amp;ss+w%rd=&quot;&lt;ü&gt;",
    "html-numeric": [...password].map((character) => `&#${character.codePointAt(0)};`).join(""),
    json: '"p&ss+w%rd=\\"<ü>"',
  };

  test("the form as it came", async () => {
    assert.equal((await spoil({ fault: "echo" })).body, sent);
    assert.equal(acted(), true);
  });

  test("the form decoded", async () => {
    const { body } = await spoil({ fault: "echo", part: "decoded-form" });
    assert.match(body, /^loginName=reseller ö&loginPassword=p&ss\+w%rd="<ü>&orderNumber=123456&/);
  });

  for (const [encoding, expected] of Object.entries(spellings)) {
    test(`the password, ${encoding}`, async () => {
      assert.equal(
        (await spoil({ fault: "echo", part: "login-password", encoding, times: 1 })).body,
        expected,
      );
      const { body } = await spoil({ fault: "echo", part: "login-password", encoding, place: "message" });
      const read = new URLSearchParams(body);
      assert.equal(read.get("errorCode"), "-3");
      assert.equal(read.get("errorMessage"), `The request could not be read: ${expected}`);
    });
  }

  test("a refusal that echoes did not act", async () => {
    await spoil({ fault: "echo", place: "message" });
    assert.equal(acted(), false);
  });

  test("in a header beside the right answer", async () => {
    const { headers, body } = await spoil({ fault: "echo", place: "header", part: "login-password" });
    assert.equal(body, "errorCode=0");
    assert.equal(Buffer.from(headers.get("x-received"), "latin1").toString("utf8"), password);
  });

  test("never in the ledger", async () => {
    await spoil({ fault: "echo", place: "message", part: "decoded-form" });
    for (const secret of [password, encodeURIComponent(password), "reseller"]) {
      assert.ok(!JSON.stringify(ca.ledger()).includes(JSON.stringify(secret).slice(1, -1)));
    }
  });
});
