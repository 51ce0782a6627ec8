// Starting or approving a job needs a confirmation of its plan: the options for it, or the number of its orders typed in.
import { WrongUse } from "../arguments.js";
import { canAsk, haveTyped } from "../confirmation.js";
import { linesOf, plural } from "./words.js";

/** @type {Record<string, import("../arguments.js").Option>} */
export const confirming = {
  "plan-hash": { value: "HASH", about: "the plan that you have seen (job create and job show tell it)" },
  total: { value: "N", about: "how many orders it has" },
  yes: { about: "whatever the plan is: do not ask" },
};

/**
 * What is confirmed.
 * @param {import("../arguments.js").Arguments["values"]} values
 * @param {import("../../index.d.ts").JobDetails} job
 * @param {string} what is going to be done, as a verb
 * @param {{ withTotal: boolean, signal: AbortSignal }} how
 */
export async function confirmed(values, job, what, { withTotal, signal }) {
  const { "plan-hash": planHash, total } = values;
  if (planHash !== undefined && (total !== undefined || !withTotal)) {
    return { planHash: String(planHash), total: total === undefined ? job.total : numberOf(String(total)) };
  }
  if (planHash !== undefined || total !== undefined)
    throw new WrongUse(["--plan-hash and --total belong together: they say which plan you have seen"]);
  if (values.yes) return job;
  const warning = job.drill ? "Nothing can be revoked by it." : "What is revoked cannot be undone.";
  await haveTyped(linesOf(job), `${warning} Type the number of orders to ${what} it`, {
    isExpected: (typed) => typed.replaceAll(",", "") === String(job.total),
    otherwise: `it has ${plural(job.total, "order")}, and that is not what you typed`,
    signal,
  });
  return job;
}

/**
 * Whether it can be confirmed at all, before anything is asked of the edge.
 * @param {import("../arguments.js").Arguments["values"]} values
 */
export function checkConfirmation(values, withTotal = true) {
  const { "plan-hash": planHash, total, yes } = values;
  /** @type {string[]} */
  const faults = [];
  if (planHash === undefined && total === undefined && !yes && !canAsk())
    faults.push(
      `nobody can be asked here: say which plan you have seen by --plan-hash${withTotal ? " and --total" : ""}`,
    );
  if (total !== undefined && !/^[\d,]{1,12}$/.test(String(total)))
    faults.push("--total must be a number of orders");
  if (yes && (planHash !== undefined || total !== undefined))
    faults.push("--yes takes whatever plan there is: leave it out where --plan-hash says which");
  if (faults.length > 0) throw new WrongUse(faults);
}

/** @param {string} text */
const numberOf = (text) => Number(text.replaceAll(",", ""));
