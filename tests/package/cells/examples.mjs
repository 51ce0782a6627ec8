// The cells of examples/: each folder is installed, built and run as its package.json says; a page is filled in and clicked, and a
// server is sent an order.
// @ts-check

/** @typedef {import("./cell.mjs").Cell} Cell */

const API = "/api/revocations";
const build = [["npm", "run", "build"]];
const start = ["npm", "start"];

/** With a page, and a route of the server. */
const fullStack = { build, serve: { command: start, paths: [], posts: [API] }, pages: ["/"] };

const newerNode = { [`node-${process.platform}-${process.arch}`]: "24" };

/** @type {[folder: string, words: string, how: Partial<Cell>][]} */
const EXAMPLES = [
  ["no-bundler", "a page without a bundler", { site: "." }],
  ["vite", "a page", { build, site: "dist" }],
  ["angular", "a component", { build, site: "dist/browser" }],
  ["node", "a server", { serve: { command: start, paths: [], posts: [API] } }],
  ["nextjs", "a client component and a route handler", fullStack],
  ["sveltekit", "a page and an endpoint", fullStack],
  // Its build needs a newer Node than this may be.
  ["nuxt", "a page and a server route, Nuxt 4.5", { ...fullStack, needs: newerNode }],
  ["astro", "a page and an endpoint", fullStack],
  ["react-router", "a page and an action", fullStack],
];

/** @type {Cell[]} */
export const examples = EXAMPLES.map(([folder, words, how]) => ({
  name: `examples/${folder}: ${words}`,
  kind: "example",
  example: folder,
  files: {},
  ...how,
}));
