// The cells of servers: runtimes, bundles, test runners.
// @ts-check
import { commonJs, program, serverFunction } from "./sources.mjs";

/** @typedef {import("./cell.mjs").Cell} Cell */

const main = { "main.mjs": program() };
/** The bundle is run where nothing else is. */
const alone = (/** @type {string} */ file) => ({ alone: [file], run: ["node", file] });

const platform = `${process.platform}-${process.arch}`;
const node = (/** @type {string} */ major) => ({
  needs: { [`node-${platform}`]: major },
  binary: `node_modules/node-${platform}/bin/node`,
});
const bun = `node_modules/@oven/bun-${platform}/bin/bun`;
const deno = `node_modules/@deno/${platform}-glibc/deno`;
const needsBun = { [`@oven/bun-${platform}`]: "^1.3.0" };
const needsDeno = { [`@deno/${platform}-glibc`]: "^2.0.0" };

/** @type {Cell[]} */
const runtimes = [
  ...["20", "22", "24"].flatMap((major) => [
    {
      name: `Node ${major}, import`,
      kind: /** @type {const} */ ("server"),
      needs: node(major).needs,
      files: main,
      run: [node(major).binary, "main.mjs"],
    },
    {
      name: `Node ${major}, require`,
      kind: /** @type {const} */ ("server"),
      needs: node(major).needs,
      files: { "main.cjs": commonJs },
      run: [node(major).binary, "main.cjs"],
    },
  ]),
  {
    name: "Deno, --allow-net alone",
    kind: "server",
    needs: needsDeno,
    files: main,
    run: [deno, "run", "--no-prompt", "--allow-net", "--node-modules-dir=manual", "main.mjs"],
  },
  { name: "Bun", kind: "server", needs: needsBun, files: main, run: [bun, "main.mjs"] },
];

/** @type {Cell[]} */
const bundles = [
  {
    name: "esbuild, a server's bundle",
    kind: "server",
    needs: { esbuild: "^0.28.0" },
    files: main,
    build: [["esbuild", "main.mjs", "--bundle", "--platform=node", "--format=esm", "--outfile=out.mjs"]],
    ...alone("out.mjs"),
  },
  {
    name: "esbuild, a server's bundle in CommonJS",
    kind: "server",
    needs: { esbuild: "^0.28.0" },
    files: main,
    build: [["esbuild", "main.mjs", "--bundle", "--platform=node", "--format=cjs", "--outfile=out.cjs"]],
    ...alone("out.cjs"),
  },
  {
    name: "Rolldown, a server's bundle",
    kind: "server",
    needs: { rolldown: "^1.0.0" },
    files: main,
    build: [["rolldown", "main.mjs", "--platform", "node", "--file", "out.mjs"]],
    ...alone("out.mjs"),
  },
  {
    name: "tsdown",
    kind: "server",
    // It needs a newer Node than this may be.
    needs: { tsdown: "^0.23.0", typescript: "^5.9.0", ...node("24").needs },
    development: true,
    files: { "src/index.ts": `// @ts-nocheck\n${program()}` },
    build: [
      [node("24").binary, "node_modules/tsdown/dist/run.mjs", "src/index.ts", "--format", "esm", "--no-dts"],
    ],
    alone: ["dist"],
    run: ["sh", "-c", 'exec node dist/index.*js "$@"', "sh"],
  },
  {
    name: "Rollup, a server's bundle",
    kind: "server",
    needs: { rollup: "^4.0.0", "@rollup/plugin-node-resolve": "^16.0.0" },
    files: {
      ...main,
      "rollup.config.mjs": `import resolve from "@rollup/plugin-node-resolve";
export default { input: "main.mjs", output: { file: "out.mjs", inlineDynamicImports: true }, external: /^node:/,
  plugins: [resolve({ exportConditions: ["node"] })] };\n`,
    },
    build: [["rollup", "-c"]],
    ...alone("out.mjs"),
  },
  {
    name: "webpack 5, target node",
    kind: "server",
    needs: { webpack: "^5.100.0", "webpack-cli": "^6.0.0" },
    files: {
      ...main,
      "webpack.config.mjs": `export default { mode: "production", target: "node", entry: "./main.mjs",
  output: { filename: "out.cjs" } };\n`,
    },
    build: [["webpack"]],
    alone: ["dist"],
    run: ["node", "dist/out.cjs"],
  },
  {
    name: "Vite, a server's build (ssr.noExternal)",
    kind: "server",
    needs: { vite: "^8.0.0" },
    files: {
      ...main,
      "vite.config.mjs": `export default { ssr: { noExternal: true }, build: { ssr: "main.mjs", rollupOptions: { output: { entryFileNames: "out.mjs" } } } };\n`,
    },
    build: [["vite", "build"]],
    alone: ["dist"],
    run: ["node", "dist/out.mjs"],
  },
  {
    name: "ncc",
    kind: "server",
    needs: { "@vercel/ncc": "^0.38.0" },
    files: main,
    build: [["ncc", "build", "main.mjs", "-o", "dist"]],
    alone: ["dist"],
    run: ["sh", "-c", 'exec node dist/index.mjs "$@"', "sh"],
  },
  {
    name: "Bun, a server's bundle",
    kind: "server",
    needs: needsBun,
    files: main,
    build: [[bun, "build", "main.mjs", "--target=node", "--outfile=out.mjs"]],
    ...alone("out.mjs"),
  },
  {
    name: "bun build --compile",
    kind: "server",
    needs: needsBun,
    files: main,
    build: [[bun, "build", "main.mjs", "--compile", "--outfile=program"]],
    alone: ["program"],
    run: ["./program"],
  },
];

