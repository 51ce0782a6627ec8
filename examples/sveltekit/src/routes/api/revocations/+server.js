import { json } from "@sveltejs/kit";
import { revoked } from "$lib/revoked.server.js";

export async function POST({ request }) {
  const { orderNumber } = await request.json();
  return json(await revoked(orderNumber));
}
