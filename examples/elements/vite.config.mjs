// Three pages with the same form: plain HTML, React, Vue. `/v1` is the edge of `npm run demo`.
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const edge = "http://127.0.0.1:8787";

export default defineConfig({
  // A tag with a hyphen is an element of the page, not a component of Vue.
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("autorevoke-") } } }),
  ],
  optimizeDeps: { exclude: ["autorevoke"] },
  // The edge takes calls of its own origin, which this page has by way of the proxy.
  server: { proxy: { "/v1": { target: edge, headers: { Origin: edge } } } },
  build: { target: "es2022", rolldownOptions: { input: ["index.html", "react.html", "vue.html"] } },
});
