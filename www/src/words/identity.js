// Who the edge takes the caller for, in words.

import { RevocationError } from "autorevoke";

/** @param {import("autorevoke").Me} me */
export function identityText({ actor, person, personReason, grants }) {
  const whose = person && person !== actor ? `, for ${person}` : "";
  const noPerson = personReason
    ? ` The edge takes you for no person, who could approve jobs: ${personReason}`
    : "";
  return {
    who: `You are ${actor}${whose}.${noPerson}`,
    may:
      grants.length === 0
        ? ["You may do nothing here."]
        : grants.map(({ permissions, orders }) => `May ${permissions.join(", ")}: ${ordersText(orders)}.`),
  };
}

/** @param {unknown} error */
export function identityFailed(error) {
  const kind = error instanceof RevocationError ? error.kind : undefined;
  if (kind === "unauthenticated") return "The edge does not know this key.";
  if (kind === "not-configured") return "The edge is not set up yet.";
  if (kind === "rate-limited") return "Too many calls just now: the edge did not say who you are.";
  return "Could not ask the edge who you are.";
}

/** @param {string[]} orders */
function ordersText(orders) {
  if (orders.includes("*")) return "all orders";
  return orders.length === 1 && !orders[0].includes("-")
    ? `order ${orders[0]}`
    : `orders ${orders.join(", ")}`;
}
