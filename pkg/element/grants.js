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
      permissions.includes(permission) && orders.some((range) => isIn(range, orderNumber)),
  );

/** Ranges cover orders by number only. @param {string} range a number, `from-to`, or `*` @param {string} name */
function isIn(range, name) {
  if (range === "*") return true;
  const ends = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (!ends || !/^\d+$/.test(name)) return false;
  const number = BigInt(name);
  return BigInt(ends[1]) <= number && number <= BigInt(ends[2] ?? ends[1]);
}
