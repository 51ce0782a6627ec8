// The test files that run when nothing else does, but for one other of them: they measure time or memory, or fill the
// machine, each for a part of its time only; or they call cargo, whose suites would let them wait. In this order, the
// longest first.
export const alone = [
  "tests/edge/concurrency.test.mjs",
  "tests/day/day.test.mjs",
  "tests/client/rust-user.test.mjs",
  "tests/kill/hunt.test.mjs",
  "tests/faults/hunt.test.mjs",
  "tests/jobs/hunt.test.mjs",
];
export const ALONE_AT_ONCE = 2;
