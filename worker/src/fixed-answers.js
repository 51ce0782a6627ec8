// The answers for when the core itself fails. No text of an exception is ever among them.

/** Before anything can have been sent to the CA. */
export const failedBefore = (instance) =>
  problem(instance, 500, "internal", "Internal error", false, "The edge failed. Nothing was sent to the CA.");

/** When the CA may have been called. */
export const failedDuring = (instance) =>
  problem(
    instance,
    502,
    "unknown-outcome",
    "The outcome is unknown",
    true,
    "The edge failed while it worked on this call, so its outcome is not known here. Look at GET " +
      "/v1/orders/{orderNumber}, or at the job; do not assume that nothing was revoked.",
  );

function problem(instance, status, kind, title, mayHaveRevoked, detail) {
  const type = `urn:autorevoke:problem:${kind}`;
  return {
    status,
    headers: [["Content-Type", "application/problem+json"]],
    body: JSON.stringify({ type, title, status, detail, instance, mayHaveRevoked }),
  };
}
