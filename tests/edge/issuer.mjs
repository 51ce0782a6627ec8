// An issuer of JWTs on loopback: publishes its keys, counts who asks for them, and misbehaves when told to.
import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";

/**
 * What it does instead of publishing its keys.
 * @typedef {(response: import("node:http").ServerResponse) => void} Fault
 */

/** @type {Record<string, (where?: string) => Fault>} */
export const faults = {
  "HTTP 500": () => (response) => response.writeHead(500).end("out of order"),
  "HTTP 204": () => (response) => response.writeHead(204).end(),
  "no answer": () => () => {},
  "half an answer": () => (response) => response.writeHead(200).write('{"keys":['),
  "no JSON": () => (response) => response.end("<html>Sign in to this hotspot</html>"),
  "no keys": () => (response) => response.end('{"error":"try again"}'),
  "keys that are no list": () => (response) => response.end('{"keys":{}}'),
  "a list": () => (response) => response.end("[]"),
  null: () => (response) => response.end("null"),
  "bytes that are no UTF-8": () => (response) => response.end(Buffer.from('{"keys":[],"\xff":1}', "latin1")),
  "1 MiB": () => (response) => response.end(`{"keys":[],"filler":"${"x".repeat(1024 * 1024)}"}`),
  "a reset": () => (response) => response.socket?.resetAndDestroy(),
};

/** @param {number} status @param {string} location @returns {Fault} */
export const redirect = (status, location) => (response) =>
  response.writeHead(status, { Location: location }).end();

/**
 * Ends with the tests of the file.
 * @param {object[]} keys what it publishes, as JWKs
 */
export async function startIssuer(keys) {
  const issuer = {
    keys,
    /** How often its keys were asked for. */
    fetches: 0,
    /** @type {Fault | undefined} */
    fault: undefined,
    url: "",
    jwksUrl: "",
  };
  const server = createServer((request, response) => {
    issuer.fetches += 1;
    if (issuer.fault) return issuer.fault(response);
    response.setHeader("Content-Type", "application/json");
    return response.end(JSON.stringify({ keys: issuer.keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  issuer.url = `http://127.0.0.1:${port}`;
  issuer.jwksUrl = `${issuer.url}/jwks.json`;
  after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  return issuer;
}
