// HTTP in, HTTP out: reads requests, asks the core and the ledger, writes answers.
import { discard, readAtMost } from "./bodies.js";
import { core, coreGeneration, noteTrap, settingsOf } from "./core.js";
import { failedBefore, failedDuring, logFailure } from "./failures.js";
import { IssuerKeys } from "./issuer-keys.js";
import { logEvent } from "./log.js";

/** How long a caller may take to send a body, in milliseconds, and how much longer for each MiB that it may have. */
const BODY_WITHIN_MS = 10_000;
const BODY_WITHIN_MS_A_MIB = 5_000;

export const handler = { fetch: answer };

async function answer(request, env, ctx) {
  const startedAt = Date.now();
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  const asked = { forMore: false };
  const generation = coreGeneration();
  let visit;
  try {
    visit = newVisit(request, env, instance);
    const given = await take(visit, request, env, ctx, asked);
    const response = toResponse(given, JSON.parse(visit.headers()), env);
    console.log(visit.ended(Date.now(), given.status, Date.now() - startedAt));
    return response;
  } catch (error) {
    noteTrap(error);
    logFailure("front", error, instance);
    const mayHaveActed = asked.forMore && (await mayHaveActedOn(instance, startedAt, env));
    return toResponse(mayHaveActed ? failedDuring(instance) : failedBefore(instance), SAFE_HEADERS);
  } finally {
    // What an earlier instance made is gone with it, and its place belongs to something else.
    if (generation === coreGeneration()) visit?.free();
  }
}

const SAFE_HEADERS = [
  ["Cache-Control", "no-store"],
  ["X-Content-Type-Options", "nosniff"],
];

/** Whether the CA may have been called: the ledger knows, however its answer was broken off. Where it does not say, it may. */
async function mayHaveActedOn(instance, since, env) {
  try {
    return await ledgerOf(env).mayHaveActed(instance, since);
  } catch (error) {
    logFailure("doubt", error, instance);
    return true;
  }
}

async function take(visit, request, env, ctx, asked) {
  let step = JSON.parse(visit.admit(Date.now()));
  if (step.verify) {
    const verdict = await issuerKeys.verify(step.verify, (work) => ctx.waitUntil(work));
    step = JSON.parse(visit.verified(verdict, Date.now()));
  }
  if (step.readBody) {
    const within = BODY_WITHIN_MS + BODY_WITHIN_MS_A_MIB * Math.floor(step.readBody / 2 ** 20);
    const body = await readAtMost(request.body, step.readBody, within).catch(() => undefined);
    step = JSON.parse(body ? visit.decide(body) : visit.withoutBody());
  }
  if (step.answer) {
    if (step.ask) await ledgerOf(env).ask(step.ask);
    await discard(request.body);
    return step.answer;
  }
  // What only reads sends nothing.
  asked.forMore = request.method === "POST";
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
    if (jwksUrl) issuerKeys ??= new IssuerKeys({ jwksUrl });
    madeBy = coreGeneration();
    settings.free();
  }
  return front.visit(instance, request);
}

function toResponse({ status, headers, body, more }, everyHeader, env) {
  const whole = status === 204 ? null : more ? inParts(body, more, env) : body;
  return new Response(whole, { status, headers: [...everyHeader, ...headers] });
}

/** A body of which each part says what brings the next one: what to ask the ledger for, and when. */
function inParts(first, next, env) {
  const encoder = new TextEncoder();
  let part = { body: first, more: next };
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      for (;;) {
        const { body, more } = part;
        if (body !== undefined) {
          part = { body: undefined, more };
          if (body !== "") return controller.enqueue(encoder.encode(body));
        }
        if (!more) return controller.close();
        const { ask, pauseMs } = more;
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        const { status, ...following } = JSON.parse(await ledgerOf(env).ask(ask));
        // Broken off, so that nobody takes it for whole.
        if (status !== 200) throw new Error("the next part of an answer is missing");
        part = following;
      }
    },
  });
}
