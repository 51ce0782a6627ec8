// Serves the built page under its own security policy, with an edge beside it that answers as a test tells it to.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../www/dist", import.meta.url));

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * What the edge answers: a status and a JSON body, or `"reset"` to cut the connection after reading the request.
 * @typedef {{ status: number, body: unknown, delay?: number } | "reset"} Answer
 * @typedef {{ method: string, path: string, headers: import("node:http").IncomingHttpHeaders, body: any }} Call
 */

export async function startPage() {
  const headers = await publishedHeaders();
  /** @type {Call[]} */
  const calls = [];
  /** @type {(call: Call) => Answer} */
  let edge = () => ({ status: 500, body: {} });

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (!pathname.startsWith("/v1/")) return serveFile(pathname, headers, response);
    let text = "";
    for await (const chunk of request) text += chunk;
    const call = {
      method: request.method ?? "",
      path: pathname,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    calls.push(call);
    const answer = edge(call);
    if (answer === "reset") return request.socket.destroy();
    if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
    const type = answer.status === 200 ? "application/json" : "application/problem+json";
    response.writeHead(answer.status, { "Content-Type": type, "Cache-Control": "no-store" });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${port}/`,
    calls,
    /** The calls that were to change or check something at the CA. */
    revocations: () => calls.filter((call) => call.method === "POST"),
    /** @param {(call: Call) => Answer} answers */
    answerWith(answers) {
      edge = answers;
      calls.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} pathname
 * @param {Record<string, string>} headers
 * @param {import("node:http").ServerResponse} response
 */
async function serveFile(pathname, headers, response) {
  const file = normalize(pathname === "/" ? "/index.html" : pathname);
  try {
    const bytes = await readFile(join(DIST, file));
    response
      .writeHead(200, { ...headers, "Content-Type": MEDIA_TYPES[extname(file)] ?? "text/plain" })
      .end(bytes);
  } catch {
    response.writeHead(404, headers).end();
  }
}

/**
 * Name and value of the headers that the page is meant to be served with.
 * @returns {Promise<Record<string, string>>}
 */
export async function publishedHeaders() {
  const lines = (await readFile(join(DIST, "_headers"), "utf8")).split("\n");
  const pairs = lines.filter((line) => /^\s+\S+: /.test(line)).map((line) => line.trim().split(/: (.*)/, 2));
  return Object.fromEntries(pairs);
}
