// autorevoke/testing: of orders, callers and the audit log the fake edge says what the edge says; every answer of both is as the
// OpenAPI document has it.
import assert from "node:assert/strict";
import { repeatable } from "autorevoke/repeat";
import { PEOPLE, startBoth, told } from "./edges.mjs";

const { both } = await startBoth({ people: PEOPLE });

let last = 10_000;
/** Numbers that no other test has; both edges get the same. @param {number} count */
const numbers = (count) => Array.from({ length: count }, () => String(++last));

{
  const [fresh, before, rejected, unissued] = numbers(4);
  both("done: revoked, already revoked, already rejected, cancelled", async (edge) => {
    edge.set({ [before]: "revoked", [rejected]: "rejected", [unissued]: "unissued" });
    const client = edge.client();
    const done = [];
    for (const orderNumber of [fresh, fresh, before, rejected, unissued, unissued])
      done.push(await client.revoke({ orderNumber, codeReason: "keyCompromise", revocationReason: "Lost" }));
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ["revoked", "already-revoked", "already-revoked", "already-rejected", "revoked", "already-rejected"],
    );
    return [done, await client.orders.get(fresh), edge.calls(fresh).map(({ acted }) => acted)];
  });
}

{
  const [tested, refused, product] = numbers(3);
  both("a test call changes nothing, and certificates of one order are each their own", async (edge) => {
    const client = edge.client();
    edge.set({ [refused]: "expired" });
    const said = [
      await client.revoke({ orderNumber: tested, test: true }),
      await client.orders.get(tested),
      await told(client.revoke({ orderNumber: refused, test: true })),
      await client.revoke({ orderNumber: tested }),
      await client.revoke({ orderNumber: tested, test: "Y" }),
    ];
    for (const more of [{ product: 1 }, { product: 2 }, { productCode: "x" }, { productCode: "x" }])
      said.push(await client.revoke({ orderNumber: product, ...more }));
    return [
      said,
      await client.orders.get(product),
      edge.calls(tested).map(({ test, acted }) => [test, acted]),
    ];
  });
}

{
  const codes = [-2, -4, -14, -17, -23, -26, -35, -42, -43, -160, -999];
  const all = numbers(codes.length);
  both("each code of the CA", async (edge) => {
    const said = [];
    for (const [at, code] of codes.entries()) {
      edge.set({ [all[at]]: { errorCode: code, errorMessage: "No." } });
      const { error } = await told(edge.client().revoke({ orderNumber: all[at] }));
      assert.equal(error.errorCode, code);
      said.push(error, (await edge.client().orders.get(all[at])).state);
    }
    return said;
  });
}

{
  const [acted, never, refused] = numbers(3);
  both("an unknown outcome stays unknown until it is found out or sent again", async (edge) => {
    const client = edge.client();
    edge.set({ [acted]: "answer-lost", [never]: "call-lost", [refused]: ["answer-lost", -35] });
    const lost = [];
    for (const orderNumber of [acted, never, refused]) {
      const { error } = await told(client.revoke({ orderNumber }));
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
      lost.push(error);
      const { state, attempts } = await client.orders.get(orderNumber);
      assert.equal(attempts[0].outcome, "unknown");
      // The edge may have probed it by itself by now.
      assert.ok(state === "unknown" || (state === "already-revoked" && orderNumber === acted));
    }
    const found = await client.orders.settle(acted);
    assert.deepEqual([found.state, found.settled], ["already-revoked", true]);
    assert.equal(
      (await client.orders.settle(never)).state,
      "unknown",
      "that it could be revoked proves nothing",
    );
    assert.equal((await client.orders.settle(never, { resend: true })).state, "revoked");
    const still = await told(client.revoke({ orderNumber: refused }));
    assert.deepEqual([still.error.kind, still.error.errorCode], ["unknown-outcome", -35]);
    return [lost, still, await client.revoke({ orderNumber: acted }), await told(client.orders.settle("1"))];
  });
}

{
  const [once, lost, busy, refused, other] = numbers(5);
  both("an idempotency key: the same answer, sent once; another payload is a mismatch", async (edge) => {
    const client = edge.client();
    edge.set({ [lost]: "call-lost", [busy]: [-42, "issued"], [refused]: [-35, "issued"] });
    const said = [];
    for (const orderNumber of [once, lost, busy, refused])
      for (let time = 0; time < 3; time += 1)
        said.push(await told(client.revoke({ orderNumber }, { idempotencyKey: `key-${orderNumber}` })));
    said.push(await told(client.revoke({ orderNumber: other }, { idempotencyKey: `key-${once}` })));
    said.push(
      await told(client.revoke({ orderNumber: once, test: true }, { idempotencyKey: `key-${once}` })),
    );
    said.push(await edge.client("paul").revoke({ orderNumber: once }, { idempotencyKey: `key-${once}` }));
    assert.deepEqual(
      said.map(({ value, error, outcome = value?.outcome }) => outcome ?? error.kind),
      [
        ...[
          "revoked",
          "revoked",
          "revoked",
          "unknown-outcome",
          "revoked",
          "revoked",
          "ca-busy",
          "revoked",
          "revoked",
        ],
        ...[
          "ca-refused",
          "ca-refused",
          "ca-refused",
          "idempotency-mismatch",
          "idempotency-mismatch",
          "already-revoked",
        ],
      ],
    );
    return [said, [once, refused].map((number) => edge.calls(number).length)];
  });
}

