// pkg/dist/element.js: the elements with Lit in one file, since the package depends on nothing. The client stays outside of it.
import { copyFile, readFile } from "node:fs/promises";
import { build } from "esbuild";
import { inRoot } from "../command/places.mjs";

/** @type {import("./freshness.mjs").Part} */
export const elements = {
  name: "elements",
  inputs: ["pkg/element", "scripts/build/elements.mjs", "package-lock.json"],
  outputs: ["pkg/dist/element.js", "pkg/dist/element.LICENSE.txt"],
};

/**
 * Indentation and the comments of style sheets, which a minifier leaves in templates: to HTML and CSS they mean nothing.
 * @type {import("esbuild").Plugin}
 */
const templates = {
  name: "templates",
  setup({ onLoad }) {
    onLoad({ filter: /\/pkg\/element\/.*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(/^ *\/\*[^*][^]*?\*\/\n/gm, "").replace(/\n\s+/g, "\n") };
    });
  },
};

export async function buildElements() {
  await build({
    entryPoints: [inRoot("pkg/element/index.js")],
    outfile: inRoot("pkg/dist/element.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    // What is beside the package's own entries is there once, whoever loads it.
    external: ["../web.js", "../repeat.js"],
    // Servers that render pages import it, too.
    inject: [inRoot("pkg/element/server.js")],
    plugins: [templates],
    banner: {
      js: "// Written by the build from pkg/element; do not edit. With Lit: see element.LICENSE.txt.",
    },
    legalComments: "eof",
    logLevel: "warning",
  });
  await copyFile(inRoot("node_modules/lit/LICENSE"), inRoot("pkg/dist/element.LICENSE.txt"));
}
