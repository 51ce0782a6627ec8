// The edge, but it measures what goes between front and ledger and into the database, and `/most` tells the most there was.
import edge, { Ledger as RealLedger } from "./worker.js";

const most = { message: 0, statement: 0, values: 0, row: 0, messages: 0 };

const note = (what, size) => {
  most[what] = Math.max(most[what], size);
};

/** The size of what a message carries, in bytes: a text has two a letter at worst. */
const sizeOf = (value) => (value === undefined ? 0 : 2 * JSON.stringify(value).length);

const bytesOf = (values) =>
  values.reduce(
    (sum, value) => sum + (typeof value === "string" ? new TextEncoder().encode(value).length : 8),
    0,
  );

export class Ledger extends RealLedger {
  constructor(ctx, env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    Object.defineProperty(sql, "exec", {
      value: (statement, ...values) => {
        note("statement", statement.length);
        note("values", values.length);
        note("row", bytesOf(values));
        return exec(statement, ...values);
      },
    });
  }

  async ask(...asked) {
    most.messages += 1;
    note("message", sizeOf(asked));
    const answer = await super.ask(...asked);
    note("message", sizeOf(answer));
    return answer;
  }
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/most") return Response.json(most);
    return edge.fetch(request, env, ctx);
  },
};
