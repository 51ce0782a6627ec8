// What is mutated, and the tests that have to notice.

const LEDGER = [
  ...["state", "order_status", "breaker", "in_flight", "settle", "pace", "high_water_mark"],
  ...["jobs/state", "jobs/rows"],
  ...["limits", "answers", "attempt", "revocation", "mod"],
];

/**
 * @typedef {object} Part
 * @property {string[]} files
 * @property {string[]} tests arguments of `cargo test`
 */

/** @type {Record<string, Part>} */
export const parts = {
  ledger: {
    files: LEDGER.map((name) => `src/edge/ledger/${name}.rs`),
    tests: ["--features", "edge", "--lib", "--test", "ledger"],
  },
  protocol: {
    files: ["src/protocol/*.rs"],
    // Without optimisation these are slow, and they ask for nothing but time.
    tests: ["--features", "full", "--lib", "--test", "protocol", "--", "--skip", "parse_time"],
  },
};

/** Random histories and made-up answers are many; a mutant that needs more of them has no test that means it. */
export const environment = { TEST_CASES: "300", AUTOREVOKE_HISTORIES: "300" };
