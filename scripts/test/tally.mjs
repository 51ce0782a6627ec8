// Counts what tests did, and says it.
import { say } from "../command/running.mjs";

export class Tally {
  passed = 0;
  /** @type {string[]} names of tests */
  failed = [];
  skipped = 0;

  pass() {
    this.passed += 1;
  }

  /**
   * @param {string} name
   * @param {string} [why] shown at once; the name is repeated at the end
   */
  fail(name, why) {
    this.failed.push(name);
    say(`FAILED ${name}${why ? `\n${why.trimEnd().replace(/^/gm, "  ")}` : ""}`);
  }

  /**
   * A test that cannot run here is said to be skipped; where CI is set that is a failure.
   * @param {string} name
   * @param {string} why
   */
  skip(name, why) {
    if (process.env.CI) return this.fail(name, `it must not be skipped where CI is set: ${why}`);
    this.skipped += 1;
    say(`skipped ${name}: ${why}`);
  }

  /** @param {Tally} other */
  add(other) {
    this.passed += other.passed;
    this.failed.push(...other.failed);
    this.skipped += other.skipped;
  }

  /** Nothing run is nothing proven. */
  get ok() {
    return this.failed.length === 0 && this.passed > 0;
  }

  toString() {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : "";
    return `${this.passed} passed, ${this.failed.length} failed${skipped}`;
  }
}
