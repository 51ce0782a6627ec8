// What revoke() costs over a bare fetch that does no checking at all, in Node, paired.
import { createServer } from "node:http";
import { revoke } from "autorevoke";

const CALLS = 400;
const ROUNDS = 9;

export async function rows() {
  const body = JSON.stringify({
    orderNumber: "123456",
    outcome: "revoked",
    errorCode: 0,
    test: false,
    auditSeq: 2,
  });
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const endpoint = `http://127.0.0.1:${port}`;
  const ours = () =>
    revoke({ orderNumber: "123456", codeReason: "keyCompromise" }, { endpoint, token: "ark_a_b" });
  const bare = async () => {
    const response = await fetch(`${endpoint}/v1/revocations`, {
      method: "POST",
      headers: { Authorization: "Bearer ark_a_b", "Content-Type": "application/json" },
      body: JSON.stringify({ orderNumber: "123456", codeReason: 1 }),
    });
    return response.json();
  };
  try {
    await millisecondsPerCall(ours);
    await millisecondsPerCall(bare);
    const ratios = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [first, second] = round % 2 === 0 ? [ours, bare] : [bare, ours];
      const times = new Map([[first, await millisecondsPerCall(first)]]);
      times.set(second, await millisecondsPerCall(second));
      ratios.push(Number(times.get(ours)) / Number(times.get(bare)));
    }
    const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)];
    return [
      {
        name: "revoke() in Node, one call after another",
        value: median,
        unit: "x",
        baseline: "a bare fetch",
      },
    ];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** @param {() => Promise<unknown>} call */
async function millisecondsPerCall(call) {
  const before = performance.now();
  for (let left = CALLS; left > 0; left -= 1) await call();
  return (performance.now() - before) / CALLS;
}
