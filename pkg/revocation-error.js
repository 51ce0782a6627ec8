// The one class of errors that this package throws.

/** Anything but success. Its members are in index.d.ts. */
export class RevocationError extends Error {
  /** @param {any} failure */
  constructor({ message, cause, ...members }) {
    super(message, cause && { cause });
    Object.assign(this, members);
  }

  toJSON() {
    const { cause, ...members } = /** @type {any} */ (this);
    return { ...texts(this), ...members, ...(cause && { cause: texts(cause) }) };
  }

  /**
   * Of what `toJSON` gave, wherever it has been since. Of anything else nothing is known.
   * @param {unknown} value
   */
  static from(value) {
    if (value instanceof RevocationError) return value;
    // `__proto__` is left out, which would become the error's prototype.
    const { name: _, __proto__: __, cause, ...members } = /** @type {any} */ (Object(value));
    const { kind, message, mayHaveRevoked } = members;
    if (typeof kind !== "string" || typeof message !== "string" || typeof mayHaveRevoked !== "boolean")
      return new RevocationError({ kind: "unknown-outcome", mayHaveRevoked: true, message: LOST });
    if (cause) {
      members.cause = Object.assign(new Error(cause.message), { name: cause.name });
      delete members.cause.stack;
    }
    return new RevocationError(members);
  }
}

/** @param {any} error @returns {{ name: string, message: string }} */
const texts = ({ name, message }) => ({ name, message });

const LOST = "The outcome is unknown: what was passed on is no RevocationError.";

Object.defineProperty(RevocationError.prototype, "name", {
  value: "RevocationError",
  configurable: true,
  writable: true,
});
