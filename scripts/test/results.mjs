// What tests came to: how many passed, what failed and how to run that alone.

/**
 * @typedef {object} Failed
 * @property {string} name
 * @property {string} why
 * @property {string} again the command that runs it alone
 */

export class Results {
  passed = 0;
  skipped = 0;
  /** @type {Failed[]} */
  failed = [];

  /** @param {number} [count] */
  pass(count = 1) {
    this.passed += count;
  }

  /** Shown at once in a line, and in full at the end. @param {Failed} failed */
  fail(failed) {
    this.failed.push(failed);
    console.error(`FAILED ${failed.name}`);
  }

  /**
   * A test that cannot run here is said to be skipped; where CI is set that is a failure.
   * @param {Failed} test
   */
  skip({ name, why, again }) {
    if (process.env.CI)
      return this.fail({ name, again, why: `it must not be skipped where CI is set: ${why}` });
    this.skipped += 1;
    console.error(`skipped ${name}: ${why}`);
  }

  /** @param {Results} other */
  add({ passed, skipped, failed }) {
    this.passed += passed;
    this.skipped += skipped;
    this.failed.push(...failed);
  }

  /** Nothing run is nothing proven. */
  get ok() {
    return this.failed.length === 0 && this.passed > 0;
  }

  /** What failed, first the names with how to run each alone, then why. @returns {string} */
  get report() {
    const names = this.failed.map(({ name, again }) => `  ${name}\n    ${again}`);
    const details = this.failed.map(({ name, why }) => `--- ${name}\n${why.trimEnd().replace(/^/gm, "  ")}`);
    return ["Failed, and how to run it alone:", ...names, "", ...details].join("\n");
  }

  toString() {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : "";
    return `${this.passed} passed, ${this.failed.length} failed${skipped}`;
  }
}
