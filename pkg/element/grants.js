// Whether a caller's grants cover an order.

/**
 * One grant must cover both: never the union of two.
 * @param {import("../index.d.ts").Me["grants"]} grants
 * @param {string} permission
 * @param {string} orderNumber
 */
export const covers = (grants, permission, orderNumber) =>
  grants.some(
    ({ permissions, orders }) =>
      permissions.includes(permission) && orders.some((range) => isIn(range, BigInt(orderNumber))),
  );

/** @param {string} range a number, `from-to`, or `*` @param {bigint} number */
function isIn(range, number) {
  if (range === "*") return true;
  const ends = /^(\d+)(?:-(\d+))?$/.exec(range);
  return ends !== null && BigInt(ends[1]) <= number && number <= BigInt(ends[2] ?? ends[1]);
}
