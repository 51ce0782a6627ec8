// What is built and handed on names no folder of the machine that it was built on.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the package, the edge and the dashboard name neither the checkout nor the home folder", async () => {
  let modules = 0;
  for (const folder of ["pkg/dist", "worker/dist", "www/dist"]) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const text = await readFile(file, "latin1");
      if (file.endsWith(".wasm")) modules += 1;
      for (const place of [root, homedir()])
        assert.ok(!text.includes(place.replace(/\/?$/, "/")), `${file} names ${place}`);
    }
  }
  assert.ok(modules >= 4, `${modules} modules`);
});
