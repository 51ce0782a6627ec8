// The declarations as users' compilers read them: alone, strictly, without the DOM's library and with it; and what they say
// about a wrong call.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { membersOf } from "./schemas.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const tsc = join(root, "node_modules/typescript/bin/tsc");

/**
 * Compiles files, and gives what the compiler says.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string>} files
 * @param {object} [options]
 */
async function compiled(t, files, options) {
  // Inside of the workspace, so that the package is found by its name.
  const folder = await mkdtemp(join(here, ".project-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
    ...{ target: "es2020", lib: ["es2020"], types: [], module: "nodenext", ...options },
  };
  const include = Object.keys(files);
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include }));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  return run(process.execPath, [tsc, "--project", folder], { timeout: 120_000 }).then(
    () => "",
    ({ stdout, stderr }) => String(stdout + stderr),
  );
}

/** @param {...string} names */
async function filesOf(...names) {
  const texts = await Promise.all(names.map((name) => readFile(join(here, name), "utf8")));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]]));
}

test("errors narrow by kind, clients are two, undefined counts as absent: with ES2020's library alone", async (t) => {
  const files = await filesOf("errors.ts", "calls.ts", "testing.ts", "worker.ts");
  assert.equal(await compiled(t, files), "");
  assert.equal(await compiled(t, files, { module: "esnext", moduleResolution: "bundler" }), "");
});

test("with the DOM's library, what a runtime has fits", async (t) => {
  const files = await filesOf("errors.ts", "calls.ts", "testing.ts", "worker.ts", "runtimes.ts");
  assert.equal(await compiled(t, files, { lib: ["es2022", "dom"] }), "");
});

test("what the compiler says of a wrong call is about the one that was meant", async (t) => {
  const calls = [
    ["revoke({ orderNumber: 1 }, { token: 'x' })", /'endpoint' is missing/],
    [
      "revoke({ orderNumber: 1, accountID: 2 }, { endpoint: 'https://edge.example' })",
      /'accountID' does not exist/,
    ],
    ["revoke({ orderNumber: 1 }, { credentials: { loginName: 'x' } })", /'loginPassword' is missing/],
    ["createClient({ endpoint: 5 })", /'number' is not assignable to type 'string \| UrlLike/],
  ];
  for (const [call, about] of calls) {
    const said = await compiled(t, {
      "main.ts": `import { createClient, revoke } from "autorevoke";\nvoid ${call};`,
    });
    assert.match(said, /** @type {RegExp} */ (about), String(call));
    // What it would say of the other way.
    assert.doesNotMatch(said, /'credentials' is missing|to type 'DirectOptions'/, String(call));
  }
});

/** The edge's documents, each with the type that the package has for it. */
const DECLARED = {
  Order: "RevocationOrder",
  CodeReason: "CodeReason",
  Revocation: "Revocation",
  Outcome: "Outcome",
  OrderRecord: "OrderRecord",
  OrderList: "OrderList",
  ListedOrder: "ListedOrder",
  // Where an order stands, or, of attempts only, that a test call went well.
  OrderState: 'OrderAttempt["outcome"]',
  Attempt: "OrderAttempt",
  AttemptPurpose: 'NonNullable<OrderAttempt["purpose"]>',
  CertificateFacts: 'NonNullable<JobRow["certificate"]>',
  PlanOrder: "JobOrder",
  PlanDefaults: "JobDefaults",
  PlannedJob: "JobDetails",
  JobState: "JobState",
  JobCounts: "JobCounts",
  JobReasons: 'Job["reasons"]',
  JobApproval: "JobApproval",
  JobDecline: 'NonNullable<Job["declined"]>',
  KnownOrders: 'JobDetails["known"]',
  KnownOrder: 'JobDetails["known"]["orders"][number]',
  MergedOrder: 'JobDetails["merged"][number]',
  JobList: "JobList",
  PausedJobs: "PausedJobs",
  JobOrders: "JobPage",
  JobOrder: "JobRow",
  RowOutcome: "JobOutcome",
  JobReport: "JobReport",
  Failures: 'JobReport["failures"][number]',
  Planned: 'JobReport["planned"]',
  Actual: 'JobReport["actual"]',
  AuditEntries: "AuditPage",
  AuditHead: "AuditHead",
  Me: "Me",
  Grant: 'Me["grants"][number]',
};

/** Always there from an edge of today; but not from the CA, or from an older edge. @type {Record<string, string[]>} */
const NOT_FROM_ALL = { Revocation: ["auditSeq"], Me: ["limits"] };

test("the types of documents have the members and the values that the edge's documents have", async (t) => {
  const document = JSON.parse(await readFile(join(root, "src/edge/openapi.json"), "utf8"));
  const lines = Object.entries(DECLARED).map(([schema, type]) => {
    const { values, members } = membersOf(document, schema);
    const list = (/** @type {unknown[]} */ names) =>
      names.map((name) => JSON.stringify(name)).join(" | ") || "never";
    if (values) return `const ${schema}_values: Same<${type}, ${list(values)}> = same;`;
    const also = NOT_FROM_ALL[schema] ?? [];
    const optional = [...members].filter(([name, required]) => !required || also.includes(name));
    return [
      `const ${schema}_members: Same<Names<${type}>, ${list([...members.keys()])}> = same;`,
      `const ${schema}_optional: Same<Optional<${type}>, ${list(optional.map(([name]) => name))}> = same;`,
    ].join("\n");
  });
  const named = Object.values(DECLARED).map((type) => /** @type {any} */ (/[A-Z]\w+(?!.*<)/.exec(type))[0]);
  const main = `import type { ${[...new Set(named)].join(", ")} } from "autorevoke";
type Same<Here, There> = [Here, There] extends [There, Here]
  ? "the same"
  : { onlyHere: Exclude<Here, There>; onlyInTheDocument: Exclude<There, Here> };
type Names<Of> = Of extends unknown ? keyof Of : never;
type Optional<Of> = Of extends unknown ? { [Name in keyof Of]-?: {} extends Pick<Of, Name> ? Name : never }[keyof Of] : never;
const same = "the same";
${lines.join("\n")}
`;
  assert.equal(await compiled(t, { "documents.ts": main }), "");
});

test("EdgeEnv has the edge's variables, and its binding", async (t) => {
  const config = await readFile(join(root, "worker/workerd.capnp"), "utf8");
  const names = [...config.matchAll(/fromEnvironment = "(\w+)"/g)].map(([, name]) => JSON.stringify(name));
  assert.ok(names.length > 15);
  const main = `import type { EdgeEnv } from "autorevoke/worker";
type All = "LEDGER" | ${names.join(" | ")};
const same: [keyof EdgeEnv, All] extends [All, keyof EdgeEnv] ? true : false = true;
export { same };
`;
  assert.equal(await compiled(t, { "names.ts": main }), "");
});

test("autorevoke/simulator is declared as the simulator is", async (t) => {
  const main = `import * as own from "../../../simulator/index.js";
import type * as declared from "autorevoke/simulator";
const same: typeof declared = own;
export { same };
`;
  const options = { allowJs: true, lib: ["es2023"], types: ["node"], skipLibCheck: true };
  assert.equal(await compiled(t, { "simulator.ts": main }, options), "");
});
