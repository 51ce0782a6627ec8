// The cells of pages: bundlers, frameworks, and none at all.
// @ts-check
import { html, page, worker, workerPage } from "./sources.mjs";

/** @typedef {import("./cell.mjs").Cell} Cell */

const inline = { "page.js": page("autorevoke/inline") };
const plain = { "page.js": page() };
const index = (/** @type {string} */ script = "./page.js") => ({ "index.html": html(script) });
/** A page beside what a bundler writes. */
const dist = { "dist/index.html": html("./out.js") };

const viteWorker = { ...index(), "page.js": workerPage, "worker.js": worker() };
const viteServer = { command: ["vite", "--host", "127.0.0.1", "--port", "$PORT", "--strictPort"], paths: [] };

/** @type {Cell[]} */
const bundlers = [
  {
    name: "no bundler, an import map",
    kind: "page",
    files: {
      "index.html": `<!doctype html><script type="importmap">{ "imports": { "autorevoke": "./node_modules/autorevoke/web.js" } }</script>
<script type="module" src="./page.js"></script>\n`,
      ...plain,
    },
    site: ".",
  },
  {
    name: "Vite 8",
    kind: "page",
    needs: { vite: "^8.0.0" },
    files: { ...index(), ...plain },
    build: [["vite", "build"]],
    site: "dist",
  },
  {
    name: "Vite 8, a web worker",
    kind: "page",
    needs: { vite: "^8.0.0" },
    files: viteWorker,
    build: [["vite", "build"]],
    site: "dist",
  },
  {
    name: "Vite 8, its development server",
    kind: "page",
    needs: { vite: "^8.0.0" },
    files: { ...index(), ...plain },
    serve: viteServer,
    pages: ["/"],
  },
  {
    name: "Vite 7, its development server",
    kind: "page",
    needs: { vite: "^7.0.0" },
    files: {
      ...index(),
      ...plain,
      "vite.config.js": 'export default { optimizeDeps: { exclude: ["autorevoke"] } };\n',
    },
    serve: viteServer,
    pages: ["/"],
    line: 'vite.config: `optimizeDeps: { exclude: ["autorevoke"] }`',
  },
  {
    name: "Vite 7",
    kind: "page",
    needs: { vite: "^7.0.0" },
    files: { ...index(), ...plain },
    build: [["vite", "build"]],
    site: "dist",
  },
  {
    name: "Vite 7, a web worker",
    kind: "page",
    needs: { vite: "^7.0.0" },
    files: { ...viteWorker, "vite.config.js": 'export default { worker: { format: "es" } };\n' },
    build: [["vite", "build"]],
    site: "dist",
    line: 'vite.config: `worker: { format: "es" }`',
  },
  {
    name: "Vite, load() with ?url",
    kind: "page",
    needs: { vite: "^8.0.0" },
    files: {
      ...index(),
      "page.js": page(
        "autorevoke",
        `import small from "autorevoke/wasm/small.wasm?url";
import full from "autorevoke/wasm/full.wasm?url";
load({ small, full });`,
      ),
    },
    build: [["vite", "build"]],
    site: "dist",
  },
  {
    name: "webpack 5",
    kind: "page",
    needs: { webpack: "^5.100.0", "webpack-cli": "^6.0.0" },
    files: {
      ...plain,
      ...dist,
      "webpack.config.mjs": `export default { mode: "production", entry: "./page.js", output: { filename: "out.js" } };\n`,
    },
    build: [["webpack"]],
    site: "dist",
  },
  {
    name: "Rspack",
    kind: "page",
    needs: { "@rspack/core": "^1.0.0", "@rspack/cli": "^1.0.0" },
    files: {
      ...plain,
      ...dist,
      "rspack.config.mjs": `export default { mode: "production", entry: "./page.js", output: { filename: "out.js" } };\n`,
    },
    build: [["rspack", "build"]],
    site: "dist",
  },
  {
    name: "Parcel",
    kind: "page",
    needs: { parcel: "^2.16.0" },
    files: { ...index(), ...plain },
    build: [["parcel", "build", "index.html", "--no-cache"]],
    site: "dist",
  },
  {
    name: "esbuild, /inline",
    kind: "page",
    needs: { esbuild: "^0.28.0" },
    files: { ...inline, ...dist },
    build: [["esbuild", "page.js", "--bundle", "--format=esm", "--outfile=dist/out.js"]],
    site: "dist",
    line: 'import from `"autorevoke/inline"`',
  },
  {
    name: "esbuild, the files beside the bundle",
    kind: "page",
    needs: { esbuild: "^0.28.0" },
    files: {
      ...dist,
      "page.js": page(
        "autorevoke",
        `import small from "autorevoke/wasm/small.wasm";
import full from "autorevoke/wasm/full.wasm";
load({ small, full });`,
      ),
    },
    build: [
      ["esbuild", "page.js", "--bundle", "--format=esm", "--outfile=dist/out.js", "--loader:.wasm=file"],
    ],
    site: "dist",
    line: "esbuild: `--loader:.wasm=file`, and `load({ small, full })` with the two imported",
  },
  {
    name: "Rollup, /inline",
    kind: "page",
    needs: { rollup: "^4.0.0", "@rollup/plugin-node-resolve": "^16.0.0" },
    files: {
      ...inline,
      ...dist,
      "rollup.config.mjs": `import resolve from "@rollup/plugin-node-resolve";
export default { input: "page.js", output: { dir: "dist", entryFileNames: "out.js" }, plugins: [resolve({ browser: true })] };\n`,
    },
    build: [["rollup", "-c"]],
    site: "dist",
    line: 'import from `"autorevoke/inline"`',
  },
  {
    name: "Rolldown, /inline",
    kind: "page",
    needs: { rolldown: "^1.0.0" },
    files: { ...inline, ...dist },
    build: [["rolldown", "page.js", "--dir", "dist", "--entry-file-names", "out.js"]],
    site: "dist",
    line: 'import from `"autorevoke/inline"`',
  },
  {
    name: "Angular, /inline",
    kind: "page",
    needs: {
      ...{ "@angular/build": "^21.0.0", "@angular/cli": "^21.0.0", "@angular/compiler": "^21.0.0" },
      ...{ "@angular/compiler-cli": "^21.0.0", "@angular/core": "^21.0.0", "@angular/common": "^21.0.0" },
      ...{ "@angular/platform-browser": "^21.0.0", typescript: "~5.9.0", rxjs: "^7.0.0", tslib: "^2.0.0" },
    },
    files: {
      "src/index.html": '<!doctype html><html><head><base href="/"></head><body></body></html>\n',
      "src/main.ts": `// @ts-nocheck\n${page("autorevoke/inline")}`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "preserve",
          moduleResolution: "bundler",
          lib: ["es2022", "dom"],
          types: [],
          strict: true,
        },
        files: ["src/main.ts"],
      }),
      "angular.json": JSON.stringify({
        version: 1,
        projects: {
          cell: {
            projectType: "application",
            root: "",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: {
                  browser: "src/main.ts",
                  index: "src/index.html",
                  tsConfig: "tsconfig.json",
                  outputPath: "dist",
                  polyfills: [],
                },
                configurations: { production: { budgets: [] } },
                defaultConfiguration: "production",
              },
            },
          },
        },
      }),
    },
    build: [["ng", "build"]],
    site: "dist/browser",
    line: 'import from `"autorevoke/inline"`',
  },
];

