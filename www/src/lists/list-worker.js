// Reads lists beside the page, which stays quick with 100,000 rows: by the package's own reader, a module that nothing else loads.
import * as glue from "../../../pkg/dist/autorevoke_lists.js";
import { instance } from "../../../pkg/instance.js";

const lists = instance(
  () => glue,
  () => new URL("../../../pkg/dist/autorevoke_lists.wasm", import.meta.url),
);

addEventListener("message", async ({ data: { id, name, given } }) => {
  try {
    postMessage({ id, read: await lists.run(name, ...given) });
  } catch (error) {
    const failed = /** @type {any} */ (error);
    postMessage({ id, failed: failed.toJSON?.() ?? { message: String(failed) } });
  }
});
