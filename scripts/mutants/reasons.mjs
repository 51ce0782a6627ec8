// Mutants that no test can notice, since they do the same, or what no one can observe; each with the reason.

/**
 * By cargo-mutants' own words, without line and column.
 * @type {Record<string, string>}
 */
export const reasons = {
  "src/protocol/form.rs: replace + with * in form": "Makes more room than is needed, and never less.",
};
