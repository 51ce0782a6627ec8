// A server that takes POST /api/revocations with {"orderNumber": "..."}.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { revoked } from "./revoked.js";

const { PORT = "3000" } = process.env;

createServer(async (request, response) => {
  if (request.method !== "POST" || request.url !== "/api/revocations") return response.writeHead(404).end();
  const { orderNumber } = await json(request).catch(() => ({}));
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(await revoked(orderNumber)));
}).listen(Number(PORT), "127.0.0.1");
