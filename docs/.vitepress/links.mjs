// Links that leave docs/: on the site they lead to the page that the file has there, or into the repository.
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = join(root, "docs");

/** Files outside of docs/ that are pages of the site, and where. @type {Record<string, string>} */
export const projectPages = {
  "ARCHITECTURE.md": "project/architecture.md",
  "SECURITY.md": "project/security.md",
  "CHANGELOG.md": "project/changelog.md",
  "simulator/README.md": "project/simulator.md",
  "pkg/README.md": "project/package.md",
};

/** Where the build puts what `cargo doc` writes. */
export const RUST = "/rust/";

/** What a heading is called in addresses: as hosts of repositories make it, so that a link is right there, too. @param {string} text */
export const slug = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, "")
    .replaceAll(" ", "-");

/**
 * A plugin for markdown-it.
 * @param {any} md
 * @param {{ base: string, repository?: string }} how the repository's address; without one such a link is plain text
 */
export function repositoryLinks(md, { base, repository }) {
  md.core.ruler.push("repository-links", (/** @type {any} */ state) => {
    for (const { type, children } of state.tokens) {
      if (type !== "inline") continue;
      /** @type {boolean[]} whether each link that is open here is one */
      const open = [];
      for (const token of children) {
        if (token.type === "link_open") {
          const href = token.attrGet("href");
          // No page of VitePress: the browser itself has to go there.
          const rust = href.startsWith(RUST);
          if (rust) token.attrSet("target", "_self");
          const target = rust ? `${base}${href.slice(1)}` : place(href, state.env.path, repository);
          open.push(target !== undefined);
          if (target === undefined) token.type = "text";
          else token.attrSet("href", target);
        } else if (token.type === "link_close" && !open.pop()) token.type = "text";
      }
    }
  });
}

/**
 * Where a link leads on the site; nothing if nowhere.
 * @param {string} href
 * @param {string} page the file that has it
 * @param {string} [repository]
 */
function place(href, page, repository) {
  if (/^([a-z]+:|#|\/)/.test(href) || !page) return href;
  const [file, anchor] = href.split("#");
  const target = resolve(dirname(page), decodeURIComponent(file));
  if (target.startsWith(docs + sep)) return href;
  const path = relative(root, target).split(sep).join(posix.sep);
  const hash = anchor ? `#${anchor}` : "";
  if (Object.hasOwn(projectPages, path)) return `/${projectPages[path]}${hash}`;
  return repository ? `${repository}/blob/main/${path}${hash}` : undefined;
}