/**
 * Revokes an order, and another at a fake edge.
 * @param {string} imports of `revoke` and `fakeEdge`
 * @param {string} [more] options
 */
const testOf = (imports, more = "") => `${imports}
test("revokes", async () => {
  const [endpoint, orderNumber, loginName, loginPassword] = process.env.CELL.split(" ");
  const options = { endpoint, credentials: { loginName, loginPassword }${more} };
  const done = await revoke({ orderNumber }, options);
  expect(done.outcome).toBe("revoked");
  process.stdout.write(JSON.stringify(done) + "\\n");
});
test("revokes at a fake edge", async () => {
  const fetch = fakeEdge({ orders: { 8: "answer-lost" } });
  const options = { endpoint: "https://edge.example", token: "olivia", fetch };
  expect((await revoke({ orderNumber: "7" }, options)).outcome).toBe("revoked");
  const error = await revoke({ orderNumber: "8" }, options).catch((error) => error);
  expect([error.kind, error.mayHaveRevoked, fetch.calls.length]).toEqual(["unknown-outcome", true, 2]);
});
`;
const IMPORTS = 'import { revoke } from "autorevoke";\nimport { fakeEdge } from "autorevoke/testing";';
const REQUIRES =
  'const { revoke } = require("autorevoke");\nconst { fakeEdge } = require("autorevoke/testing");';
/** What tests are told, they are told by the environment. */
const withCell = (/** @type {string} */ command) => ["sh", "-c", `CELL="$*" exec ${command}`, "sh"];

/** @type {Cell[]} */
const testRunners = [
  {
    name: "Vitest, autorevoke/testing",
    kind: "server",
    needs: { vitest: "^4.0.0" },
    files: {
      "revoke.test.mjs": testOf(`import { expect, test } from "vitest";\n${IMPORTS}`),
    },
    run: withCell("vitest run --disable-console-intercept"),
  },
  {
    name: "Vitest with jsdom, autorevoke/testing",
    kind: "server",
    needs: { vitest: "^4.0.0", jsdom: "^27.0.0" },
    files: {
      // What looks like a page may not have the CA's login, unless it insists.
      "revoke.test.mjs": testOf(
        `import { expect, test } from "vitest";\n${IMPORTS}`,
        ", dangerouslyAllowBrowser: true",
      ),
    },
    run: withCell("vitest run --environment jsdom --disable-console-intercept"),
  },
  {
    name: "Jest, CommonJS, autorevoke/testing",
    kind: "server",
    type: "commonjs",
    needs: { jest: "^30.0.0", "@babel/core": "^7.0.0", "@babel/preset-env": "^7.0.0" },
    files: {
      "revoke.test.js": testOf(REQUIRES),
      "babel.config.js": `module.exports = { presets: [["@babel/preset-env", { targets: { node: "current" } }]] };\n`,
      "jest.config.js": `module.exports = { transformIgnorePatterns: ["/node_modules/(?!autorevoke/)"] };\n`,
    },
    run: withCell("jest"),
    line: 'jest: `transformIgnorePatterns: ["/node_modules/(?!autorevoke/)"]`, as for every ESM package',
  },
  {
    name: "Jest, ES modules, autorevoke/testing",
    kind: "server",
    needs: { jest: "^30.0.0" },
    files: {
      "revoke.test.js": testOf(IMPORTS),
      "jest.config.js": "export default { transform: {} };\n",
    },
    run: withCell("node --experimental-vm-modules node_modules/jest/bin/jest.js"),
  },
  {
    name: "tsx",
    kind: "server",
    needs: { tsx: "^4.0.0" },
    files: { "main.ts": program() },
    run: ["tsx", "main.ts"],
  },
];

