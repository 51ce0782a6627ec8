// The one class of errors that this package throws.

/** Anything but success. Its members are in index.d.ts. */
export class RevocationError extends Error {
  /** @param {import("./index.d.ts").RevocationFailure} failure */
  constructor({ message, cause, ...members }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, members);
  }

  toJSON() {
    return Object.assign({ name: this.name, message: this.message }, this);
  }
}
Object.defineProperty(RevocationError.prototype, "name", {
  value: "RevocationError",
  configurable: true,
  writable: true,
});
