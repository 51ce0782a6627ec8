// Mutants that no test can notice, since they do the same, or what no one can observe; each with the reason.

/**
 * By cargo-mutants' own words, without line and column.
 * @type {Record<string, string>}
 */
export const reasons = {
  "src/protocol/codes.rs: replace < with <= in describe": "0 is in the table, so it does not come here.",
  "src/protocol/form.rs: replace + with * in form": "Makes more room than is needed, and never less.",
  "src/protocol/invalid_order.rs: replace * with / in InvalidOrder::note":
    "Makes more buckets than are needed, which only costs memory.",
  "src/protocol/escapes.rs: replace | with ^ in hex": "The four bits that are joined were nought.",
  "src/protocol/redact.rs: replace | with ^ in base64_inside": "The eight bits that are joined were nought.",
  "src/protocol/redact.rs: replace > with >= in base64_inside":
    "Nothing is taken away where there is nothing.",
  "src/edge/ledger/state.rs: replace > with >= in State::more_careful":
    "Only states that no order has are of the same care; a state of an order is chosen over itself.",
  "src/edge/ledger/limits.rs: replace > with >= in Usages::count":
    "Only when those who asked for nothing lately are forgotten.",
  "src/edge/ledger/limits.rs: replace - with / in Usages::read":
    "Reads older calls as well, which Usage forgets by itself.",
  "src/edge/ledger/settle.rs: replace || with && in Ledger<H>::next_alarm":
    "Looks where it need not, and finds that the alarm rings soon enough.",
};
