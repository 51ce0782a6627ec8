// Every page of the site, in the order in which someone new needs them. A page that is not here is an error.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {[text: string, path: string]} Entry the path below docs/, without `.md` */

const { exports } = JSON.parse(readFileSync(`${docs}/../pkg/package.json`, "utf8"));

/**
 * The package's declarations, each with the first entry that has it, and its page.
 * @type {{ file: string, entry: string, page: string }[]}
 */
export const declarations = Object.entries(exports).flatMap(([path, { types }], at, all) => {
  const first = all.findIndex(([, other]) => other.types === types) === at;
  if (!types || !first || path.endsWith(".wasm")) return [];
  const name = path.replace(/^\.\/?/, "");
  return [{ file: types, entry: `autorevoke${path.slice(1)}`, page: `reference/api/${name || "index"}` }];
});

/** Pages that the build writes: they are not in the repository. */
export const written = [
  ...["reference/codes", "reference/command", "reference/http-api"],
  ...declarations.map(({ page }) => page),
  ...[
    "project/architecture",
    "project/security",
    "project/changelog",
    "project/simulator",
    "project/package",
  ],
];

/** @typedef {{ text: string, collapsed?: boolean, entries: Entry[] }} Section */

/** @type {Section[]} */
const listed = [
  {
    text: "Start",
    entries: [
      ["First call", "start/first-call"],
      ["An edge in five minutes", "start/edge-in-five-minutes"],
      ["Revoke from a page", "start/from-a-page"],
      ["Revoke from a server", "start/from-a-server"],
      ["Instead of a form call of your own", "start/from-a-form-call"],
    ],
  },
  {
    text: "Guides",
    entries: [
      ["Which line do I need?", "guides/index"],
      ["Where it works", "where-it-works"],
      ["Content-Security-Policy", "guides/csp"],
      ["Button and form elements", "elements"],
      ["The dashboard", "dashboard"],
      ["Repeat safely", "repeat"],
      ["Idempotency keys", "guides/idempotency-keys"],
      ["Incident lists", "guides/incident-lists"],
      ["Test your own code", "guides/testing"],
    ],
  },
  {
    text: "Bundlers and frameworks",
    collapsed: true,
    entries: [
      ["Node", "guides/node"],
      ["Deno", "guides/deno"],
      ["Bun", "guides/bun"],
      ["Cloudflare Workers", "guides/workers"],
      ["Next.js", "guides/nextjs"],
      ["Vite", "guides/vite"],
      ["SvelteKit", "guides/sveltekit"],
      ["Nuxt", "guides/nuxt"],
      ["Astro", "guides/astro"],
      ["React Router, Remix", "guides/react-router"],
      ["webpack, Rspack", "guides/webpack"],
      ["Parcel", "guides/parcel"],
      ["esbuild", "guides/esbuild"],
      ["Rollup, Rolldown", "guides/rollup"],
      ["Angular", "guides/angular"],
      ["No bundler", "guides/no-bundler"],
    ],
  },
  {
    text: "Edge",
    entries: [
      ["Run and configure", "edge"],
      ["Who may do what", "permissions"],
      ["What names a certificate", "names"],
      ["Issuers of JWTs", "issuers"],
      ["Jobs", "jobs"],
      ["Audit log", "audit-log"],
      ["Backup and restore", "backup"],
      ["Scale", "scale"],
      ["Security", "project/security"],
    ],
  },
  {
    text: "Reference",
    entries: [
      ["Errors", "reference/errors"],
      ["Codes of the CA", "reference/codes"],
      ["The package in short", "project/package"],
      ...declarations.map(({ entry, page }) => /** @type {Entry} */ ([`Types of ${entry}`, page])),
      ["The command", "reference/command"],
      ["HTTP API", "reference/http-api"],
      ["Rust", "reference/rust"],
      ["Simulated CA", "project/simulator"],
      ["Changes", "project/changelog"],
    ],
  },
  {
    text: "Work on autorevoke",
    collapsed: true,
    entries: [
      ["Contribute", "contributing"],
      ["Architecture", "project/architecture"],
      ["Release", "releasing"],
      ["Longer tests", "long-tests"],
      ["What a page loads", "client-size"],
    ],
  },
];

/** Pages that a command writes and that are there only afterwards. */
const fromCommands = ["where-it-works"];

/** @returns {Section[]} */
export function sections() {
  const there = (/** @type {Entry} */ [, path]) =>
    !fromCommands.includes(path) || existsSync(`${docs}/${path}.md`);
  return [
    ...listed.map(({ entries, ...section }) => ({ ...section, entries: entries.filter(there) })),
    { text: "Decisions", collapsed: true, entries: [["All of them", "decisions/README"], ...decisions()] },
  ];
}

/** As their own list has them. @returns {Entry[]} */
function decisions() {
  const list = readFileSync(`${docs}/decisions/README.md`, "utf8");
  return [...list.matchAll(/^- \[(.+)\]\((.+)\.md\)$/gm)].map(([, text, name]) => [
    text,
    `decisions/${name}`,
  ]);
}
