// autorevoke job orders: what became of each order.
import { WrongUse } from "../arguments.js";
import { edgeOf, ofEdge } from "../edge.js";
import { nameOf, plural } from "../jobs/words.js";
import { cellOf, columnsOf } from "../jobs/table.js";
import { json, pour, show } from "../output.js";

const PAGE_ROWS = 5000;
/** Of a label that is longer only the beginning is shown. */
const WIDEST_LABEL = 32;
const HEADS = ["row", "order", "label", "outcome", "code", "calls", "what the CA says"];

/** @type {import("../arguments.js").Command} */
export const jobOrders = {
  name: "job orders",
  about: "Lists what became of each order of a job. With --json: an order a line.",
  rest: ["ID"],
  options: {
    outcome: {
      value: "OUTCOME,...",
      about: "only those: pending, revoked, already-revoked, refused, unknown, ...",
    },
    csv: { about: "as CSV, as the edge writes it" },
    ...ofEdge,
  },
  async run({ values, rest: [id] }) {
    if (values.csv && values.json) throw new WrongUse(["--csv and --json: give one of them"]);
    const { edge, signal } = edgeOf(values);
    const filter =
      values.outcome === undefined ? {} : { outcome: /** @type {any} */ (String(values.outcome)) };
    if (values.csv) {
      for await (const piece of edge.jobs.ordersCsv(id, { ...filter, signal })) await pour(piece);
      return;
    }
    let count = 0;
    for (let after = 0; ;) {
      const { orders, next } = await edge.jobs.orders(id, { ...filter, after, limit: PAGE_ROWS, signal });
      // Heads not before it is known that there is such a job.
      const table = [...(after === 0 ? [HEADS] : []), ...orders.map(cellsOf)];
      const lines = values.json ? orders.map(json) : linesOf(table);
      count += orders.length;
      await pour(lines.map((line) => `${line}\n`).join(""));
      if (next === undefined) break;
      after = next;
    }
    if (!values.json) show(plural(count, "order"));
  },
};

/** As wide as what names the orders of a page, and what they are called. @param {string[][]} table */
function linesOf(table) {
  const widest = (/** @type {number} */ column) => Math.max(...table.map((cells) => cells[column].length));
  return table.map(columnsOf([7, widest(1), widest(2), 16, 4, 5]));
}

/** @param {import("../../index.d.ts").JobRow} order */
function cellsOf({ label = "", ...order }) {
  const { row, outcome, test, errorCode, errorMessage, attempts, settled } = order;
  const notes = [test ? "(test)" : "", settled ? "(found out afterwards)" : "", errorMessage ?? ""];
  return [
    String(row),
    nameOf(order),
    label.length > WIDEST_LABEL ? `${label.slice(0, WIDEST_LABEL - 1)}…` : label,
    outcome,
    errorCode === undefined ? "" : String(errorCode),
    String(attempts),
    notes.filter(Boolean).join(" "),
  ].map(cellOf);
}
