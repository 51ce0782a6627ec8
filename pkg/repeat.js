// Revocations that can be repeated: the idempotency key of each call is kept until its outcome is known, and before anything is
// sent again, the edge is asked what became of it.
import { RevocationError } from "./revocation-error.js";

/** @typedef {import("./repeat.d.ts").RepeatStorage} RepeatStorage */
/** @typedef {import("./index.d.ts").RevocationOrder} Order */
/** @typedef {import("./index.d.ts").OrderRecord} OrderRecord */
/** @typedef {import("./index.d.ts").Revocation} Revocation */
/** @typedef {{ order: Order, key: string, since: string, seq: number }} Entry `seq`: the newest audit entry before it */

const REASONS = [
  "unspecified",
  "keyCompromise",
  undefined,
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
];

/** @type {import("./repeat.d.ts").repeatable} */
export function repeatable(client, { storage = pageStorage(), scope = "" } = {}) {
  const prefix = `autorevoke:unsettled:${scope}:`;
  /** Calls in flight, by what they are about. @type {Map<string, { text: string, done: Promise<Revocation> }>} */
  const inFlight = new Map();

  /** @param {string} name @returns {Promise<Entry | undefined>} */
  const entryOf = async (name) => {
    const text = await storage.getItem(prefix + name);
    try {
      return text ? JSON.parse(text) : undefined;
    } catch {
      return undefined;
    }
  };

  /** @param {Order} order @param {object} options */
  const check = async (order, options) => {
    if (order.certificate !== undefined) throw notByCertificate();
    const ended = new AbortController();
    const stop = new Promise((resolve) => {
      const fetch = () => {
        resolve(undefined);
        ended.abort();
        return Promise.reject(new TypeError("a rehearsal: nothing is sent"));
      };
      const rehearsal = { ...options, fetch, signal: ended.signal, token: "rehearsal" };
      client.revoke(order, rehearsal).catch(resolve);
    });
    const error = await stop;
    if (error) throw error;
  };

  /** @param {Order} order @param {any} options @returns {Promise<OrderRecord | undefined>} nothing where the edge knows nothing */
  const recordOf = async (order, options) => {
    try {
      return await client.orders.get(nameOf(order), options);
    } catch (error) {
      if (error instanceof RevocationError && error.kind === "not-found") return undefined;
      throw error;
    }
  };

  /**
   * What the edge knows of an order, after a probe where its outcome is unknown.
   * @param {Order} order
   * @param {Entry | undefined} entry
   * @param {any} options
   */
  const lookAt = async (order, entry, { probe = true, ...options }) => {
    const record = await recordOf(order, options);
    if (record?.state !== "unknown" || !probe || (entry && settledBy(record, entry))) return record;
    return client.orders.settle(nameOf(order), options);
  };

  /** @param {Order} order @param {any} options */
  const revoke = async (order, { resend = false, ...options }) => {
    await check(order, options);
    if (isTest(order)) return client.revoke(order, options);
    const name = keyOf(order);
    const kept = await entryOf(name);
    const isSame = kept !== undefined && textOf(kept.order) === textOf(order);
    try {
      let record;
      try {
        record = await lookAt(order, kept, options);
      } catch (error) {
        throw kept ? error : notLookedUp(order, error);
      }
      const settled = kept && settledBy(record, kept);
      if (settled) {
        await storage.removeItem(prefix + name);
        if (isSame) return settled;
      }
      const entry =
        isSame && !settled
          ? kept
          : {
              order,
              key: newKey(),
              // An earlier call may have acted until something shows that it is revoked.
              ...(kept && !settled
                ? { since: kept.since, seq: kept.seq }
                : { since: new Date().toISOString(), seq: newestSeq(record) }),
            };
      if (record?.state === "unknown" && !resend) throw stillUnknown(order, record);
      return await send(name, entry, options, kept !== undefined && !settled);
    } catch (error) {
      throw kept && (await entryOf(name)) ? inDoubt(order, error) : error;
    }
  };

  /** @param {string} name @param {Entry} entry @param {any} options @param {boolean} mayHaveActed whether an earlier call may have */
  const send = async (name, entry, options, mayHaveActed) => {
    // Before it leaves: a page that is closed meanwhile finds it again.
    try {
      await storage.setItem(prefix + name, JSON.stringify(entry));
    } catch (error) {
      throw new RevocationError({
        kind: "not-sent",
        mayHaveRevoked: false,
        message: "Nothing was sent: the idempotency key could not be stored.",
        ...named(entry.order),
        ...(error instanceof Error && { cause: error }),
      });
    }
    try {
      const done = await client.revoke(entry.order, { ...options, idempotencyKey: entry.key });
      await storage.removeItem(prefix + name);
      return done;
    } catch (error) {
      const may = !(error instanceof RevocationError) || error.mayHaveRevoked;
      if (!may && !mayHaveActed) await storage.removeItem(prefix + name);
      throw error;
    }
  };

  return Object.freeze({
    /** @param {Order} order @param {object} [options] */
    check: (order, options = {}) => check({ ...order }, options),

    /** @param {Order} order @param {object} [options] */
    revoke(order, options = {}) {
      const what = { ...order };
      const name = isTest(what) ? `test ${textOf(what)}` : keyOf(what);
      const running = inFlight.get(name);
      // The very same call, such as a second click: it is sent once.
      if (running && running.text === textOf(what)) return running.done;
      if (running) return Promise.reject(alreadyRunning(what));
      const done = revoke(what, options).finally(() => inFlight.delete(name));
      inFlight.set(name, { text: textOf(what), done });
      return done;
    },

    /** @param {Order} order @param {object} [options] */
    async lookUp(order, options = {}) {
      const name = keyOf(order);
      const entry = await entryOf(name);
      const record = await lookAt(order, entry, options);
      const settled = entry && settledBy(record, entry);
      if (settled) await storage.removeItem(prefix + name);
      return { record, settled };
    },

    async unsettled() {
      const keys = storage.keys ? await storage.keys() : Object.keys(storage);
      const names = [...keys].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      const entries = await Promise.all(names.map(entryOf));
      return entries.flatMap((entry) => (entry ? [{ order: entry.order, since: entry.since }] : []));
    },

    /** @param {Order} order */
    forget: async (order) => void (await storage.removeItem(prefix + keyOf(order))),
  });
}

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Order} order */
const isTest = ({ test }) => test === true || test === "Y";

