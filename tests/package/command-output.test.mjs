// The exit status tells what became of the order or job, whoever reads the output: every status of every kind of command,
// into a reader who leaves, a full disk, closed streams, and without a terminal.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { logOf } from "../audit/logs.mjs";
import { HASH, ID, done, job, planned, report, row } from "../client/job-documents.mjs";
import { start } from "./running.mjs";

const program = fileURLToPath(new URL("../../pkg/bin/autorevoke.js", import.meta.url));
const LIMIT_MS = 60_000;

const folder = await mkdtemp(join(tmpdir(), "autorevoke-output-"));
after(() => rm(folder, { recursive: true, force: true }));
const entries = logOf(20).map((entry) => JSON.stringify(entry));
await writeFile(join(folder, "good.ndjson"), `${entries.join("\n")}\n`);
await writeFile(join(folder, "bad.ndjson"), `${entries.toSpliced(3, 1).join("\n")}\n`);

/** The edge's answers, by path. An order's or job's own says how it ends. */
const problem = (
  /** @type {string} */ kind,
  /** @type {number} */ status,
  /** @type {object} */ members = {},
) => ({
  status,
  type: "application/problem+json",
  body: JSON.stringify({ type: `urn:autorevoke:problem:${kind}`, title: kind, status, ...members }),
});
const json = (/** @type {object} */ body, status = 200) => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
});
const page = { status: 200, type: "text/html", body: "<html>Please log in</html>" };
const events = (/** @type {any} */ job) => ({
  status: 200,
  type: "text/event-stream",
  body: `event: progress\nid: ${job.revision}\ndata: ${JSON.stringify(job)}\n\n`,
});

/** Whoever asks says in the token which answers there are. @type {Record<string, Record<string, object>>} */
const worlds = {
  good: {
    "POST /v1/revocations": json({
      ...{ orderNumber: "7", outcome: "revoked", errorCode: 0, test: false, auditSeq: 3 },
    }),
    [`POST /v1/jobs/${ID}/start`]: json(job(), 202),
    "POST /v1/jobs": json(planned(), 201),
    "POST /v1/jobs/pause-all": json({ paused: [ID] }, 202),
    [`GET /v1/jobs/${ID}`]: json(done({ revision: 8 })),
    [`GET /v1/jobs/${ID}/events`]: events(done({ revision: 9 })),
    [`GET /v1/jobs/${ID}/orders`]: json({ orders: [row(1)] }),
    [`GET /v1/jobs/${ID}/report`]: json(report()),
    "GET /v1/audit": json({ entries: entries.map((entry) => JSON.parse(entry)) }),
  },
  no: {
    "POST /v1/revocations": problem("ca-refused", 422, {
      ...{ orderNumber: "7", errorCode: -35, errorMessage: "Expired", mayHaveRevoked: false },
    }),
    [`POST /v1/jobs/${ID}/start`]: problem("illegal-state", 409),
    "POST /v1/jobs/pause-all": problem("forbidden", 403),
    [`GET /v1/jobs/${ID}`]: json(done({ revision: 8 })),
    [`GET /v1/jobs/${ID}/events`]: events({
      ...done({ revision: 9 }),
      counts: { ...done().counts, revoked: 11, refused: 1 },
    }),
    [`GET /v1/jobs/${ID}/orders`]: problem("not-found", 404),
    "GET /v1/audit": problem("forbidden", 403),
  },
  unknown: {
    "POST /v1/revocations": problem("unknown-outcome", 502, { orderNumber: "7", mayHaveRevoked: true }),
    [`POST /v1/jobs/${ID}/start`]: page,
    "POST /v1/jobs/pause-all": page,
    [`GET /v1/jobs/${ID}`]: json(done({ revision: 8 })),
    [`GET /v1/jobs/${ID}/events`]: events({
      ...done({ revision: 9 }),
      counts: { ...done().counts, revoked: 11, unknown: 1 },
    }),
    [`GET /v1/jobs/${ID}/orders`]: page,
    "GET /v1/audit": page,
  },
};
// Whoever is stopped before the events tells by what was known of the job until then.
for (const [name, counts] of /** @type {[string, object][]} */ ([
  ["no", { revoked: 11, refused: 1 }],
  ["unknown", { revoked: 11, unknown: 1 }],
])) {
  const ended = done({ revision: 8 });
  worlds[name][`GET /v1/jobs/${ID}`] = json({ ...ended, counts: { ...ended.counts, ...counts } });
}

