// Documents that lie outside of docs/ and are pages of the site as well, with their links as seen from there.
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { inRoot } from "../command/places.mjs";
import { projectPages } from "../../docs/.vitepress/links.mjs";

/** A link to a file: what is in the parentheses, without an address, an anchor of the same page, or a title. */
const LINK = /\]\((?![a-z]+:|#)([^)\s]+)\)/g;

/** @returns {Promise<{ path: string, text: string }[]>} each with its path below docs/ */
export async function writtenElsewhere() {
  return Promise.all(
    Object.entries(projectPages).map(async ([file, path]) => {
      const text = await readFile(inRoot(file), "utf8");
      const seenFromThere = (/** @type {string} */ _, /** @type {string} */ target) => {
        const where = posix.join(posix.dirname(file), target);
        return `](${posix.relative(posix.dirname(`docs/${path}`), where)})`;
      };
      return { path, text: text.replace(LINK, seenFromThere) };
    }),
  );
}
