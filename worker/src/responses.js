// The edge's answers as HTTP responses: whole ones, and those whose body comes from the ledger part by part.

/**
 * An answer of the core; `more` is what to ask the ledger for the next part of its body, and after how long.
 * @typedef {{ status: number, headers: [string, string][], body: string, more?: { ask: string, pauseMs: number } }} Answer
 */

/**
 * @param {Answer} answer
 * @param {[string, string][]} everyHeader what every answer to this request has
 * @param {(request: string) => Promise<string>} askLedger
 */
export function toResponse({ status, headers, body, more }, everyHeader, askLedger) {
  const whole = status === 204 ? null : more ? inParts(body, more, askLedger) : body;
  return new Response(whole, { status, headers: [...everyHeader, ...headers] });
}

/** A body of which each part says how to ask for the next one. */
function inParts(first, next, askLedger) {
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
        const { status, ...following } = JSON.parse(await askLedger(ask));
        // Broken off, so that nobody takes it for whole.
        if (status !== 200) throw new Error("the next part of an answer is missing");
        part = following;
      }
    },
  });
}
