// The one account of the simulated CA, and the lock on it.

/** @typedef {{ name: boolean, password: boolean }} LoginMatches whether each arrived as it is on file */

export class Login {
  #initial;
  #name;
  #password;
  #failures = 0;
  #lockAfter;
  locked = false;
  /** Every credential there ever was, so that none is shown after a change. @type {string[]} */
  secrets;

  /** @param {{ loginName: string, loginPassword: string, lockAfter: number }} account */
  constructor({ loginName, loginPassword, lockAfter }) {
    this.#initial = { loginName, loginPassword };
    this.#name = loginName;
    this.#password = loginPassword;
    this.#lockAfter = lockAfter;
    this.secrets = [loginName, loginPassword];
  }

  /** Wrong logins since the last right one. */
  get failures() {
    return this.#failures;
  }

  /** @param {{ loginName: string, loginPassword: string }} sent @returns {LoginMatches} */
  compare({ loginName, loginPassword }) {
    return { name: loginName === this.#name, password: loginPassword === this.#password };
  }

  /** Lets a caller in or not, and counts. @param {LoginMatches} matches */
  admits(matches) {
    if (!matches.name || !matches.password) {
      this.#failures += 1;
      if (this.#lockAfter > 0 && this.#failures >= this.#lockAfter) this.locked = true;
      return false;
    }
    if (this.locked) return false;
    this.#failures = 0;
    return true;
  }

  lock() {
    this.locked = true;
  }

  unlock() {
    this.locked = false;
    this.#failures = 0;
  }

  /** @param {{ loginName?: string, loginPassword?: string }} account */
  change({ loginName = this.#name, loginPassword = this.#password }) {
    this.#name = loginName;
    this.#password = loginPassword;
    for (const secret of [loginName, loginPassword]) {
      if (!this.secrets.includes(secret)) this.secrets.push(secret);
    }
  }

  reset() {
    this.unlock();
    this.change(this.#initial);
  }
}
