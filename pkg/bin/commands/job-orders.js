// autorevoke job orders: what became of each order.
import { WrongUse } from "../arguments.js";
import { edgeOf, ofEdge } from "../edge.js";
import { plural } from "../jobs/words.js";
import { columnsOf } from "../jobs/table.js";
import { json, pour, printable, show } from "../output.js";

const PAGE_ROWS = 5000;
const HEADS = ["row", "order", "outcome", "code", "calls", "what the CA says"];

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
      const lines = orders.map((order) => (values.json ? json(order) : lineOf(cellsOf(order))));
      // Not before it is known that there is such a job.
      if (!values.json && after === 0) lines.unshift(lineOf(HEADS));
      count += orders.length;
      await pour(lines.map((line) => `${line}\n`).join(""));
      if (next === undefined) break;
      after = next;
    }
    if (!values.json) show(plural(count, "order"));
  },
};

const lineOf = columnsOf([7, 20, 16, 4, 5]);

/** @param {import("../../index.d.ts").JobRow} order */
function cellsOf({
  row,
  orderNumber,
  productCode,
  product,
  outcome,
  test,
  errorCode,
  errorMessage,
  attempts,
  settled,
}) {
  const name = [orderNumber, productCode, product].filter((part) => part !== undefined).join(" ");
  const notes = [test ? "(test)" : "", settled ? "(found out afterwards)" : "", errorMessage ?? ""];
  return [
    String(row),
    printable(name),
    outcome,
    errorCode === undefined ? "" : String(errorCode),
    String(attempts),
    printable(notes.filter(Boolean).join(" ")),
  ];
}
