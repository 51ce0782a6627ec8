// What can be done about an order, or is being done, or came of it.
import { html, nothing } from "lit";
import { confirmation } from "../../../pkg/element/parts/confirmation.js";
import { outcomeButtons, outcomeCard } from "../../../pkg/element/parts/outcome.js";
import { waiting } from "../../../pkg/element/parts/waiting.js";
import { language, t } from "../texts/texts.js";
import { orderForm } from "./order-form.js";

/** @typedef {import("autorevoke").OrderRecord} OrderRecord */
/** @typedef {import("./order-screen.js").OrderScreen} Screen */

/** @param {Screen} screen @param {OrderRecord | null} record */
export function orderWork(screen, record) {
  const { flow, copied } = screen;
  if (flow.step === "waiting") return waiting(flow, language(), 2);
  const { outcome } = flow;
  const refusal = flow.refusal ? outcomeCard(flow.refusal, language(), 2) : nothing;
  if (outcome) {
    const isOver = flow.next.isDone || flow.next.isUnknown;
    const buttons = outcomeButtons(flow, language(), {
      back: t(isOver ? "order.next" : "order.back"),
      leave: () => (isOver ? (location.hash = "#/") : flow.back()),
      copied,
      copy: (text) => void screen.copy(text),
      maySettle: screen.mayRevoke,
    });
    // What the server has sent is below, all of it.
    const { record: known, ...rest } = outcome;
    const shown = known ? { ...rest, record: { ...known, attempts: [] } } : outcome;
    return html`${refusal} ${outcomeCard(shown, language(), 2, buttons)}`;
  }
  if (record?.state === "sending") return nothing;
  const isDone = ["revoked", "already-revoked", "already-rejected"].includes(record?.state ?? "");
  if (isDone && !screen.anew)
    return html`<div class="buttons">
      <a class="button primary" href="#/">${t("order.next")}</a>
      <button
        type="button"
        @click=${() => {
          screen.anew = true;
          screen.requestUpdate();
        }}
      >
        ${t("order.anew")}
      </button>
    </div>`;
  return html`${refusal} ${orderForm(screen)}`;
}

/** The order once more, and its number typed. @param {Screen} screen */
export function orderQuestion(screen) {
  return confirmation({
    flow: screen.flow,
    language: language(),
    level: 2,
    typed: screen.typed,
    ticked: screen.ticked,
    faults: screen.confirmationFaults,
    change: (change) => {
      Object.assign(screen, change);
      screen.requestUpdate();
    },
    submit: () => void screen.confirm(),
    cancel: () => screen.flow.cancel(),
  });
}
