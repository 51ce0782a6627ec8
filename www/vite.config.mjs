// How the page is built: files only, nothing inlined, so that it works under a policy without inline code or data: URLs.
import { precompiledTexts } from "./precompiled-texts.mjs";

/** @type {import("vite").UserConfig} */
export default {
  // Relative, so that the page can be served from any folder.
  base: "./",
  plugins: [precompiledTexts],
  resolve: {
    alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" },
  },
  // Workers load the package's second module when they need it.
  worker: { format: "es" },
  build: {
    assetsInlineLimit: 0,
    // The polyfill would be code for browsers that cannot run this page anyway.
    modulePreload: { polyfill: false },
  },
  // Pre-bundling would separate the package's loader from the .wasm file that lies beside it.
  optimizeDeps: { exclude: ["autorevoke"] },
};