{
  const [held] = numbers(1);
  both("in progress: the same order, and this very call", async (edge) => {
    const client = edge.client();
    const release = edge.hold(held);
    const first = client.revoke({ orderNumber: held }, { idempotencyKey: `held-${held}` });
    await edge.called(held);
    const said = [
      await told(client.revoke({ orderNumber: held })),
      await told(client.revoke({ orderNumber: held }, { idempotencyKey: `held-${held}` })),
      await told(client.orders.settle(held)),
      (await client.orders.get(held)).state,
    ];
    release();
    assert.deepEqual(
      said.slice(0, 3).map(({ error: { kind, mayHaveRevoked } }) => [kind, mayHaveRevoked]),
      [
        ["in-progress", false],
        ["in-progress", true],
        ["in-progress", false],
      ],
    );
    return [said, await first, edge.calls(held).length];
  });
}

{
  const [lost] = numbers(1);
  both(
    "autorevoke/repeat: try again finds out what became of a lost call, and sends nothing twice",
    async (edge) => {
      const safely = repeatable(edge.client(), { storage: memory() });
      edge.set({ [lost]: "answer-lost" });
      assert.equal((await told(safely.revoke({ orderNumber: lost }))).error.kind, "unknown-outcome");
      const { outcome } = await safely.revoke({ orderNumber: lost });
      return [outcome, edge.calls(lost).filter(({ acted }) => acted).length];
    },
  );
}

function memory() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: async (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: async (/** @type {string} */ name, /** @type {string} */ value) => void items.set(name, value),
    removeItem: async (/** @type {string} */ name) => void items.delete(name),
  };
}

both("a certificate by its serial number, or by its number", async (edge) => {
  const post = (/** @type {unknown} */ body, as = "olivia") =>
    edge.ask("/v1/revocations", { as, method: "POST", body: JSON.stringify(body) });
  const orders = [
    ...["a1:b2", "0x00a1b2"].map((serialNumber) => ({ serialNumber })),
    ...["0abc", "00:00", "x", 7].map((serialNumber) => ({ serialNumber })),
    ...["345", 345, "0345", "12345678901234567"].map((certificateID) => ({ certificateID })),
    { orderNumber: "1", serialNumber: "AA" },
    { serialNumber: "AA", certificateID: "7" },
    {},
  ];
  const said = [];
  for (const order of orders) said.push(await post(order));
  assert.deepEqual(
    said.map(({ status, json }) => json.outcome ?? status),
    [
      ...["revoked", "already-revoked", "revoked", 422, 422, 422],
      ...["revoked", "already-revoked", 422, 422, 422, 422, 422],
    ],
  );
  said.push(await post({ serialNumber: "BB" }, "low"));
  for (const name of ["serial:A1B2", "serial:a1:b2", "certificate:345", "serial:CC", "serial:", "order:7"])
    said.push(await edge.ask(`/v1/orders/${name}`, { as: "olivia" }));
  said.push(await edge.ask("/v1/orders/serial:A1B2", { as: "low" }));
  const settle = { as: "olivia", method: "POST", body: "{}" };
  said.push(await edge.ask("/v1/orders/certificate:345/settle", settle));
  const csv = "serialNumber,codeReason\r\nFF01,1\r\n0001,0\r\n";
  const headers = { "content-type": "text/csv" };
  const plan = await edge.ask("/v1/jobs", { as: "olivia", method: "POST", body: csv, headers });
  const mixed = [
    { certificateID: "99" },
    { orderNumber: "400" },
    { serialNumber: "a1b2" },
    { orderNumber: "40" },
  ];
  const json = await edge.ask("/v1/jobs", {
    as: "olivia",
    method: "POST",
    body: JSON.stringify({ orders: mixed }),
  });
  const rows = await edge.ask(`/v1/jobs/${json.json.id}/orders`, { as: "olivia" });
  const refused = await edge.ask("/v1/jobs", {
    as: "low",
    method: "POST",
    body: JSON.stringify({ orders: mixed }),
  });
  const { json: log } = await edge.ask("/v1/audit?order=serial:A1B2", { as: "greta" });
  const entries = log.entries
    .map((/** @type {any} */ { serialNumber, phase }) => [serialNumber, phase])
    // What is refused to a caller is not in the fake's log.
    .filter(([, phase]) => phase !== "refused");
  const listed = await edge.ask("/v1/orders?state=revoked&limit=1000", { as: "olivia" });
  const named = listed.json.orders.filter((/** @type {any} */ { orderNumber }) => orderNumber === undefined);
  assert.ok(entries.length >= 4 && named.length >= 3);
  return [[...said, plan, json, rows, refused].map(({ status, json }) => [status, json]), entries, named];
});