/** @type {Cell[]} */
const frameworks = [
  ...["--turbopack", "--webpack"].map((bundler) => ({
    name: `Next, a client component (${bundler.slice(2)})`,
    kind: /** @type {const} */ ("page"),
    needs: { next: "^16.0.0", react: "^19.0.0", "react-dom": "^19.0.0" },
    files: {
      "app/layout.js": `export default ({ children }) => <html><body>{children}</body></html>;\n`,
      "app/page.js": `"use client";
import { useEffect } from "react";
export default function Page() {
  useEffect(() => void import("../lib/page.js"), []);
  return <p>client</p>;
}\n`,
      "lib/page.js": page(),
      "next.config.mjs": 'export default { output: "export", distDir: "dist" };\n',
    },
    build: [["next", "build", bundler]],
    site: "dist",
  })),
  {
    name: "SvelteKit, a page",
    kind: "page",
    needs: {
      ...{ "@sveltejs/kit": "^2.0.0", "@sveltejs/adapter-static": "^3.0.0", svelte: "^5.0.0" },
      ...{ "@sveltejs/vite-plugin-svelte": "^7.0.0", vite: "^8.0.0" },
    },
    files: {
      "src/app.html": `<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n`,
      "src/routes/+layout.js": "export const ssr = false;\nexport const prerender = true;\n",
      "src/lib/page.js": page(),
      "src/routes/+page.svelte": `<script>import { onMount } from "svelte"; onMount(() => void import("$lib/page.js"));</script><p>page</p>\n`,
      "svelte.config.js": `import adapter from "@sveltejs/adapter-static";\nexport default { kit: { adapter: adapter() } };\n`,
      "vite.config.js": `import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };\n`,
    },
    build: [["vite", "build"]],
    site: "build",
  },
  {
    name: "Astro, a script of a page",
    kind: "page",
    needs: { astro: "^5.0.0" },
    files: {
      "src/page.js": page(),
      "src/pages/index.astro": `<p>page</p><script>import "../page.js";</script>\n`,
    },
    build: [["astro", "build"]],
    site: "dist",
  },
];

/** What loads its module in each of the ways that there are. */
const IN_OTHER_BROWSERS = [
  ...["no bundler, an import map", "Vite 8", "Vite 8, a web worker", "webpack 5", "esbuild, /inline"],
];

/** @type {Cell[]} */
const otherBrowsers = [
  ["Firefox", "firefox"],
  ["WebKit", "webkit"],
].flatMap(([title, browser]) =>
  bundlers
    .filter(({ name }) => IN_OTHER_BROWSERS.includes(name))
    .map((cell) => ({ ...cell, name: `${title}: ${cell.name}`, browser })),
);

/** @type {Cell[]} */
export const pages = [...bundlers, ...frameworks, ...otherBrowsers];