/**
 * The one name that an order has, as the edge writes it.
 * @param {Order} order
 * @returns {import("./index.d.ts").CertificateName}
 */
function named({ orderNumber, serialNumber, certificateID }) {
  if (certificateID !== undefined) return { certificateID: String(certificateID) };
  if (serialNumber === undefined) return { orderNumber: String(orderNumber) };
  const digits = serialNumber.trim().replace(/^0x/, "").replace(/[: ]/g, "").replace(/^0+/, "").toUpperCase();
  return { serialNumber: digits.length % 2 === 1 ? `0${digits}` : digits };
}

/** The name as one text. @param {Order} order */
function nameOf(order) {
  const { orderNumber, serialNumber, certificateID } = named(order);
  if (orderNumber !== undefined) return orderNumber;
  return serialNumber === undefined ? `certificate:${certificateID}` : `serial:${serialNumber}`;
}

/** What the order is called in a sentence. @param {Order} order */
function spoken(order) {
  const { orderNumber, serialNumber, certificateID } = named(order);
  if (orderNumber !== undefined) return `order ${orderNumber}`;
  return serialNumber === undefined ? `certificate ${certificateID}` : `serial number ${serialNumber}`;
}

/** What the edge knows of an order is asked for by its name. */
function notByCertificate() {
  const fault = "is not taken here: give its serialNumber, by which the edge can be asked what became of it";
  return new RevocationError({
    kind: "invalid-order",
    mayHaveRevoked: false,
    message: `The order is invalid and was not sent. certificate ${fault}.`,
    fields: { certificate: fault },
  });
}

/** What is revoked: the name with the product. @param {Order} order */
const keyOf = (order) =>
  [nameOf(order), order.productCode, order.product].map((part) => part ?? "").join("/");

