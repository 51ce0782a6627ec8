// Where things lie: the checkout, the cache that outlives it.
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** @param {string[]} segments a path inside the checkout */
export const inRoot = (...segments) => join(root, ...segments);

/** What cargo builds; the user's own choice of place is respected. */
export const targetDirectory = process.env.CARGO_TARGET_DIR || inRoot("target");

const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");

/** Tools that take minutes to build are shared by all clones. @param {string[]} segments */
export const inCache = (...segments) => join(cacheHome, "autorevoke", ...segments);
