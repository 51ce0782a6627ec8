// A plan from a list, in every way in which programs write it; and the job's rows as CSV again.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "../edge/world.mjs";
import { cellsOf } from "./csv-cells.mjs";
import { JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";
import { planHash } from "./plan-hash.mjs";

const world = await startWorld({ people: JOB_PEOPLE, variables: { ...NO_APPROVAL, MAX_JOB_ORDERS: "100" } });
const jobs = jobsOf(world);

const CSV = { "content-type": "text/csv" };
const COLUMNS = [
  ...["orderNumber", "codeReason", "revocationReason", "productCode", "product", "test", "outcome"],
  ...["errorCode", "errorMessage", "attempts", "settled", "updatedAt", "auditSeq"],
  ...["waitsForPerson", "unknownSinceRestore", "serialNumber", "certificateID", "label"],
];

/** @param {string | Uint8Array} body @param {{ query?: string, headers?: Record<string, string> }} [how] */
const ask = (body, { query = "?codeReason=0", headers = {} } = {}) =>
  world.ask(`/v1/jobs${query}`, { as: "olivia", body, headers: { ...CSV, ...headers } });

/** @param {string | Uint8Array} body @param {string} [query] */
async function plan(body, query) {
  const answer = await ask(body, { query });
  assert.equal(answer.status, 201, `${JSON.stringify(body.toString())}: ${answer.text}`);
  return answer.json;
}

test("the same plan however it is spelt", async () => {
  const orders = [
    {
      orderNumber: "11",
      codeReason: 1,
      revocationReason: 'said "so", twice\nand é',
      productCode: "488",
      product: 7,
      test: true,
    },
    { orderNumber: "12", codeReason: 0, test: true },
  ];
  const hash = planHash(orders);
  const header = "orderNumber,codeReason,revocationReason,productCode,product,test";
  const first = '11,keyCompromise,"said ""so"", twice\nand é",488,7,Y';
  const files = {
    "CRLF, as RFC 4180 has it": `${header}\r\n${first}\r\n12,0,,,,Y\r\n`,
    "without an end at the last line": `${header}\r\n${first}\r\n12,0,,,,Y`,
    LF: `${header}\n${first}\n12,0,,,,Y\n`,
    "CR alone": `${header}\r${first}\r12,0,,,,Y\r`,
    "with a BOM": `\uFEFF${header}\r\n${first}\r\n12,0,,,,true\r\n`,
    "empty lines": `${header}\n\n${first}\n\n12,0,,,,Y\n\n`,
    "every cell quoted": `"orderNumber","codeReason","revocationReason","productCode","product","test"\r\n${first
      .replace("11,keyCompromise", '"11","1"')
      .replace("488,7,Y", '"488","7","true"')}\r\n"12","0","","","","true"\r\n`,
    "in another order of columns":
      'test,product,productCode,orderNumber,revocationReason,codeReason\nY,7,488,11,"said ""so"", twice\nand é",1\nY,,,12,,0\n',
  };
  for (const [what, text] of Object.entries(files)) {
    const job = await plan(text);
    assert.deepEqual([job.total, job.planHash], [2, hash], what);
  }
  const { planHash: only } = await plan("orderNumber\n12\n13\n", "?codeReason=0");
  assert.equal(only, planHash([{ orderNumber: 12 }, { orderNumber: 13 }]));
});

test("name, deadline and the reason of rows without one come in the query", async () => {
  const job = await plan(
    "orderNumber\n1\n",
    "?codeReason=unspecified&name=Jos%C3%A9+7&deadline=2099-01-01T00:00:00Z",
  );
  assert.deepEqual([job.name, job.deadline], ["José 7", "2099-01-01T00:00:00.000Z"]);
  const { status, json } = await ask("orderNumber\nx\n", { query: "?codeReason=4&name=&deadline=soon" });
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(json.fields).sort(), ["deadline", "name", "row 1: orderNumber"]);
  for (const query of ["?nome=x", "?columns=orderNumber"])
    assert.equal((await ask("orderNumber\n1\n", { query })).kind, "malformed-request", query);
  for (const [query, field] of [
    ["?codeReason=2", "codeReason"],
    ["?codeReason=KeyCompromise", "codeReason"],
    ["?codeReason=1&test=Y", "test"],
    [`?codeReason=1&revocationReason=${"x".repeat(1025)}`, "revocationReason"],
  ]) {
    const { status, json } = await ask("orderNumber\n1\n", { query });
    assert.deepEqual([status, Object.keys(json.fields)], [422, [field]], query);
  }
  const commented = await plan(
    "orderNumber,revocationReason\n1,\n2,own\n",
    "?codeReason=4&revocationReason=for+all",
  );
  assert.equal(
    commented.planHash,
    planHash([
      { orderNumber: 1, codeReason: 4, revocationReason: "for all" },
      { orderNumber: 2, codeReason: 4, revocationReason: "own" },
    ]),
  );
  const drill = await plan("orderNumber\n1\n", "?codeReason=4&test=true");
  assert.deepEqual(
    [drill.drill, drill.planHash],
    [true, planHash([{ orderNumber: 1, codeReason: 4, test: true }])],
  );
  const without = await ask("orderNumber,codeReason\n1,4\n2,\n", { query: "" });
  assert.deepEqual([without.status, without.json.rows], [422, [2]]);
  assert.deepEqual(Object.keys(without.json.fields), ["row 2: codeReason"]);
  const key = { "idempotency-key": "csv" };
  const first = await ask("orderNumber,codeReason\n1,1\n", { headers: key });
  assert.equal((await ask("orderNumber,codeReason\r\n1,1\r\n", { headers: key })).json.id, first.json.id);
  assert.equal((await ask("orderNumber,codeReason\n2,1\n", { headers: key })).kind, "idempotency-mismatch");
});

