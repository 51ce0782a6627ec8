// What the pages of the site would fetch from elsewhere by being opened: nothing, or it is found here.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Attributes and rules by which a page loads something; a link that a reader follows is none of them. */
const LOADING = [
  /<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|srcset|data)=["']?(?:https?:)?\/\/[^"'\s>]+/gi,
  /<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|prefetch|modulepreload|preconnect|dns-prefetch|icon))[^>]*?\shref=["']?(?:https?:)?\/\/[^"'\s>]+/gi,
  /@import\s+(?:url\()?["']?(?:https?:)?\/\/[^"')\s]+/gi,
  /url\(\s*["']?(?:https?:)?\/\/[^"')\s]+/gi,
];

/** @param {string} folder @returns {Promise<string[]>} each as a line */
export async function externalRequests(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(html|css)$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return LOADING.flatMap((pattern) => text.match(pattern) ?? []).map(
        (what) => `${name} loads from elsewhere: ${what}`,
      );
    }),
  );
  return found.flat();
}
