// Runs in the edge's place, under its configuration, and tells what it finds there.
import { DurableObject } from "cloudflare:workers";

/** The ledger's database, open to any statement. */
export class Ledger extends DurableObject {
  run(statement) {
    return this.ctx.storage.sql.exec(statement).toArray();
  }
}

const NODE_MODULES = ["node:fs", "node:child_process", "node:net", "node:os", "node:http"];

/** What any code in the isolate can reach without being handed it. */
async function reachable() {
  const imports = await Promise.allSettled(NODE_MODULES.map((name) => import(name)));
  return {
    process: typeof globalThis.process,
    variables: globalThis.process?.env ?? {},
    modules: NODE_MODULES.filter((_, index) => imports[index].status === "fulfilled"),
  };
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/sql") {
      const ledger = env.LEDGER.get(env.LEDGER.idFromName("account"));
      return Response.json(await ledger.run(await request.text()));
    }
    if (pathname === "/reachable") return Response.json(await reachable());
    return Response.json({ status: "ok" });
  },
};
