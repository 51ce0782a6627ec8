// The wasm instance of this isolate: made when first needed, made anew after a trap.
import wasm from "./edge.wasm";
import * as glue from "../dist/edge_glue.js";

let loaded = false;
/** Counts the instances: what was made by an earlier one must not be used any more. */
let generation = 0;

/** The edge's decisions. */
export function core() {
  if (!loaded) {
    glue.initSync({ module: wasm });
    loaded = true;
  }
  return glue;
}

export const coreGeneration = () => generation;

/** After a trap the instance's memory is unproven: a fresh one takes its place. */
export function noteTrap(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  generation += 1;
  glue.__wbg_reset_state();
}

/**
 * Runs a step of the core. After a trap, every method of what its instance made throws.
 * @template T
 * @param {() => T} step
 */
export function guarded(step) {
  try {
    return step();
  } catch (error) {
    noteTrap(error);
    throw error;
  }
}

/**
 * Frees something that this instance made; later it must not be touched, since its place belongs to something else then.
 * @param {number} madeBy the generation
 * @param {{ free(): void } | undefined} made
 */
export function freeOf(madeBy, made) {
  if (madeBy === generation) made?.free();
}

/** The variables and secrets of this deployment, as the core reads them. Free it when it has been read. */
export function settingsOf(env) {
  const { Settings, configurationNames } = core();
  const settings = new Settings();
  for (const name of configurationNames()) {
    if (typeof env[name] === "string") settings.set(name, env[name]);
  }
  return settings;
}