both("what cannot be read, is not there, or is wrong", async (edge) => {
  const post = (/** @type {unknown} */ body, /** @type {object} */ more = {}) =>
    edge.ask("/v1/revocations", { as: "olivia", method: "POST", body: JSON.stringify(body), ...more });
  const answers = [
    await post({}),
    await post({
      orderNumber: "007",
      codeReason: 2,
      productCode: "x".repeat(51),
      product: -1,
      test: "y",
      more: 1,
    }),
    await post({ orderNumber: 2 ** 53, revocationReason: "a\u0000b" }),
    await post({ orderNumber: "9223372036854775808" }),
    await post([]),
    await post("x", { body: "{" }),
    await post({ orderNumber: "7" }, { headers: { "content-type": "text/plain" } }),
    await post({ orderNumber: "7" }, { headers: { "idempotency-key": "with a blank" } }),
    await post({ orderNumber: "7", revocationReason: "x".repeat(70_000) }),
    await edge.ask("/v1/revocations", { as: "olivia" }),
    await edge.ask("/v1/nothing", { as: "olivia" }),
    await edge.ask("/v1/orders/7?x=1", { as: "olivia" }),
    await edge.ask("/v1/orders/x", { as: "olivia" }),
    await edge.ask("/v1/orders/9999999", { as: "olivia" }),
    await edge.ask("/v1/jobs/job_000000000000000000000000", { as: "olivia" }),
    await edge.ask("/v1/jobs?state=lost", { as: "olivia" }),
    await edge.ask("/v1/me"),
    await edge.ask("/v1/me", { as: "ark_nobody_000" }),
    await edge.ask("/healthz"),
  ];
  assert.deepEqual(edge.calls("7"), []);
  return answers.map(({ status, json }) => [status, json]);
});

{
  const [order] = numbers(1);
  both("who may do what", async (edge) => {
    const as = edge.client;
    const said = [
      await told(as("theo").revoke({ orderNumber: order })),
      await told(as("theo").revoke({ orderNumber: order, test: true })),
      await told(as("greta").revoke({ orderNumber: order })),
      await told(as("low").revoke({ orderNumber: order })),
      await told(as("low").orders.get(order)),
      await told(as("low").orders.settle(order)),
      await told(
        as("low").jobs.create({
          orders: [{ orderNumber: "300" }, { orderNumber: order }],
          defaults: { codeReason: 1 },
        }),
      ),
      await told(as("greta").jobs.list()),
      await told(as("olivia").audit.head()),
      await told(as("olivia").jobs.pauseAll()),
      await as("low").revoke({ orderNumber: "300" }),
    ];
    for (const who of ["low", "robot", "greta"]) said.push(await as(who).me());
    return said;
  });
}

both("orders are listed by state, jobs for an auditor, entries by what they are about", async (edge) => {
  const [client, greta] = [edge.client("lister"), edge.client("greta")];
  edge.set({ 50002: "call-lost", 50003: "expired" });
  for (const orderNumber of ["50001", "50002", "50003"])
    await told(client.revoke({ orderNumber, codeReason: "superseded" }));
  await client.revoke({ orderNumber: "50004", test: true });
  const first = await client.orders.list({ limit: 1 });
  const numbersOf = (/** @type {any} */ { orders }) => orders.map((/** @type {any} */ it) => it.orderNumber);
  const { id } = await client.jobs.create({
    orders: [
      { orderNumber: "50005", codeReason: 1 },
      { orderNumber: "50005", codeReason: 4 },
      { orderNumber: "50006", codeReason: 4 },
    ],
  });
  const actions = async (/** @type {object} */ filter) =>
    (await greta.audit.list(filter)).entries.map(({ action, phase }) => [action, phase]);
  return [
    numbersOf(first),
    numbersOf(await client.orders.list({ after: first.next })),
    await client.orders.list({ state: "unknown" }),
    await client.orders.list({ state: "refused" }),
    await told(greta.orders.list()),
    await greta.jobs.get(id),
    await actions({ order: "50003" }),
    await actions({ job: id }),
    await actions({ actor: "key:lister", action: "plan-job" }),
    (await edge.ask("/v1/breaker", { as: "lister" })).json.state,
    // Left unknown, the edge would probe it while others look at the log.
    (await client.orders.settle("50002", { resend: true })).state,
  ];
});

both("the audit log can be verified, by a head that was kept and the key", async (edge) => {
  const greta = edge.client("greta");
  const head = await greta.audit.head();
  const { json: keys } = await edge.ask("/v1/audit/key");
  await edge.client().revoke({ orderNumber: "20000" });
  const { ok, reason, signature } = await greta.audit.verify({ head, keys });
  assert.ok(ok, reason);
  // The edge may settle another order meanwhile.
  const { entries } = await greta.audit.list({ after: head.seq, order: "20000" });
  return [
    signature,
    entries.map(({ action, phase, actor, orderNumber }) => [action, phase, actor, orderNumber]),
  ];
});