/** The same for the same order, whatever the order of its members. @param {Order} order */
const textOf = (order) =>
  JSON.stringify(
    Object.entries({ ...order, ...named(order) })
      .filter(([, value]) => value !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** @param {OrderRecord | undefined} record */
const newestSeq = (record) => Math.max(0, ...(record?.auditSeqs ?? []));

/**
 * What shows that the order is revoked, or was rejected: an answer of the CA that the edge has written since the call began.
 * The state alone does not, since it may be older: of a certificate that this order's present one has replaced.
 * @param {OrderRecord | undefined} record
 * @param {Entry} entry
 * @returns {Revocation | undefined}
 */
function settledBy(record, { order, seq }) {
  const reason = typeof order.codeReason === "string" ? REASONS.indexOf(order.codeReason) : order.codeReason;
  const attempts = /** @type {any[]} */ (record?.attempts ?? []);
  const shows = attempts.findLast(
    (attempt) =>
      ["revoked", "already-revoked", "already-rejected"].includes(attempt.outcome) &&
      (attempt.outcome !== "revoked" || attempt.test === false) &&
      attempt.auditSeqs.length > 0 &&
      attempt.auditSeqs.every((/** @type {unknown} */ own) => Number.isInteger(own) && Number(own) > seq) &&
      (attempt.productCode ?? "") === (order.productCode ?? "") &&
      (attempt.product ?? "") === (order.product ?? ""),
  );
  if (!shows) return undefined;
  // With another reason it was another call's doing.
  const own = shows.outcome === "revoked" && shows.codeReason === (reason ?? 0);
  const outcome = shows.outcome === "revoked" && !own ? "already-revoked" : shows.outcome;
  return /** @type {Revocation} */ ({
    ...named(order),
    outcome,
    errorCode: { revoked: 0, "already-revoked": -21, "already-rejected": -20 }[
      /** @type {"revoked"} */ (outcome)
    ],
    ...(shows.errorMessage !== undefined && { errorMessage: shows.errorMessage }),
    test: false,
    auditSeq: Math.max(...shows.auditSeqs),
  });
}

/** @param {Order} order */
const alreadyRunning = (order) =>
  new RevocationError({
    kind: "in-progress",
    mayHaveRevoked: false,
    message: `Nothing was sent: another call for ${spoken(order)} is in flight. Wait for its outcome.`,
    ...named(order),
  });

/** @param {Order} order @param {unknown} error */
function notLookedUp(order, error) {
  if (!(error instanceof RevocationError) || error.kind !== "unknown-outcome" || error.mayHaveRevoked)
    return error;
  return new RevocationError({
    kind: "not-sent",
    mayHaveRevoked: false,
    message: `Nothing was sent: what the edge knows of ${spoken(order)} could not be looked up first. ${error.message}`,
    ...named(order),
    ...(error.status !== undefined && { status: error.status }),
    cause: error,
  });
}

/** @param {Order} order @param {OrderRecord} record */
const stillUnknown = (order, { waitsForPerson }) =>
  new RevocationError({
    kind: "unknown-outcome",
    mayHaveRevoked: true,
    message:
      `It is not known what became of ${spoken(order)}, also after a probe. Nothing more was sent. ` +
      (waitsForPerson ? "The edge waits for a person. " : "The edge goes on finding out. ") +
      "Send it again (`resend`) only if the order has not been replaced meanwhile.",
    ...named(order),
  });

/**
 * No answer to a repetition shows that the first transmission did not act.
 * @param {Order} order
 * @param {unknown} error
 */
function inDoubt(order, error) {
  if (error instanceof RevocationError && error.mayHaveRevoked) return error;
  const members = error instanceof RevocationError ? { ...error } : {};
  const { message } = error instanceof Error ? error : new Error(String(error));
  return new RevocationError({
    ...members,
    kind: members.kind === "aborted" || members.kind === "in-progress" ? members.kind : "unknown-outcome",
    mayHaveRevoked: true,
    message: `It is still not known what became of the call for ${spoken(order)}. ${message}`,
    ...named(order),
    ...(error instanceof Error && { cause: error }),
  });
}

/** The page's session, where there is one and it can be used; this module's memory otherwise. @returns {RepeatStorage} */
function pageStorage() {
  try {
    const { sessionStorage } = globalThis;
    const probe = "autorevoke:probe";
    sessionStorage.setItem(probe, "");
    sessionStorage.removeItem(probe);
    return sessionStorage;
  } catch {
    /** @type {Map<string, string>} */
    const memory = new Map();
    return {
      getItem: (key) => memory.get(key),
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
      keys: () => memory.keys(),
    };
  }
}
