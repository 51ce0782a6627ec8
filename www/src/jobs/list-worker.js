// Reads lists beside the page, so that it stays quick with 100,000 rows.
import { readList, textOf } from "./read-list.js";

addEventListener("message", ({ data }) => {
  const text = typeof data === "string" ? data : textOf(data);
  postMessage({ text, list: readList(text) });
});