const server = createServer((request, response) => {
  const token = String(request.headers.authorization).replace("Bearer ", "");
  const path = String(request.url).split("?")[0];
  const { status, type, body } = /** @type {any} */ (worlds[token]?.[`${request.method} ${path}`] ?? page);
  request.resume().on("end", () => response.writeHead(status, { "content-type": type }).end(body));
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => (server.closeAllConnections(), server.close()));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const env = (/** @type {string} */ world) => ({
  AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}`,
  AUTOREVOKE_TOKEN: world,
});

/**
 * A kind of command, and for each status how to come by it. `says`: what must be read somewhere when it is 0 or 3, on
 * standard error if not on standard output. `document`: what it writes is to be kept, so that a part of it is not done.
 * @type {{ name: string, args: string[], wrong?: string[], no?: string[], says?: RegExp, document?: boolean,
 *   statuses: number[] }[]}
 */
const kinds = [
  {
    ...{ name: "revoke", args: ["revoke", "7", "--reason", "superseded", "--yes"] },
    ...{
      wrong: ["revoke", "7", "--yes"],
      says: /order 7: revoked \(audit entry 3\)|order 7|unknown-outcome/,
    },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "revoke --json", args: ["revoke", "7", "--reason", "4", "--yes", "--json"] },
    ...{ wrong: ["revoke", "--json"], says: /"orderNumber":"7"/ },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "job start", args: ["job", "start", ID, "--plan-hash", HASH, "--total", "12"] },
    ...{ wrong: ["job", "start", ID], says: /running|what became of the start/ },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "job watch", args: ["job", "watch", ID], wrong: ["job", "watch"], says: /12|done/ },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{
      name: "job pause-all",
      args: ["job", "pause-all"],
      wrong: ["job", "pause-all", "x"],
      says: /job_0|Jobs may/,
    },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "job orders", args: ["job", "orders", ID], wrong: ["job", "orders"], document: true },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "audit export", args: ["audit", "export"], wrong: ["audit", "export", "x"], document: true },
    statuses: [0, 1, 2, 3],
  },
  {
    ...{ name: "audit verify", args: ["audit", "verify", join(folder, "good.ndjson")], says: /^OK: 20/m },
    ...{
      no: ["audit", "verify", join(folder, "bad.ndjson")],
      wrong: ["audit", "verify", join(folder, "none")],
    },
    statuses: [0, 1, 2],
  },
  { name: "codes", args: ["codes", "-21"], wrong: ["codes", "x"], statuses: [0, 2] },
  { name: "help", args: ["revoke", "--help"], wrong: ["revok"], statuses: [0, 2] },
];

/** Runs it with these streams. @param {string[]} args @param {string} world @param {any[]} stdio */
async function run(args, world, stdio, detached = false) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, ...env(world) },
    ...{ stdio, detached, timeout: LIMIT_MS },
  });
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (err += text));
  return { child, said: () => ({ out, err }) };
}

/** By a shell, which can close a stream. @param {string} redirection @returns {Sink} */
const shell = (redirection) => async (args, world) => {
  const child = spawn("sh", ["-c", `exec "$0" "$@" ${redirection}`, process.execPath, program, ...args], {
    env: { PATH: process.env.PATH, ...env(world) },
    timeout: LIMIT_MS,
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.end();
  const [status] = await once(child, "close");
  return { status, out, err };
};

/** @typedef {{ status: number, out: string, err: string }} Said */
/** @typedef {(args: string[], world: string) => Promise<Said>} Sink */

/**
 * Where its output goes, and whether what it says there is `lost`, the disk is `full`, or its errors are `mute`; `few`: not
 * every kind of command writes there in a way of its own.
 * @type {Record<string, { to: Sink, lost?: boolean, full?: boolean,
 *   mute?: boolean, few?: boolean }>} */
const sinks = {
  "a reader": { to: shell("") },
  "| true": {
    lost: true,
    async to(args, world) {
      const { child, said } = await run(args, world, ["ignore", "pipe", "pipe"]);
      child.stdout?.destroy();
      const [status] = await once(child, "close");
      return { status, ...said() };
    },
  },
  "| head -1": {
    async to(args, world) {
      const { child, said } = await run(args, world, ["ignore", "pipe", "pipe"]);
      child.stdout?.once("data", () => child.stdout?.destroy());
      const [status] = await once(child, "close");
      return { status, ...said() };
    },
  },
  ...(existsSync("/dev/full") && {
    "> /dev/full": {
      ...{ lost: true, full: true },
      async to(args, world) {
        const full = await open("/dev/full", "w");
        const { child, said } = await run(args, world, ["ignore", full.fd, "pipe"]);
        const [status] = await once(child, "close");
        await full.close();
        return { status, ...said() };
      },
    },
    "2> /dev/full": { to: shell("2>/dev/full"), mute: true, few: true },
    "> /dev/full 2>&1": { to: shell(">/dev/full 2>&1"), full: true, mute: true, few: true },
  }),
  "closed output": { to: shell(">&-"), few: true },
  "closed errors": { to: shell("2>&-"), mute: true, few: true },
  "closed input": { to: shell("<&-"), few: true },
  "no terminal": {
    few: true,
    async to(args, world) {
      const { child, said } = await run(args, world, ["ignore", "pipe", "pipe"], true);
      const [status] = await once(child, "close");
      return { status, ...said() };
    },
  },
};

const FEW = ["revoke", "job watch", "audit export"];
const WORLD_OF = { 0: "good", 1: "no", 2: "good", 3: "unknown" };

for (const [into, { to, lost = false, full = false, mute = false, few = false }] of Object.entries(sinks)) {
  describe(`into ${into}`, { concurrency: 4 }, () => {
    for (const { name, args, wrong = [], no = args, says, document = false, statuses } of kinds) {
      if (few && !FEW.includes(name)) continue;
      for (const status of statuses) {
        test(`${name}, status ${status}`, async () => {
          const world = WORLD_OF[/** @type {keyof WORLD_OF} */ (status)];
          const said = await to(status === 2 ? wrong : status === 1 ? no : args, world);
          // A document that the disk has no room for was not written, whatever else went well.
          const expected = document && full && status === 0 ? 3 : status;
          assert.equal(said.status, expected, said.err);
          assert.doesNotMatch(said.err, /\n +at |node:internal/);
          if (status > 0 && !mute && !(name === "audit verify" && status === 1) && name !== "job watch")
            assert.match(said.err, /^autorevoke: /m);
          if (
            lost &&
            says &&
            (status === 0 || name.endsWith("--json")) &&
            status !== 2 &&
            name !== "job watch"
          )
            assert.match(said.err, says, "what could not be printed is said on standard error");
          if (full && !mute && status === 0) assert.match(said.err, /cannot be written: ENOSPC/);
        });
      }
    }
  });
}

test("a job that goes on is never done because nobody watches it", async () => {
  const running = job({ revision: 4 }, { pending: 6, revoked: 6 });
  worlds.running = {
    [`GET /v1/jobs/${ID}`]: json(job()),
    [`GET /v1/jobs/${ID}/events`]: events(running),
  };
  for (const into of ["| true", "| head -1"]) {
    for (const more of [[], ["--json"]]) {
      const { status, err } = await sinks[into].to(["job", "watch", ID, ...more], "running");
      assert.equal(status, 3, `${into} ${more}: ${err}`);
      assert.match(err, /^autorevoke: no longer watched\. The job itself goes on: /m);
    }
  }
});

test("a confirmation that nobody can give is asked for nowhere", async () => {
  for (const into of ["closed input", "no terminal", "| true"]) {
    for (const args of [
      ["revoke", "7", "--reason", "superseded"],
      ["job", "start", ID],
    ]) {
      const { status, err } = await sinks[into].to(args, "good");
      assert.equal(status, 2, into);
      assert.match(err, /can be asked here/);
    }
  }
});

test("a fault of the command itself is status 3: nobody knows what it was doing", async () => {
  const broken = "process.stdout.write = () => { throw new TypeError('out of order'); };";
  const options = `--import=data:text/javascript,${encodeURIComponent(broken)}`;
  for (const args of [
    ["revoke", "7", "--reason", "superseded", "--yes"],
    ["audit", "export"],
    ["codes", "-21"],
  ]) {
    const { status, err } = await start(args, { ...env("good"), NODE_OPTIONS: options }).ended;
    assert.equal(status, 3, `${args}: ${err}`);
    assert.match(err, /^autorevoke: the command itself failed: out of order$/m);
  }
});

test("a log and a head as PowerShell writes them are sound: UTF-16, with a mark and CRLF", async () => {
  const { signer } = await import("../audit/logs.mjs");
  const head = JSON.stringify(signer().head(JSON.parse(entries[14])));
  const crlf = (/** @type {string} */ text) => `\ufeff${text.replaceAll("\n", "\r\n")}\r\n`;
  const log = entries.join("\n");
  for (const [name, encode] of /** @type {[string, (text: string) => Buffer][]} */ ([
    ["utf8", (text) => Buffer.from(crlf(text))],
    ["utf16le", (text) => Buffer.from(crlf(text), "utf16le")],
    ["utf16be", (text) => Buffer.from(crlf(text), "utf16le").swap16()],
  ])) {
    const [logFile, headFile] = ["log", "head"].map((what) => join(folder, `${what}-${name}`));
    await writeFile(logFile, encode(log));
    await writeFile(headFile, encode(head));
    const { status, out } = await start(["audit", "verify", logFile, "--head", headFile], {}).ended;
    assert.equal(status, 0, `${name}: ${out}`);
  }
});

test("a log in an encoding that is not known was not checked, and is not called changed", async () => {
  const log = join(folder, "log-ansi");
  await writeFile(log, `${entries.join("\n")}\n`, "latin1");
  const { status, out } = await start(["audit", "verify", log], {}).ended;
  assert.equal(status, 1);
  assert.match(
    out,
    /^NOT CHECKED from entry \d+ on: it is in another encoding, or damaged\.\nEntry \d+ cannot be read: /,
  );
  assert.doesNotMatch(out, /believed|changed|replaced/);
});

test("what others wrote cannot move the terminal's cursor, break its lines or turn them round", async () => {
  const hostile = "x\u202ey\u2028z\u2066w\u009b2Jv\u001b[2J";
  worlds.hostile = {
    "POST /v1/revocations": json({
      ...{ orderNumber: "7", outcome: "already-revoked", errorCode: -21, errorMessage: hostile, test: false },
    }),
    [`GET /v1/jobs/${ID}`]: json(planned({ name: hostile, createdBy: hostile, lastError: hostile })),
    [`GET /v1/jobs/${ID}/orders`]: json({
      orders: [row(1, { outcome: "refused", errorCode: -3, errorMessage: hostile })],
    }),
    "GET /v1/jobs": json({ jobs: [job({ name: hostile })] }),
    "POST /v1/jobs/pause-all": problem("forbidden", 403, { title: hostile, detail: hostile }),
  };
  worlds.refusing = {
    "POST /v1/revocations": problem("ca-refused", 422, {
      ...{ orderNumber: "7", errorCode: -3, errorMessage: hostile, mayHaveRevoked: false },
    }),
  };
  for (const [world, ...args] of [
    ["hostile", "revoke", "7", "--reason", "4", "--yes"],
    ["hostile", "revoke", "7", "--reason", "4", "--yes", "--json"],
    ["refusing", "revoke", "7", "--reason", "4", "--yes"],
    ["refusing", "revoke", "7", "--reason", "4", "--yes", "--json"],
    ["hostile", "job", "show", ID],
    ["hostile", "job", "show", ID, "--json"],
    ["hostile", "job", "list"],
    ["hostile", "job", "orders", ID],
    ["hostile", "job", "orders", ID, "--json"],
    ["hostile", "job", "pause-all"],
  ]) {
    const { out, err } = await start(args, env(world)).ended;
    assert.match(out + err, /x.+y/, args.join(" "));
    assert.doesNotMatch(out + err, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, args.join(" "));
    if (!args.includes("--json") || out === "") continue;
    // As JSON it says the same.
    assert.ok(JSON.stringify(JSON.parse(out)).includes("\u202e"));
  }
});

test("a line stays one line, and a cell one cell, whatever others wrote", async () => {
  const told = (/** @type {string} */ text) => ({
    "POST /v1/revocations": json({
      ...{ orderNumber: "7", outcome: "already-revoked", errorCode: -21, errorMessage: text, test: false },
    }),
    [`GET /v1/jobs/${ID}`]: json(planned({ name: text, createdBy: text, lastError: text })),
    [`GET /v1/jobs/${ID}/orders`]: json({
      orders: [row(1, { outcome: "refused", productCode: text, errorCode: -3, errorMessage: text })],
    }),
    "GET /v1/jobs": json({ jobs: [job({ name: text }), job({ name: "other" })] }),
    "POST /v1/jobs/pause-all": problem("forbidden", 403, { title: text, detail: text }),
  });
  worlds.plain = told("x revoked y next: z");
  worlds.forged = told("x\r\n revoked\ty\n\u2028next: z");
  for (const args of [
    ["revoke", "7", "--reason", "4", "--yes"],
    ["job", "show", ID],
    ["job", "list"],
    ["job", "orders", ID],
    ["job", "pause-all"],
  ]) {
    const [plain, forged] = await Promise.all(
      ["plain", "forged"].map(async (world) => {
        const { out, err } = await start(args, env(world)).ended;
        return out + err;
      }),
    );
    assert.match(plain, /x revoked y next: z/, args.join(" "));
    assert.equal(forged.split("\n").length, plain.split("\n").length, args.join(" "));
    if (args[1] === "orders") assert.equal(forged, plain);
  }
  // Nor what stands for a file's name or an option.
  const { err } = await start(["revoke", "7\nautorevoke: done", "--nonsense\u202e"], {}).ended;
  assert.doesNotMatch(err, /^autorevoke: done|\u202e/m);
});
