// The cells of compilers: versions of TypeScript, and how each finds the package's declarations.
// @ts-check
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const read = (/** @type {string} */ name) =>
  readFile(fileURLToPath(new URL(`../../types/${name}`, import.meta.url)), "utf8");

/** @returns {Promise<import("./cell.mjs").Cell[]>} */
export async function types() {
  const files = {
    "errors.ts": await read("errors.ts"),
    "calls.ts": await read("calls.ts"),
    "entries.ts": ENTRIES,
  };
  const compilers = [
    ["5.0", "node10", "esnext"],
    ["5.0", "node16", "node16"],
    ["5.0", "bundler", "esnext"],
    ["5.9", "nodenext", "nodenext"],
    ["7.0", "bundler", "esnext"],
  ].map(([version, moduleResolution, module]) => ({
    name: `TypeScript ${version}, moduleResolution ${moduleResolution}, ES2020's library alone`,
    kind: /** @type {const} */ ("types"),
    needs: { typescript: `~${version}.0` },
    files: {
      ...files,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...{
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: false,
            noEmit: true,
            esModuleInterop: true,
          },
          ...{ target: "es2020", lib: ["es2020"], types: [], module, moduleResolution },
        },
        include: ["*.ts"],
      }),
    },
    build: [["tsc"]],
  }));
  return [...compilers, CLOUDFLARE, ...LINTS];
}

/** @type {import("./cell.mjs").Cell} */
const CLOUDFLARE = {
  name: "TypeScript 5.9, autorevoke/worker with Cloudflare's types",
  kind: "types",
  needs: { typescript: "~5.9.0", "@cloudflare/workers-types": "^4.0.0" },
  files: {
    "worker.ts": `import edge, { Ledger, type EdgeEnv } from "autorevoke/worker";
interface Env extends EdgeEnv { LEDGER: DurableObjectNamespace<Ledger> }
export { Ledger };
export default edge satisfies ExportedHandler<Env>;
`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...{ strict: true, skipLibCheck: false, noEmit: true, types: ["@cloudflare/workers-types"] },
        ...{ target: "es2022", lib: ["es2022"], module: "esnext", moduleResolution: "bundler" },
      },
      include: ["worker.ts"],
    }),
  },
  build: [["tsc"]],
};

/** @type {import("./cell.mjs").Cell[]} */
const LINTS = [
  {
    name: "publint --strict",
    kind: "types",
    needs: { publint: "^0.3.0" },
    files: {},
    build: [["publint", "--strict", "node_modules/autorevoke"]],
  },
  {
    name: "attw, for packages of ES modules only",
    kind: "types",
    needs: { "@arethetypeswrong/cli": "^0.18.0" },
    files: {},
    build: [["attw", "--pack", "node_modules/autorevoke", "--profile", "esm-only", "--no-emoji"]],
  },
];

const ENTRIES = `import { revoke } from "autorevoke/inline";
import { createClient } from "autorevoke/web";
import { load } from "autorevoke/node";
import { RevocationError } from "autorevoke/workerd";
import { fakeEdge } from "autorevoke/testing";
import small from "autorevoke/wasm/small.wasm";
import full from "autorevoke/wasm/full.wasm";
export const loaded: Promise<void> = load({ small, full });
export const fetch = fakeEdge({ orders: { 7: -35 } });
export { createClient, revoke, RevocationError };
`;
