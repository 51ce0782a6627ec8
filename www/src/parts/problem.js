// Why a question or an operation failed, in a sentence: what the server said, or that it did not say anything.
import { RevocationError } from "autorevoke";
import { html } from "lit";
import { language, t } from "../texts/texts.js";

/** @param {unknown} error */
export function problemOf(error) {
  if (!(error instanceof RevocationError)) return error instanceof Error ? error.message : String(error);
  const { kind, problem, retryAfter } = error;
  const { failures, tryAgainIn } = language().texts;
  const known = /** @type {Record<string, { title: string }>} */ (/** @type {unknown} */ (failures));
  const wait = retryAfter === undefined ? "" : ` ${tryAgainIn(language().seconds(retryAfter))}`;
  if (kind === "unauthenticated") return failures.unauthenticated.title;
  if (typeof problem?.detail === "string") return problem.detail + wait;
  // A question that had no answer: nothing was to be changed by it.
  if (kind === "unknown-outcome" && !error.mayHaveRevoked) return t("problem.noAnswer");
  return `${known[kind]?.title ?? failures.other.title}${wait}`;
}

/** @param {unknown} error @param {() => unknown} again */
export const problemBand = (error, again) =>
  html`<div class="band" data-tone="no" role="alert">
    <span>${problemOf(error)}</span>
    <button type="button" @click=${again}>${t("again")}</button>
  </div>`;
