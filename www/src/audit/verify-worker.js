// Verifies the audit log beside the page: fetches it part by part, and says how far it is. The key stays in memory here, too.
import { createClient } from "autorevoke";

addEventListener("message", async ({ data: { endpoint, key, head, keys } }) => {
  /** @param {any} request */
  const fetching = async (request) => {
    const after = new URL(request.url).searchParams.get("after");
    if (after !== null) postMessage({ checked: Number(after) });
    return fetch(request);
  };
  try {
    const client = createClient({ endpoint, ...(key !== undefined && { token: key }), fetch: fetching });
    postMessage({ verdict: await client.audit.verify({ ...(head !== undefined && { head }), keys }) });
  } catch (error) {
    const failed = /** @type {any} */ (error);
    postMessage({ failed: failed.toJSON?.() ?? { message: String(failed) } });
  }
});
