// Where the person is, by the hash: any folder serves the page, and a link to a screen survives signing in.

/** @typedef {{ name: string, subject: string, query: URLSearchParams }} Route */

/** Screens by their first word; those of a file of their own are loaded when they are first opened. */
const SCREENS = /** @type {Record<string, { tag: string, load?: () => Promise<unknown> }>} */ ({
  home: { tag: "home-screen" },
  orders: { tag: "order-screen" },
  jobs: { tag: "jobs-screen", load: () => import("../jobs/jobs-screen.js") },
  plan: { tag: "plan-screen", load: () => import("../jobs/plan-screen.js") },
  job: { tag: "job-screen", load: () => import("../jobs/job-screen.js") },
  approvals: { tag: "approvals-screen", load: () => import("../approvals/approvals-screen.js") },
  unknown: { tag: "unknown-screen", load: () => import("../unknown/unknown-screen.js") },
  audit: { tag: "audit-screen", load: () => import("../audit/audit-screen.js") },
  server: { tag: "server-screen", load: () => import("../server/server-screen.js") },
});

/** @returns {Route} */
export function routeOf(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first = "", ...rest] = path.split("/");
  const subject = decoded(rest.join("/"));
  const name =
    first === "jobs" && subject === "new" ? "plan" : first === "jobs" && subject !== "" ? "job" : first;
  return { name: name in SCREENS ? name : "home", subject, query: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {Route} route */
export const screenOf = ({ name }) => SCREENS[name];