const nextFiles = {
  "lib/revoked.js": serverFunction(),
  "app/layout.js": `export default ({ children }) => <html><body>{children}</body></html>;\n`,
  "app/page.js": `export default () => <p>ready</p>;\n`,
  "app/component/page.js": `import { revoked } from "../../lib/revoked.js";
export const dynamic = "force-dynamic";
export default async function Page({ searchParams }) {
  return <pre>{await revoked((await searchParams).order)}</pre>;
}\n`,
  "app/handler/route.js": `import { revoked } from "../../lib/revoked.js";
export const GET = async (request) => new Response(await revoked(new URL(request.url).searchParams.get("order")));\n`,
  "app/client/page.js": `"use client";
import { useEffect } from "react";
export default function Page() {
  useEffect(() => void import("../../lib/page.js"), []);
  return <p>client</p>;
}\n`,
  "app/action/action.js": `"use server";
import { revoked } from "../../lib/revoked.js";
export const act = async (order) => revoked(order);\n`,
  "app/action/page.js": `"use client";
import { useEffect } from "react";
import { act } from "./action.js";
export default function Page() {
  useEffect(() => void act(new URLSearchParams(location.search).get("order")).then(
    (text) => (globalThis.cameOfIt = text), (error) => (globalThis.cameOfIt = "failed: " + error)), []);
  return <p>action</p>;
}\n`,
};

