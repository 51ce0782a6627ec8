// Runs in the edge's place, under its configuration, and tells what it finds there.
import { DurableObject } from "cloudflare:workers";

/** The ledger's database, open to any statement. */
export class Ledger extends DurableObject {
  run(statement) {
    return this.ctx.storage.sql.exec(statement).toArray();
  }

  /** One that the edge had set: it rings again when the edge is back. */
  async alarm() {
    await this.ctx.storage.setAlarm(Date.now() + ALARM_AGAIN_MS);
  }
}

const ALARM_AGAIN_MS = 500;

const NODE_MODULES = ["node:fs", "node:child_process", "node:net", "node:os", "node:http"];

/** What any code in the isolate can reach without being handed it. */
async function reachable() {
  const imports = await Promise.allSettled(NODE_MODULES.map((name) => import(name)));
  return {
    process: typeof globalThis.process,
    variables: globalThis.process?.env ?? {},
    modules: NODE_MODULES.filter((_, index) => imports[index].status === "fulfilled"),
    importable: Object.keys((await import("cloudflare:workers")).env ?? {}),
  };
}

/**
 * Every text that can be reached from the global object and from what can be imported: names and values, through
 * prototypes, symbols and getters.
 */
async function texts() {
  const roots = [globalThis, await import("cloudflare:workers"), await import("cloudflare:sockets")];
  const seen = new Set(roots);
  const found = new Set();
  const visit = (value) => {
    if (typeof value === "string") found.add(value);
    if (typeof value === "symbol") found.add(String(value.description));
    const walkable = (typeof value === "object" && value !== null) || typeof value === "function";
    if (walkable && !seen.has(value)) seen.add(value);
  };
  // The set grows while it is walked.
  for (const object of seen) {
    visit(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      visit(key);
      try {
        visit(object[key]);
      } catch {
        // A getter that needs an instance.
      }
    }
  }
  return { objects: seen.size, texts: [...found] };
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/sql") {
      const ledger = env.LEDGER.get(env.LEDGER.idFromName("account"));
      return Response.json(await ledger.run(await request.text()));
    }
    if (pathname === "/reachable") return Response.json(await reachable());
    if (pathname === "/texts") return Response.json(await texts());
    return Response.json({ status: "ok" });
  },
};
