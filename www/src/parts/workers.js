// Workers of this page's own origin only, as its Trusted Types policy says.

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("autorevoke-workers", {
  /** @param {string} url */
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin)
      throw new TypeError("a script of another origin");
    return url;
  },
});

/** @param {string} url @returns {Worker} */
export const startWorker = (url) =>
  new Worker(policy ? policy.createScriptURL(url) : url, { type: "module" });
