// Reads lists beside the page, so that it stays quick with 100,000 rows.
import { readList, textOf } from "./read-list.js";

addEventListener("message", ({ data: { id, input } }) => {
  const text = typeof input === "string" ? input : textOf(input);
  postMessage({ id, text, list: readList(text) });
});
