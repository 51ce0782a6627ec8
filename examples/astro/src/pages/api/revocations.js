import { revoked } from "../../revoked.js";

export const prerender = false;

export async function POST({ request }) {
  const { orderNumber } = await request.json();
  return Response.json(await revoked(orderNumber));
}
