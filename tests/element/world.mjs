// A CA, an edge before it, and pages that use the elements: all real but for the CA, and all on loopback.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "../../scripts/run/edge.mjs";

const PKG = fileURLToPath(new URL("../../pkg", import.meta.url));

/** As strict as the elements allow. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  // Vue asks for one of its own.
  "trusted-types lit-html vue",
].join("; ");

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

/**
 * @param {object} [how]
 * @param {Record<string, string>} [how.pages] by path; `/pkg/` has the package as it lies
 * @param {string} [how.folder] of further files
 */
export async function startWorld({ pages = {}, folder } = {}) {
  const data = await mkdtemp(join(tmpdir(), "autorevoke-element-"));
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const keys = {
    operator: newApiKey({ id: "operator", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] }),
    tester: newApiKey({ id: "tester", person: "theo", permissions: ["test"], orders: ["*"] }),
    reseller: newApiKey({
      id: "reseller",
      person: "rosa",
      permissions: ["revoke"],
      orders: ["1000-1999", "5"],
    }),
  };
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: simulator.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
      API_KEYS: JSON.stringify(Object.values(keys).map(({ entry }) => entry)),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
      RATE_LIMIT_PER_MINUTE: "10000",
      DAILY_LIMIT: "10000",
      // Nothing is sent again by itself: what a test sees, it has asked for.
      RESEND_WINDOW_MS: "0",
    },
    data: join(data, "ledger"),
    log: false,
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname.startsWith("/v1/")) return forward(edge.url, request, response);
    const file = pathname.startsWith("/pkg/")
      ? join(PKG, normalize(pathname.slice(4)))
      : join(folder ?? PKG, normalize(pathname));
    const body = pages[pathname] ?? (await readFile(file).catch(() => undefined));
    response.writeHead(body === undefined ? 404 : 200, {
      "Content-Type": `${TYPES[extname(pathname)] ?? "text/html"}; charset=utf-8`,
      "Content-Security-Policy": POLICY,
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  return {
    simulator,
    edge: edge.url,
    url: `http://127.0.0.1:${port}`,
    keys: { operator: keys.operator.key, tester: keys.tester.key, reseller: keys.reseller.key },
    /** The real calls that the CA read for an order, and whether it acted. @param {string} orderNumber */
    received: (orderNumber) =>
      simulator.ledger({ orderNumber }).map(({ pairs, acted }) => ({
        acted,
        ...Object.fromEntries(pairs.filter(([name]) => !name.startsWith("login"))),
      })),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await edge.stop();
      await simulator.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/**
 * As a proxy under the same origin does.
 * @param {string} edge
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function forward(edge, request, response) {
  const headers = new Headers();
  for (const name of ["authorization", "content-type", "accept", "idempotency-key"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method = "GET" } = request;
  const answer = await fetch(edge + request.url, { method, headers, ...(method === "POST" && { body }) });
  response.writeHead(
    answer.status,
    Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(content-(length|encoding)|transfer-encoding)$/.test(name)),
    ),
  );
  response.end(await answer.text());
}
