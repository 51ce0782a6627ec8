// Idempotency-Keys at an edge of their own: many requests at once with each.
// @ts-check
import { hammerKeys } from "../edge/parallel-keys.mjs";
import { World } from "../kill/world.mjs";

/** The CA lives in this process, beside all the callers: it may be slow, and that is no subject here. */
const CA_TIMEOUT_MS = 30_000;

/** @param {import("../edge/parallel-keys.mjs").Settings} settings */
export async function huntKeys(settings) {
  const began = Date.now();
  const world = await World.begin({ CA_TIMEOUT_MS: String(CA_TIMEOUT_MS) });
  try {
    world.letThrough();
    const ask = world.ask.bind(world);
    const { answers, findings } = await hammerKeys({ ca: world.ca, ask }, settings);
    return {
      answers,
      findings: [...findings, ...world.troubles, ...world.failures].map((what) => ({ what })),
      posts: world.ca.ledger().length,
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    await world.end();
  }
}
