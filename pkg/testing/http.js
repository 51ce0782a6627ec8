// Requests in and answers out, in the forms of the edge's HTTP API: documents, and problems (RFC 9457).

/** Each kind of problem: its usual status, and its title. @type {Record<string, [status: number, title: string]>} */
const KINDS = {
  "invalid-order": [422, "The order is invalid"],
  "malformed-request": [400, "The request is malformed"],
  unauthenticated: [401, "Not authenticated"],
  forbidden: [403, "Not allowed"],
  "in-progress": [409, "Already in progress"],
  "idempotency-mismatch": [422, "The idempotency key belongs to another request"],
  "not-found": [404, "Not found"],
  "unsupported-request": [415, "The request is not supported"],
  "plan-mismatch": [409, "The plan is another one"],
  "illegal-state": [409, "Not possible in this state"],
  "rate-limited": [429, "Too many requests"],
  "ca-refused": [422, "The CA refused"],
  "ca-login-refused": [502, "The CA refused the login"],
  "ca-busy": [503, "The CA is busy"],
  "unknown-outcome": [502, "The outcome is unknown"],
};

/** A request that ends in a problem. */
export class Problem extends Error {
  /**
   * @param {string} kind
   * @param {string} detail
   * @param {{ status?: number, headers?: Record<string, string>, mayHaveRevoked?: boolean, [member: string]: unknown }} [members]
   */
  constructor(
    kind,
    detail,
    { status = KINDS[kind][0], headers = {}, mayHaveRevoked = false, ...members } = {},
  ) {
    super(detail);
    this.status = status;
    this.headers = headers;
    this.document = {
      type: `urn:autorevoke:problem:${kind}`,
      title: KINDS[kind][1],
      status,
      detail,
      mayHaveRevoked,
    };
    this.members = members;
  }

  /** @param {string} instance the request's id */
  response(instance) {
    const { retryAfter } = this.members;
    return written(
      JSON.stringify({ ...this.document, instance, ...this.members }),
      "application/problem+json",
      {
        status: this.status,
        headers: {
          ...this.headers,
          ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
        },
      },
    );
  }
}

/** @param {unknown} document @param {{ status?: number, headers?: Record<string, string> }} [how] */
export const json = (document, how) => written(JSON.stringify(document), "application/json", how);

/**
 * @param {BodyInit | null} body
 * @param {string} mediaType none for an answer without a body
 * @param {{ status?: number, headers?: Record<string, string> }} [how]
 */
export function written(body, mediaType, { status = 200, headers = {} } = {}) {
  const always = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  return new Response(body, {
    status,
    headers: { ...always, ...(mediaType ? { "Content-Type": mediaType } : {}), ...headers },
  });
}

/** @param {string} text @returns {Record<string, any>} */
export function readObject(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem("malformed-request", "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Problem("malformed-request", "The body is not a JSON object.");
  return value;
}

/** A problem that names what is wrong with which member. @param {Record<string, string>} fields */
export const invalid = (fields) =>
  new Problem("invalid-order", "The order is not sound: see fields. Nothing was sent.", { fields });

/**
 * The members of a body, each by its check: a check gives what is wrong.
 * @param {Record<string, any>} body
 * @param {Record<string, (value: any) => string | false | undefined>} checks
 */
export function checkMembers(body, checks) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const name of Object.keys(body)) if (!Object.hasOwn(checks, name)) fields[name] = "is not known here";
  for (const [name, check] of Object.entries(checks)) {
    const fault = check(body[name]);
    if (fault) fields[name] = fault;
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}
