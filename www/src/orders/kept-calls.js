// Where calls are kept whose outcome is not known: in this tab's session, for each caller apart. Never the key.

/** @param {string} actor @returns {import("../../../pkg/repeat.d.ts").RepeatStorage} */
export function keptCalls(actor) {
  const prefix = `dashboard:${actor}:`;
  return {
    getItem: (key) => sessionStorage.getItem(prefix + key),
    setItem: (key, value) => sessionStorage.setItem(prefix + key, value),
    removeItem: (key) => sessionStorage.removeItem(prefix + key),
    keys: () =>
      Object.keys(sessionStorage)
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  };
}
