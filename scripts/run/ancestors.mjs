// Notices when the `npm run` that this process belongs to is gone, even by SIGKILL.
import { readFile } from "node:fs/promises";

const LOOK_EVERY_MS = 250;
const SHELLS = ["sh", "dash", "bash"];

/**
 * Under `npm run` the chain is npm, its shell (which may have replaced itself), this process. None of them can be
 * told to take its children along, and a killed npm leaves the others running: so each link is watched from here.
 * Without npm above there is nothing to watch: this process is the command itself.
 * @param {() => unknown} gone
 */
export async function endWithAncestors(gone) {
  if (!process.env.npm_lifecycle_event || process.platform !== "linux") return;
  /** @type {Map<number, number>} */
  const parents = new Map();
  let child = process.pid;
  for (;;) {
    const parent = (await stat(child))?.parent;
    if (!parent) return gone(); // it was gone before we looked
    parents.set(child, parent);
    if (!SHELLS.includes((await stat(parent))?.name ?? "")) break; // npm itself, whatever it calls itself
    child = parent;
  }
  const timer = setInterval(async () => {
    for (const [child, parent] of parents) {
      if ((await stat(child))?.parent === parent) continue;
      clearInterval(timer);
      return gone();
    }
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** @param {number} pid */
async function stat(pid) {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may contain anything, parentheses included.
    const close = text.lastIndexOf(")");
    const [, parent] = text.slice(close + 2).split(" ");
    return { name: text.slice(text.indexOf("(") + 1, close), parent: Number(parent) };
  } catch {
    return undefined;
  }
}
