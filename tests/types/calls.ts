// What a call is made with, and what it brings: through the edge, and straight to the CA.
import {
  createClient,
  load,
  revoke,
  verifyAuditLog,
  type DirectClient,
  type DirectOptions,
  type EdgeClient,
  type EdgeRevokeOptions,
  type Revocation,
} from "autorevoke";

const endpoint = "https://edge.example";
const credentials = { loginName: "name", loginPassword: "password" };

export async function throughTheEdge(comment: string | undefined, token: () => Promise<string>) {
  const done = await revoke(
    // A form's value that may be missing.
    { orderNumber: 1, codeReason: "keyCompromise", revocationReason: comment, productCode: undefined },
    { endpoint, token, timeout: undefined, signal: undefined, idempotencyKey: undefined },
  );
  if (done.outcome === "revoked") {
    const code: 0 = done.errorCode;
    const test: false = done.test;
    void [code, test];
  }
  // @ts-expect-error: the edge has an account of its own
  await revoke({ orderNumber: 1, accountID: 2 }, { endpoint });
  // @ts-expect-error: no endpoint, and no login
  await revoke({ orderNumber: 1 }, {});
  // @ts-expect-error: a misspelt option
  await revoke({ orderNumber: 1 }, { endpoint, tokn: "x" });
  // @ts-expect-error: a misspelt member
  await revoke({ orderNumbr: 1 }, { endpoint });
  const bySerial = await revoke({ serialNumber: "0a:1b" }, { endpoint });
  if (bySerial.serialNumber !== undefined) {
    const [serialNumber, none]: [string, undefined] = [bySerial.serialNumber, bySerial.orderNumber];
    void [serialNumber, none];
  }
  await revoke({ certificateID: 345, codeReason: "superseded" }, { endpoint });
  await revoke({ certificate: new Uint8Array(1) }, { endpoint });
  // @ts-expect-error: two names
  await revoke({ certificate: "pem", serialNumber: "0a" }, { endpoint });
  // @ts-expect-error: two names
  await revoke({ orderNumber: 1, serialNumber: "0a" }, { endpoint });
  // @ts-expect-error: no name
  await revoke({ codeReason: 1 }, { endpoint });
  // @ts-expect-error: no such reason
  await revoke({ orderNumber: 1, codeReason: 2 }, { endpoint });

  const edge: EdgeClient = createClient({ endpoint, token: undefined });
  const again: Revocation = await edge.revoke(
    { orderNumber: "1" },
    { idempotencyKey: "key", token: undefined },
  );
  await edge.orders.get(1, { signal: undefined });
  await edge.jobs.create({ orders: [{ orderNumber: 1, revocationReason: comment }], name: comment });
  await edge.jobs.create({ csv: "orderNumber", defaults: { codeReason: "superseded" } });
  await edge.jobs.create({ orders: [{ serialNumber: "0a" }, { certificateID: "1" }] });
  // @ts-expect-error: one of the two
  await edge.jobs.create({ csv: "orderNumber", orders: [] });
  // @ts-expect-error: the edge has an account of its own
  await edge.revoke({ orderNumber: 1, accountID: 2 });
  return again;
}

export async function straightToTheCa(either: EdgeRevokeOptions | DirectOptions) {
  await revoke({ orderNumber: "1", accountID: 2, responseFormat: 0 }, { credentials });
  // @ts-expect-error: one of the two
  await revoke({ orderNumber: "1" }, { credentials, token: "x" });
  // @ts-expect-error: the CA has no such keys
  await revoke({ orderNumber: "1" }, { credentials, idempotencyKey: "x" });
  // @ts-expect-error: a login has both
  await revoke({ orderNumber: "1" }, { credentials: { loginName: "name" } });

  const ca: DirectClient = createClient({ credentials, endpoint });
  await ca.revoke({ orderNumber: 1, accountID: 2 }, { timeout: 5 });
  // @ts-expect-error: only the edge has jobs
  ca.jobs;
  // @ts-expect-error: only the edge knows callers
  ca.me;

  // Which of the two may be known at run time only.
  await revoke({ orderNumber: 1 }, either);
  const client: EdgeClient | DirectClient = createClient(either);
  await client.revoke({ orderNumber: 1 });
}

/** What runtimes have, by shape. */
export async function loading(bytes: Uint8Array) {
  await load();
  await load("/small.wasm");
  await load(bytes);
  await load(bytes.buffer);
  await load({ small: "/small.wasm", full: undefined });
  await verifyAuditLog([bytes], { head: undefined, keys: undefined });
}
