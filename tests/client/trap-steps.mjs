// Calls whose WebAssembly module traps at each of their steps in turn, in any runtime: what became of each.
import { entered, trapWhen } from "./trapping.mjs";

/** An answer in three pieces, each with a tick of its own. @param {string} text @param {string} type */
function inPieces(text, type) {
  const bytes = new TextEncoder().encode(text);
  const pieces = [bytes.subarray(0, 5), bytes.subarray(5, 9), bytes.subarray(9)];
  /** @param {ReadableStreamDefaultController} to */
  const pull = (to) => (pieces.length > 0 ? to.enqueue(pieces.shift()) : to.close());
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), {
    headers: { "content-type": type },
  });
}

const REVOKED = { orderNumber: "123456", outcome: "revoked", errorCode: 0, test: false };

/** @type {Record<string, { options: any, answer: () => Response }>} */
const ways = {
  edge: {
    options: { endpoint: "https://edge.example", token: async () => "token" },
    answer: () => inPieces(JSON.stringify(REVOKED), "application/json"),
  },
  ca: {
    options: {
      endpoint: "https://ca.example/revoke",
      credentials: { loginName: "demo-reseller", loginPassword: "demo-password" },
      dangerouslyAllowBrowser: true,
    },
    answer: () => inPieces("errorCode=0", "application/x-www-form-urlencoded"),
  },
};

/**
 * @param {(order: any, options: any) => Promise<any>} revoke
 * @param {string} way one of the above
 */
export async function trapAtEachStep(revoke, way) {
  const { options, answer } = ways[way];
  const call = async () => {
    let sent = 0;
    const fetch = async () => ((sent += 1), answer());
    const ended = await revoke({ orderNumber: "123456" }, { ...options, fetch }).then(
      (/** @type {any} */ { outcome }) => outcome,
      (/** @type {any} */ { kind, mayHaveRevoked, orderNumber }) => ({ kind, mayHaveRevoked, orderNumber }),
    );
    return { sent, ended };
  };
  trapWhen();
  const untroubled = await call();
  const steps = entered();
  const trapped = [];
  for (let step = 1; step <= steps; step += 1) {
    for (const moment of /** @type {const} */ (["before", "after"])) {
      trapWhen((entry) => (entry === step ? moment : undefined));
      const { sent, ended } = await call();
      trapWhen();
      trapped.push({ where: `${moment} step ${step} of ${steps}`, sent, ended, next: (await call()).ended });
    }
  }
  return { steps, untroubled, trapped };
}
