// HTTP in, HTTP out: reads requests, asks the core and the ledger, writes answers.
import { waitUntil } from "cloudflare:workers";
import { discard, readAtMost } from "./bodies.js";
import { core, coreGeneration, freeOf, noteTrap, settingsOf } from "./core.js";
import { failedBefore, failedDuring } from "./fixed-answers.js";
import { IssuerKeys } from "./issuer-keys.js";
import { logEvent, logFailure } from "./log.js";
import { toResponse } from "./responses.js";

/** How long a caller may take to send a body, in milliseconds, and how much longer for each MiB that it may have. */
const BODY_WITHIN_MS = 10_000;
const BODY_WITHIN_MS_A_MIB = 5_000;

export const handler = { fetch: respond };

async function respond(request, env, ctx) {
  const startedAt = Date.now();
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  const progress = { mayAct: false };
  const generation = coreGeneration();
  const askLedger = (ask) => ledgerOf(env).ask(ask);
  let visit;
  try {
    visit = newVisit(request, env, instance);
    const answer = await answerOf(visit, request, env, ctx, progress);
    const response = toResponse(answer, JSON.parse(visit.headers()), askLedger);
    console.log(visit.ended(Date.now(), answer.status, Date.now() - startedAt));
    return response;
  } catch (error) {
    noteTrap(error);
    logFailure("front", error, instance);
    const hasActed = progress.mayAct && (await mayHaveActed(instance, startedAt, env));
    return toResponse(hasActed ? failedDuring(instance) : failedBefore(instance), SAFE_HEADERS, askLedger);
  } finally {
    freeOf(generation, visit);
  }
}

const SAFE_HEADERS = [
  ["Cache-Control", "no-store"],
  ["X-Content-Type-Options", "nosniff"],
];

/** Whether the CA may have been called: the ledger knows, however its answer was broken off. Where it does not say, it may. */
async function mayHaveActed(instance, since, env) {
  try {
    return await ledgerOf(env).mayHaveActed(instance, since);
  } catch (error) {
    logFailure("may-have-acted", error, instance);
    return true;
  }
}

async function answerOf(visit, request, env, ctx, progress) {
  let step = JSON.parse(visit.admit(Date.now()));
  if (step.verify) step = JSON.parse(visit.verified(await issuerKeys.verify(step.verify), Date.now()));
  if (step.readBody) {
    const within = BODY_WITHIN_MS + BODY_WITHIN_MS_A_MIB * Math.floor(step.readBody / 2 ** 20);
    const body = await readAtMost(request, step.readBody, within).catch(() => undefined);
    step = JSON.parse(body ? visit.decide(body) : visit.withoutBody());
  }
  if (step.answer) {
    if (step.ask) await ledgerOf(env).ask(step.ask);
    await discard(request.body);
    return step.answer;
  }
  // What only reads sends nothing.
  progress.mayAct = request.method === "POST";
  const work = step.plan ? keepPlan(visit, step.plan, env) : ledgerOf(env).ask(step.ask);
  // Carried through even if the caller has gone by then.
  ctx.waitUntil(work.catch(() => {}));
  return JSON.parse(await work);
}

/** Hands a plan to the ledger in parts: the rows of a large one are more than a message may have. The last brings the answer. */
async function keepPlan(visit, request, env) {
  for (let part = 0; ; part += 1) {
    const rows = visit.planPart();
    const answer = await ledgerOf(env).ask(request, { rows, part, isLast: visit.planIsWhole });
    if (answer !== undefined) return answer;
  }
}

/** One ledger for the one CA account of this deployment. */
const ledgerOf = (env) => env.LEDGER.get(env.LEDGER.idFromName("account"));

let front;
let madeBy;
/** They outlive a trap: what the issuer said is as true as before. @type {IssuerKeys | undefined} */
let issuerKeys;

function newVisit(request, env, instance) {
  const { Front } = core();
  if (!front || madeBy !== coreGeneration()) {
    const settings = settingsOf(env);
    const faults = JSON.parse(settings.faults());
    if (faults.length > 0) logEvent("not-configured", { faults });
    front = new Front(settings);
    const jwksUrl = front.jwksUrl();
    if (jwksUrl) issuerKeys ??= new IssuerKeys({ jwksUrl, waitUntil });
    madeBy = coreGeneration();
    settings.free();
  }
  return front.visit(instance, request);
}
