// How many orders are left, minute by minute, with the line that the deadline asks for; and the same as a table.
import { html, nothing, svg } from "lit";
import { language, t } from "../texts/texts.js";
import { utc } from "../texts/times.js";
import { remaining } from "./job-state.js";

const [WIDTH, HEIGHT, MINUTE] = [600, 160, 60_000];
const ROWS = 12;

/** @typedef {{ at: number, left: number }} Point */

/** @param {import("autorevoke").Job} job */
export function burnDown(job) {
  const points = pointsOf(job);
  if (points.length < 2) return nothing;
  const [first] = points;
  const last = points[points.length - 1];
  const deadline = job.deadline ? Date.parse(job.deadline) : undefined;
  const started = job.startedAt ? Date.parse(job.startedAt) : first.at;
  // As far as the deadline, unless that would squeeze what was done into a corner.
  const end = Math.max(last.at, Math.min(deadline ?? last.at, last.at + 2 * (last.at - first.at)));
  const top = Math.max(first.left, last.left, 1);
  const x = (/** @type {number} */ at) => ((at - first.at) / Math.max(end - first.at, 1)) * WIDTH;
  const y = (/** @type {number} */ left) => HEIGHT - (left / top) * HEIGHT;
  const path = points.map(
    ({ at, left }, index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(left).toFixed(1)}`,
  );
  /** By a straight line from the start to the deadline. @param {number} at */
  const required = (at) =>
    deadline === undefined || deadline <= started
      ? undefined
      : Math.max(0, job.total * (1 - (at - started) / (deadline - started)));
  const line =
    required(first.at) !== undefined && [first.at, end].map((at) => [x(at), y(Number(required(at)))]);
  const { number } = language();
  return html`<figure class="card burn-down">
    <figcaption class="subheading">${t("burnDown.title")}</figcaption>
    <svg
      viewBox="-4 -8 ${WIDTH + 8} ${HEIGHT + 16}"
      role="img"
      aria-label=${t("burnDown.label", { from: number(first.left), to: number(last.left) })}
    >
      <path class="axis" d="M0 0V${HEIGHT}H${WIDTH}" />
      ${line ? svg`<path class="required" d="M${line[0].join(" ")}L${line[1].join(" ")}" />` : nothing}
      <path class="left" d=${path.join("")} />
    </svg>
    <p class="hint legend">
      <span>${utc(first.at)}</span> <span class="key left">${t("burnDown.left")}</span>
      ${line ? html`<span class="key required">${t("burnDown.required")}</span>` : nothing}
      <span>${utc(end)}</span>
    </p>
    <details>
      <summary>${t("burnDown.table")}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${language().texts.facts.time}</th>
            <th scope="col" class="numeric">${t("burnDown.left")}</th>
            ${line ? html`<th scope="col" class="numeric">${t("burnDown.required")}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${sampled(points).map(
            ({ at, left }) =>
              html`<tr>
                <th scope="row">${utc(at)}</th>
                <td class="numeric">${number(left)}</td>
                ${line ? html`<td class="numeric">${number(Math.ceil(Number(required(at))))}</td>` : nothing}
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </figure>`;
}

/**
 * Backwards from what is left now, by what was accepted in each minute of UTC. Earlier than those 240 minutes is not shown.
 * @param {import("autorevoke").Job} job
 */
function pointsOf({ rates = [], finishedAt, total, ...job }) {
  let left = remaining(job);
  let at = finishedAt ? Date.parse(finishedAt) : Date.now();
  /** @type {Point[]} */
  const points = [{ at, left }];
  for (const rate of rates.toReversed()) {
    at = Math.ceil(at / MINUTE) * MINUTE - MINUTE;
    left = Math.min(left + rate, total);
    points.push({ at, left });
  }
  return points.reverse();
}

/** @param {Point[]} points */
function sampled(points) {
  const step = Math.max(1, Math.ceil(points.length / ROWS));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
