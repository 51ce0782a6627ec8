export default defineEventHandler(async (event) => {
  const { orderNumber } = await readBody(event);
  return revoked(orderNumber);
});
