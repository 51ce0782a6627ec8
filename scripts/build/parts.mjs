// What the build is made of, and in which order: the dashboard uses the client.
import { WrongUse } from "../command/faults.mjs";
import { buildClient, client } from "./client.mjs";
import { buildDashboard, dashboard } from "./dashboard.mjs";
import { restoreDependencies } from "./dependencies.mjs";
import { buildEdge, edge } from "./edge.mjs";
import { buildElements, elements } from "./elements.mjs";
import { inputsOf, isFresh, rememberBuilt } from "./freshness.mjs";
import { buildSimulator, simulator } from "./simulator.mjs";

const recipes = [
  { part: client, build: buildClient, needs: [] },
  { part: edge, build: buildEdge, needs: [] },
  { part: elements, build: buildElements, needs: [] },
  { part: simulator, build: buildSimulator, needs: [] },
  { part: dashboard, build: buildDashboard, needs: ["client", "elements"] },
];
export const partNames = recipes.map(({ part }) => part.name);

/**
 * Builds what is not up to date.
 * @param {string[]} [names] parts; all of them when empty
 * @param {{ force?: boolean }} [how]
 * @returns {Promise<string[]>} the parts that had to be built
 */
export async function build(names = [], { force = false } = {}) {
  const unknown = names.filter((name) => name !== "all" && !partNames.includes(name));
  if (unknown.length > 0) {
    throw new WrongUse(
      unknown.map((name) => `no such part: ${name} (there are ${partNames.join(", ")}, all)`),
    );
  }
  const all = names.length === 0 || names.includes("all");
  const needed = new Set(all ? partNames : names);
  for (const { part, needs } of recipes) if (needed.has(part.name)) needs.forEach((name) => needed.add(name));

  /** @type {string[]} */
  const built = [];
  /** Each part's own promise, so that those that do not need each other are built at once. @type {Map<string, Promise<void>>} */
  const begun = new Map();
  for (const { part, build, needs } of recipes) {
    if (!needed.has(part.name)) continue;
    const before = needs.map((name) => begun.get(name));
    const buildPart = async () => {
      await Promise.all(before);
      if (!force && (await isFresh(part))) return;
      const inputs = await inputsOf(part);
      await restoreDependencies();
      await build();
      await rememberBuilt(part, inputs);
      built.push(part.name);
    };
    begun.set(part.name, buildPart());
  }
  const ends = await Promise.allSettled(begun.values());
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return built;
}
