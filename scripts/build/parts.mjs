// What the build is made of, and in which order: the dashboard uses the client.
import { WrongUse } from "../command/faults.mjs";
import { buildClient, client } from "./client.mjs";
import { buildDashboard, dashboard } from "./dashboard.mjs";
import { restoreDependencies } from "./dependencies.mjs";
import { buildEdge, edge } from "./edge.mjs";
import { inputsOf, isFresh, rememberBuilt } from "./freshness.mjs";

const recipes = [
  { part: client, build: buildClient, needs: [] },
  { part: edge, build: buildEdge, needs: [] },
  { part: dashboard, build: buildDashboard, needs: ["client"] },
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

  const built = [];
  for (const { part, build } of recipes) {
    if (!needed.has(part.name) || (!force && (await isFresh(part)))) continue;
    const inputs = await inputsOf(part);
    await restoreDependencies();
    await build();
    await rememberBuilt(part, inputs);
    built.push(part.name);
  }
  return built;
}