test("every bad row is named by its number, the header not counted", async () => {
  const { status, json } = await ask(
    [
      "orderNumber,codeReason,test,product",
      "1,keyCompromise,N,",
      "02,,,",
      "3,2,,",
      '"4\n",,,',
      "5,,yes,",
      "6,,",
      "7,,,,",
      "8,,,1.5",
      ",,,",
      "10,,,",
      " 11,,,",
      "12,1e0,,",
      "13,,,007",
    ].join("\n"),
    { query: "?codeReason=0" },
  );
  assert.equal(status, 422);
  assert.deepEqual(json.rows, [2, 3, 5, 6, 7, 8, 9, 12, 13]);
  assert.deepEqual(Object.keys(json.fields).sort(), [
    ...["row 12: codeReason", "row 13: product", "row 2: orderNumber"],
    ...["row 3: codeReason", "row 5: test", "row 6", "row 7"],
    ...["row 8: product", "row 9"],
  ]);
});

test("what is no list, or has other columns, is refused as a whole", async () => {
  /** @type {[string | Uint8Array, string[]][]} */
  const cases = [
    ["", ["list"]],
    ["\uFEFF", ["list"]],
    ['orderNumber\n1\n"2\n3\n4\n', ["list"]],
    ['orderNumber\n1"2\n', ["list"]],
    ['orderNumber,productCode\n1,"a"b\n', ["list"]],
    ["orderNumber\n", ["list"]],
    ["PK\u0003\u0004xl/workbook.xml", ["list"]],
    ["orderNumber,orderNumber\n1,1\n", ["column orderNumber"]],
    ["orderNumber,colour\n1,red\n", ["columns"]],
    ["codeReason\n1\n", ["header row (line 1)"]],
  ];
  for (const [body, fields] of cases) {
    const { status, kind, json } = await ask(body, { query: "?codeReason=0" });
    assert.deepEqual([status, kind], [422, "invalid-order"], JSON.stringify(body));
    assert.deepEqual(Object.keys(json.fields).sort(), fields.sort(), JSON.stringify(body));
    assert.deepEqual(json.rows, []);
  }
  const latin1 = Buffer.from("orderNumber,revocationReason\n1,caf\xe9\n2,ok\n", "latin1");
  const { status, json } = await ask(latin1, { query: "?codeReason=0" });
  assert.equal(status, 422);
  assert.deepEqual(json.rows, [1]);
  const { json: long } = await ask(`orderNumber\n${"1\n".repeat(101)}`);
  assert.match(long.fields.list, /100/);
});

