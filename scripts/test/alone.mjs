// The test files that run one by one, when nothing else does: they measure time or memory, or fill the machine.
export const alone = new Set([
  "tests/day/day.test.mjs",
  "tests/edge/concurrency.test.mjs",
  "tests/faults/hunt.test.mjs",
  "tests/jobs/hunt.test.mjs",
  "tests/kill/hunt.test.mjs",
]);
