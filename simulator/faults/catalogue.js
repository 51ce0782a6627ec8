// Every way in which the simulated CA can misbehave, by name.

import { connectionFaults } from "./connections.js";
import { contentFaults } from "./content.js";
import { echoFaults } from "./echo.js";
import { framingFaults } from "./framing.js";

/** @import { Misbehaviour } from "./delivery.js" */

/** @type {Record<string, Misbehaviour>} */
export const catalogue = { ...connectionFaults, ...framingFaults, ...contentFaults, ...echoFaults };

/** The catalogue as people read it. */
export function describe() {
  return Object.entries(catalogue).map(
    ([name, { about, acts = true, moment = "answer", parameters = {} }]) => ({
      name,
      description: about,
      acts: typeof acts === "function" ? "depends on its parameters" : acts,
      perOrder: moment !== "before-reading",
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([parameter, { about, expects, standard, required }]) => [
          parameter,
          {
            description: about,
            expects,
            ...(standard !== undefined && { default: standard }),
            ...(required && { required }),
          },
        ]),
      ),
    }),
  );
}