/** @param {string} page @returns {Cell[]} */
const frameworks = (page) => [
  ...["--turbopack", "--webpack"].map((bundler) => ({
    name: `Next: server component, route handler, action (${bundler.slice(2)})`,
    kind: /** @type {const} */ ("server"),
    needs: { next: "^16.0.0", react: "^19.0.0", "react-dom": "^19.0.0" },
    files: { ...nextFiles, "lib/page.js": page },
    build: [["next", "build", bundler]],
    serve: {
      command: ["next", "start", "-p", "$PORT", "-H", "127.0.0.1"],
      paths: ["/component", "/handler"],
    },
    pages: ["/action"],
  })),
  {
    name: "SvelteKit, a development dependency",
    kind: "server",
    development: true,
    needs: {
      ...{ "@sveltejs/kit": "^2.0.0", "@sveltejs/adapter-node": "^5.0.0", svelte: "^5.0.0" },
      ...{ "@sveltejs/vite-plugin-svelte": "^7.0.0", vite: "^8.0.0" },
    },
    files: {
      "src/app.html": `<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n`,
      "src/routes/+page.svelte": "<p>ready</p>\n",
      "src/lib/revoked.js": serverFunction(),
      "src/routes/handler/+server.js": `import { revoked } from "$lib/revoked.js";
export const GET = async ({ url }) => new Response(await revoked(url.searchParams.get("order")));\n`,
      "svelte.config.js": `import adapter from "@sveltejs/adapter-node";\nexport default { kit: { adapter: adapter() } };\n`,
      "vite.config.js": `import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };\n`,
    },
    build: [["vite", "build"]],
    alone: ["build", "package.json"],
    serve: { command: ["node", "build"], paths: ["/handler"] },
  },
  {
    name: "Astro, an endpoint of a server",
    kind: "server",
    needs: { astro: "^5.0.0", "@astrojs/node": "^9.0.0" },
    files: {
      "src/revoked.js": serverFunction(),
      "src/pages/index.astro": "<p>ready</p>\n",
      "src/pages/handler.js": `import { revoked } from "../revoked.js";
export const prerender = false;
export const GET = async ({ url }) => new Response(await revoked(url.searchParams.get("order")));\n`,
      "astro.config.mjs": `import node from "@astrojs/node";
export default { output: "server", adapter: node({ mode: "standalone" }) };\n`,
    },
    build: [["astro", "build"]],
    serve: { command: ["node", "dist/server/entry.mjs"], paths: ["/handler"] },
  },
  {
    name: "React Router, a loader",
    kind: "server",
    needs: {
      ...{ "@react-router/dev": "7.18.4", "@react-router/node": "7.18.4", "@react-router/serve": "7.18.4" },
      ...{
        "react-router": "7.18.4",
        react: "^19.0.0",
        "react-dom": "^19.0.0",
        isbot: "^5.0.0",
        vite: "^7.0.0",
      },
    },
    files: {
      "app/revoked.server.js": serverFunction(),
      "app/root.jsx": `import { Outlet } from "react-router";
export default () => <html><body><Outlet /></body></html>;\n`,
      "app/routes.js": `import { index, route } from "@react-router/dev/routes";
export default [index("./home.jsx"), route("handler", "./handler.jsx")];\n`,
      "app/home.jsx": "export default () => <p>ready</p>;\n",
      "app/handler.jsx": `import { revoked } from "./revoked.server.js";
export const loader = async ({ request }) => new Response(await revoked(new URL(request.url).searchParams.get("order")));\n`,
      "vite.config.js": `import { reactRouter } from "@react-router/dev/vite";\nexport default { plugins: [reactRouter()] };\n`,
    },
    build: [["react-router", "build"]],
    serve: { command: ["react-router-serve", "build/server/index.js"], paths: ["/handler"] },
  },
  {
    name: "Cloudflare Worker, wrangler",
    kind: "server",
    needs: { wrangler: "^4.0.0", ...node("24").needs },
    files: {
      "worker.js": `import { revoke } from "autorevoke";
export default {
  async fetch(request, { CA_URL: endpoint, LOGIN_NAME: loginName, LOGIN_PASSWORD: loginPassword }) {
    const orderNumber = new URL(request.url).searchParams.get("order");
    if (!orderNumber) return new Response("ready");
    const { outcome } = await revoke({ orderNumber }, { endpoint, credentials: { loginName, loginPassword } });
    return Response.json({ orderNumber, outcome });
  },
};\n`,
      "wrangler.jsonc": `{ "name": "cell", "main": "worker.js", "compatibility_date": "2026-01-01" }\n`,
    },
    build: [
      [node("24").binary, "node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "--outdir", "dist"],
    ],
    serve: {
      command: [
        ...["sh", "-c"],
        `exec ${node("24").binary} node_modules/wrangler/bin/wrangler.js dev --ip 127.0.0.1 --port $PORT ` +
          '--var "CA_URL:$CA_URL" --var "LOGIN_NAME:$LOGIN_NAME" --var "LOGIN_PASSWORD:$LOGIN_PASSWORD"',
      ],
      paths: ["/"],
    },
  },
  {
    name: "Nuxt 4.5, a server route",
    kind: "server",
    // Its build needs a newer Node than this may be.
    needs: { nuxt: "^4.5.0", ...node("24").needs },
    files: {
      "app/app.vue": "<template><p>ready</p></template>\n",
      "server/utils/revoked.js": serverFunction(),
      "server/routes/handler.js": `export default defineEventHandler((event) => revoked(getQuery(event).order));\n`,
    },
    build: [["nuxt", "build"]],
    alone: [".output"],
    serve: { command: ["node", ".output/server/index.mjs"], paths: ["/handler"] },
  },
];

/** @param {string} page the code of a page @returns {Cell[]} */
export const servers = (page) => [...runtimes, ...bundles, ...testRunners, ...frameworks(page)];
