import { revoked } from "./revoked.server.js";

export async function action({ request }) {
  const { orderNumber } = await request.json();
  return Response.json(await revoked(orderNumber));
}
