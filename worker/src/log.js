// The log: a line of JSON for each event, with its time, in the edge's own words.

/**
 * Something that an operator should know. What a request came to is another line: the core writes that.
 * @param {string} event
 * @param {object} [members]
 */
export const logEvent = (event, members) =>
  console.error(JSON.stringify({ time: new Date().toISOString(), event, ...members }));

/** That something failed, and of what kind; never an exception's text, which may hold anything. */
export function logFailure(where, error, instance) {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  logEvent("failure", { where, kind, instance });
}