test("what is said to be JSON is a plan as JSON, and the query is for lists", async () => {
  const headers = { "content-type": "application/json" };
  const json = (/** @type {string | Uint8Array} */ body, query = "") => ask(body, { query, headers });
  for (const body of ["orderNumber,codeReason\n1,4\n", "[]", "\uFEFF{}", "{\n-----BEGIN CERTIFICATE-----\n"])
    assert.equal((await json(body)).kind, "malformed-request", body);
  const sound = '{"orders":[{"orderNumber":1,"codeReason":4}]}';
  assert.equal((await json(sound, "?codeReason=4")).kind, "malformed-request");
  assert.equal((await json(sound)).status, 201);
  assert.equal((await ask(sound)).status, 201, "a file may be one as well");
  for (const type of ["text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
    assert.equal((await ask("1\n", { headers: { "content-type": type } })).status, 415, type);
});

test("other columns are named, and left out by ?columns=", async () => {
  const text = "Order ID;Common Name;Owner\r\n31;www.example.com;ann\r\n";
  const { status, json } = await ask(text);
  assert.equal(status, 422);
  assert.match(json.fields.columns, /Order ID, Common Name, Owner.*columns=/);
  const columns = encodeURIComponent("Order ID=orderNumber");
  const job = await plan(text, `?codeReason=1&columns=${columns}`);
  assert.equal(job.planHash, planHash([{ orderNumber: 31, codeReason: 1 }]));
});

test("duplicates are merged as in JSON", async () => {
  const job = await plan(
    "orderNumber,codeReason\n5,superseded\n6,\n5,affiliationChanged\n5,0\n",
    "?codeReason=unspecified",
  );
  assert.deepEqual([job.total, job.duplicates], [2, 2]);
  assert.deepEqual(job.merged, [
    { orderNumber: "5", rows: [1, 3, 4], count: 3, codeReason: 3, conflict: true },
  ]);
  assert.equal(job.planHash, planHash([{ orderNumber: 5, codeReason: 3 }, { orderNumber: 6 }]));
});

test("the rows as CSV are those of the pages, and no spreadsheet takes one for a formula", async () => {
  const formulas = ["=1+1", "+1", "@SUM(A1)", "-1+1", "\t=1", "-2", 'a,"b"\nc', "'quoted", "plain"];
  const orders = formulas.map((revocationReason, n) => ({
    ...{ orderNumber: world.newOrder(), revocationReason, codeReason: 4 },
    ...(n % 2 === 0 && { productCode: formulas[n].replace(/[\t\n]/g, "") }),
    ...(n === 3 && { product: 9 }),
  }));
  world.ca.orders.set(
    { orderNumber: orders[1].orderNumber, errorCode: -160, errorMessage: "=HYPERLINK(1)" },
    { orderNumber: orders[2].orderNumber, state: "expired" },
    { orderNumber: orders[3].orderNumber, state: "revoked" },
  );
  const job = await jobs.run({ orders });
  await jobs.done(job.id);
  const rows = await jobs.rows(job.id);
  const accept = { accept: "text/csv" };
  const answer = await world.ask(`/v1/jobs/${job.id}/orders`, { as: "olivia", headers: accept });
  assert.match(answer.headers.get("content-type") ?? "", /^text\/csv/);
  const [header, ...lines] = cellsOf(answer.text);
  assert.deepEqual(header, COLUMNS);
  const guarded = (/** @type {string} */ text) =>
    /^[=+@\t\r]/.test(text) || /^-(?!\d+$)/.test(text) ? `'${text}` : text;
  assert.deepEqual(
    lines,
    rows.map((row) => COLUMNS.map((column) => guarded(String(row[column] ?? "")))),
  );
  for (const cell of lines.flat()) assert.doesNotMatch(cell, /^([=+@\t\r]|-(?!\d+$))/);
  const { text } = await world.ask(`/v1/jobs/${job.id}/orders?outcome=refused`, {
    as: "olivia",
    headers: accept,
  });
  assert.deepEqual(
    cellsOf(text).slice(1),
    lines.filter((cells) => cells[COLUMNS.indexOf("outcome")] === "refused"),
  );
  assert.equal(cellsOf(text).length, 3);
});

testTraces(world);
