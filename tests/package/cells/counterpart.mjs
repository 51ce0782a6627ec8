// What a cell's project speaks to, all on loopback: the CA's simulator, an edge before it, and whoever serves its page.
// @ts-check
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { startEdge } from "../../../scripts/run/edge.mjs";
import { newApiKey } from "../../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../../pkg/bin/keys/signing-key.js";

const FIRST_ORDER = 7_000_001;
const LOGIN = { loginName: "cells", loginPassword: "cells-password" };

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** @typedef {Awaited<ReturnType<typeof startCounterpart>>} Counterpart */

export async function startCounterpart() {
  const data = await mkdtemp(join(tmpdir(), "autorevoke-cells-"));
  const ca = await startSimulator({ ...LOGIN });
  const pages = await startPages();
  const port = await freePort();
  const { key, entry } = newApiKey({ id: "cells", permissions: ["revoke", "test", "plan"], orders: ["*"] });
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: ca.endpoint,
      CA_LOGIN_NAME: LOGIN.loginName,
      CA_LOGIN_PASSWORD: LOGIN.loginPassword,
      API_KEYS: JSON.stringify([entry]),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
      ALLOWED_ORIGINS: `${pages.origin},http://127.0.0.1:${port}`,
      RATE_LIMIT_PER_MINUTE: "10000",
      DAILY_LIMIT: "10000",
    },
    data,
    log: false,
  });
  let next = FIRST_ORDER;
  return {
    caUrl: ca.endpoint,
    login: LOGIN,
    edgeUrl: edge.url,
    token: key,
    serve: pages.serve,
    /** For a server of a project: the pages under it may call the edge. */
    port,
    /** An order that no other cell has. */
    order: () => String(next++),
    /** How often the CA has revoked it. @param {string} order */
    revoked: (order) => ca.ledger().filter(({ orderNumber, acted }) => acted && orderNumber === order).length,
    async stop() {
      await edge.stop();
      await ca.close();
      await pages.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Serves one folder at a time, under one origin, with the policy that a careful page has. */
async function startPages() {
  let folder = "";
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(String(url), "http://localhost");
    const file = join(folder, normalize(decodeURIComponent(pathname)));
    const found = (await stat(file).catch(() => undefined))?.isDirectory() ? join(file, "index.html") : file;
    const body = await readFile(found).catch(() => undefined);
    response.writeHead(body ? 200 : 404, {
      "content-type": MEDIA_TYPES[extname(found)] ?? "text/plain",
      "content-security-policy":
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:*; object-src 'none'",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    /** @param {string} of */
    serve: (of) => ((folder = of), `${origin}/`),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
