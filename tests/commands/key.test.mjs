// npm run key: what it prints is what the edge wants, and every wrong argument is named.
// @ts-check
import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { test } from "node:test";
import { runCommand } from "../harness/command.mjs";

/** @param {string} text */
const jsonLine = (text) => JSON.parse(text.split("\n").find((line) => line.startsWith("{")) ?? "no JSON");

test("a key is printed once, its entry knows it by its hash only", async () => {
  const { code, stdout } = await runCommand("key", [
    ...["--id", "night-shift", "--permissions", "revoke,test", "--orders", "1-5,77"],
    ...["--person", "Ann Example", "--expires", "2999-01-31T12:00:00Z"],
  ]);
  assert.equal(code, 0);
  const keys = stdout.match(/ark_\S+/g) ?? [];
  assert.equal(keys.length, 1);
  assert.match(keys[0], /^ark_night-shift_[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(jsonLine(stdout), {
    id: "night-shift",
    sha256: createHash("sha256").update(keys[0]).digest("hex"),
    permissions: ["revoke", "test"],
    orders: ["1-5", "77"],
    person: "Ann Example",
    expires: "2999-01-31T12:00:00Z",
  });
});

test("no two keys are alike", async () => {
  const make = () => runCommand("key", ["--id", "a", "--permissions", "audit", "--orders", "*"]);
  const [one, other] = await Promise.all([make(), make()]);
  assert.notEqual(jsonLine(one.stdout).sha256, jsonLine(other.stdout).sha256);
});

test("every wrong argument is named, and nothing is made", async () => {
  const { code, stdout, stderr } = await runCommand("key", [
    ...["--id", "a_b", "--permissions", "revoke,everything", "--orders", "0,9-3,9223372036854775808"],
    ...["--expires", "2999-02-30T00:00:00Z", "--person", " ", "--colour", "red"],
  ]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  for (const name of [
    "--id",
    "--permissions",
    "--orders",
    "--expires",
    "--person",
    "--colour",
    "more arguments",
  ]) {
    assert.ok(stderr.includes(name), `${name} is not named in:\n${stderr}`);
  }
  for (const value of ["everything", '"0"', '"9-3"', '"9223372036854775808"']) {
    assert.ok(stderr.includes(value), `${value} is not named in:\n${stderr}`);
  }
});

test("what is missing is named", async () => {
  const { code, stderr } = await runCommand("key", []);
  assert.equal(code, 2);
  assert.match(stderr, /--id ID is missing[^]*--permissions LIST is missing[^]*--orders LIST is missing/);
});

test("a time that has passed is refused", async () => {
  const { code, stderr } = await runCommand("key", [
    ...["--id", "a", "--permissions", "audit", "--orders", "*", "--expires", "2001-01-01T00:00:00Z"],
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /--expires: lies in the past/);
});

test("approving takes a person, which is said", async () => {
  const { code, stderr } = await runCommand("key", [
    "--id",
    "a",
    "--permissions",
    "approve",
    "--orders",
    "*",
  ]);
  assert.equal(code, 0);
  assert.match(stderr, /without --person this key cannot approve/);
});

test("--audit makes an Ed25519 key whose kid is its RFC 7638 thumbprint", async () => {
  const { code, stdout } = await runCommand("key", ["--audit"]);
  assert.equal(code, 0);
  const jwk = jsonLine(stdout);
  assert.deepEqual(Object.keys(jwk).sort(), ["crv", "d", "kid", "kty", "x"]);
  const canonical = `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`;
  assert.equal(jwk.kid, createHash("sha256").update(canonical).digest("base64url"));

  const text = Buffer.from("head");
  const signature = sign(null, text, createPrivateKey({ key: jwk, format: "jwk" }));
  const publicKey = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: "jwk" });
  assert.ok(verify(null, text, publicKey, signature));
});

test("--audit goes with nothing else", async () => {
  const { code, stdout, stderr } = await runCommand("key", ["--audit", "--id", "a"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /--id does not go with --audit/);
});
