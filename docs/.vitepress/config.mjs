// The site: VitePress with its default theme, its own search, and nothing from elsewhere.
import { readFileSync } from "node:fs";
import { RUST, repositoryLinks, slug } from "./links.mjs";
import { sections } from "./sidebar.mjs";

const { description, repository } = JSON.parse(
  readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"),
);
/** As `git+https://HOST/OWNER/NAME.git` in package.json. @type {string | undefined} */
const address = repository?.url.replace(/^git\+/, "").replace(/\.git$/, "");

/** Where the site is served below a path of its host. */
const base = process.env.DOCS_BASE ?? "/";

export default {
  title: "autorevoke",
  description,
  lang: "en",
  base,
  head: [["link", { rel: "icon", href: `${base}favicon.svg` }]],
  // A dead link fails the build. What `cargo doc` writes is put beside the pages afterwards.
  ignoreDeadLinks: [(url) => url.startsWith(RUST)],
  srcExclude: ["node_modules/**"],
  markdown: {
    anchor: { slugify: slug },
    headers: { slugify: slug },
    toc: { slugify: slug },
    languageAlias: { caddyfile: "nginx" },
    config: (md) => void md.use(repositoryLinks, { base, repository: address }),
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "First call", link: "/start/first-call" },
      { text: "Guides", link: "/guides/" },
      { text: "Edge", link: "/edge" },
      { text: "Errors", link: "/reference/errors" },
    ],
    sidebar: sections().map(({ text, collapsed, entries }) => ({
      text,
      collapsed,
      items: entries.map(([text, path]) => ({ text, link: `/${path.replace(/(^|\/)index$/, "$1")}` })),
    })),
    ...(address && { socialLinks: [{ icon: "git", link: address }] }),
  },
};
