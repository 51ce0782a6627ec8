// All texts in English. The other languages have the same members, which the type check sees to.

/** @typedef {typeof texts} Texts */

const texts = {
  tones: { done: "Done", note: "Note", no: "Not done", unknown: "Not known", waiting: "In progress" },

  // The form.
  heading: "Revoke a certificate",
  intro:
    "An issued certificate is revoked; an order that is not issued yet is cancelled. Neither can be undone.",
  testHeading: "Test a revocation",
  testBand: "TEST: nothing is changed. The CA only checks the order.",
  orderNumber: "Order number",
  orderNumberHint: "Digits only, as the CA's order confirmation has it.",
  reason: "Reason",
  reasonHint:
    "Could anyone else have the private key? Then it is “Key compromise”. If several fit, choose the most serious. It cannot be corrected afterwards.",
  comment: "Comment",
  commentHint: "For your records only: it does not replace the reason.",
  used: (/** @type {string} */ used, /** @type {string} */ limit) => `${used} of ${limit} characters`,
  more: "One product of the order",
  productCode: "Product code",
  productCodeHint: "Which certificate of the order, where it has several.",
  product: "Product number",
  optional: "optional",
  revoke: "Revoke…",
  dryRun: "Test only",
  dryRunHint: "A test has the CA check the order. It changes nothing.",
  checking: "Asking the server about the order…",

  reasons: {
    keyCompromise: {
      name: "Key compromise",
      when: "Someone else may have the private key: it was stolen, published, on a lost or breached machine, or known to someone who should not have it. Comes before every other reason.",
    },
    affiliationChanged: {
      name: "Affiliation changed",
      when: "The organisation's name or other data in the certificate has changed, and the key is safe.",
    },
    superseded: { name: "Superseded", when: "A new certificate replaces this one, and the key is safe." },
    cessationOfOperation: {
      name: "Cessation of operation",
      when: "The site is shut down, or the domain name is no longer yours, and the key is safe.",
    },
    unspecified: { name: "Unspecified", when: "None of the other reasons fits." },
  },

  faults: {
    summary: "Please correct what is marked. Nothing was sent.",
    missingNumber: "Enter the order number.",
    badNumber: "An order number has digits only and does not begin with 0.",
    longNumber: "This number is too long to be an order number.",
    missingReason: "Choose a reason.",
    long: (/** @type {string} */ limit) => `At most ${limit} characters.`,
    badProduct: "A product number has digits only.",
  },

  // The question before what cannot be undone.
  confirmHeading: (/** @type {string} */ order) => `Revoke order ${order}?`,
  resendHeading: (/** @type {string} */ order) => `Send order ${order} again?`,
  resendWarning:
    "It may be revoked already. If the order has got a replacement certificate meanwhile, that one would be revoked.",
  notReplaced: "The certificate has not been replaced under this order number.",
  cannotBeUndone: "This cannot be undone.",
  adviseCompromise:
    "The reason cannot be corrected afterwards. If someone else may have the private key, it must be “Key compromise”.",
  typeNumber: "Type the order number to confirm",
  mistyped: (/** @type {string} */ order) => `This is not ${order}.`,
  tick: "Tick this first.",
  confirm: (/** @type {string} */ order) => `Revoke order ${order}`,
  cancel: "Cancel",
  close: "Close",
  knownNothing: "The server has not sent this order before.",

  facts: {
    order: "Order",
    productCode: "Product code",
    product: "Product number",
    reason: "Reason",
    comment: "Comment",
    server: "Server",
    code: "CA's code",
    kind: "Kind",
    status: "HTTP status",
    audit: "Audit entry",
    instance: "Instance",
    time: "Time",
    details: "Details",
  },

  // While it is in flight.
  revoking: (/** @type {string} */ order) => `Revoking order ${order}…`,
  testing: (/** @type {string} */ order) => `Testing order ${order}…`,
  lookingUp: (/** @type {string} */ order) => `Asking the server about order ${order}…`,
  stayHere: "Leave this page open until the answer is here.",
  since: (/** @type {string} */ seconds) => `For ${seconds}`,

  // What came of it.
  revoked: {
    title: (/** @type {string} */ order) => `The CA accepted the revocation of order ${order}.`,
    text: [
      "Revoked, or cancelled if it had not been issued yet: the CA does not say which. When revocation lists will show it, this answer does not say.",
    ],
  },
  tested: {
    title: (/** @type {string} */ order) => `The test of order ${order} passed. Nothing was changed.`,
    text: ["The certificate is not revoked by this. A test may look at less than a real revocation does."],
  },
  alreadyRevoked: {
    title: (/** @type {string} */ order) => `Order ${order} is revoked already.`,
    text: ["The CA does not say by whom it was revoked, when, or with which reason."],
  },
  alreadyRejected: {
    title: (/** @type {string} */ order) => `Order ${order} was rejected or cancelled already.`,
    text: ["There is no certificate to revoke."],
  },
  onlyTested: "This was a test, which changed nothing.",
  likelyEarlier: "It may have been the earlier call whose outcome was unknown. That is likely, not proven.",
  weakerReason:
    "You asked for “Key compromise”. The reason on record may be a weaker one, and this call cannot change it: if someone else may have the private key, tell the CA.",
  stillOpen: "The earlier call whose outcome is unknown is not settled by this.",

  unknown: {
    title: (/** @type {string} */ order) => `It is not known whether order ${order} was revoked.`,
    text: ["Do not assume either: it may be revoked, and it may not be."],
    next: "What to do now",
    steps: [
      "Ask the server. It goes on finding out by itself, so ask again after a minute or two.",
      "“Try again” asks the server first, and sends the order only if the server has never sent it. It is never revoked twice.",
      "Still not known? Ask the CA, naming the order number.",
    ],
    stepsServer: [
      "Ask the server again after a minute or two: it goes on finding out by itself.",
      "Send it again only if the certificate has not been replaced under this order number.",
      "Still not known? Ask the CA, naming the order number.",
    ],
    waits: "The server has stopped finding out by itself: a person has to decide.",
    earlier: (/** @type {string} */ time) => `The call was begun on ${time}.`,
    refusedSince: "What the CA said to the repetition does not show what the first call did:",
  },
  lostTest: {
    title: (/** @type {string} */ order) => `The test of order ${order} brought no usable answer.`,
    text: ["Nothing was changed, since it was only a test. It proves nothing either way."],
  },

  failures: {
    refused: (/** @type {string} */ order, /** @type {string} */ why) =>
      `The CA refused order ${order}: ${why}.`,
    nothingSent: "Nothing was sent to the CA.",
    nothingRevoked: "Nothing was revoked by this call.",
    "invalid-order": {
      title: "The order is not filled in correctly.",
      text: "What is wrong is said at the fields.",
    },
    "malformed-request": {
      title: "The server could not read the request.",
      text: "Something between this page and the server may have changed it: tell an operator.",
    },
    unauthenticated: {
      title: "The server does not know who you are.",
      text: "Sign in again. Your key or session may be mistyped, expired or withdrawn.",
    },
    forbidden: {
      title: "You may not revoke this order.",
      text: "No permission of yours covers it, or the server does not allow calls from this page's address.",
    },
    "in-progress": {
      title: "Another call is working on this order.",
      text: "It may be revoking the order just now. Wait a moment, then ask the server.",
    },
    "idempotency-mismatch": {
      title: "The server took this for another call.",
      text: "Send it again: it then gets a key of its own.",
    },
    "not-found": {
      title: "The server does not show you this order, or there is none at this address.",
      text: "Check the order number and the server's address.",
    },
    "unsupported-request": {
      title: "The server does not take this request.",
      text: "This page and the server may be of different versions: tell an operator.",
    },
    internal: { title: "The server failed.", text: "Try again, and tell an operator if it happens again." },
    "rate-limited": { title: "You have reached your limit of calls.", text: "" },
    "ca-login-refused": {
      title: "The CA refused the server's login.",
      text: "It is not about your sign-in. The server calls the CA no more until an operator has looked into it and resumes: repeated calls could lock the account.",
    },
    "ca-busy": { title: "The CA takes no more calls just now.", text: "" },
    "not-sent": {
      title: "Nothing was sent.",
      text: "The server could not be reached from this page, or the call was refused before it left.",
    },
    aborted: { title: "The call was ended before it was sent.", text: "" },
    "not-configured": {
      title: "The server is not set up yet.",
      text: "An operator has to give it its credentials and its callers.",
    },
    other: { title: "The call did not succeed.", text: "" },
  },
  tryAgainIn: (/** @type {string} */ time) => `Try again in ${time}.`,
  tryAgainLater: "Try again later.",
  mayOnlyTest: "Your permissions let you test it only.",
  noPermission: "No permission of yours covers it.",

  // What the server knows of an order.
  record: {
    heading: "What the server has sent",
    none: (/** @type {string} */ order) =>
      `The server has never sent order ${order}, or does not show it to you.`,
    older: "That is from before this call, or about another product of the order.",
    states: {
      pending: "The server has sent nothing yet that could have changed this order.",
      sending: "The server is sending this order just now.",
      revoked: "The server's record says: revoked.",
      "already-revoked": "The server's record says: already revoked.",
      "already-rejected": "The server's record says: already rejected.",
      refused: "The server's record says: refused by the CA.",
      unknown: "The server does not know the outcome either.",
    },
    outcomes: {
      pending: "not sent yet",
      sending: "being sent",
      revoked: "revoked",
      "already-revoked": "already revoked",
      "already-rejected": "already rejected",
      tested: "test passed",
      refused: "refused",
      unknown: "not known",
      "not-sent": "not sent",
    },
    revocation: "revocation",
    test: "test",
  },

  // Buttons under an outcome.
  ask: "Ask the server",
  askHint: "revokes nothing",
  tryAgain: "Try again",
  sendAgain: "Send again…",
  back: "Back to the form",
  next: "Next order",
  copy: "Copy for the ticket",
  copied: "Copied.",
  notCopied: "It could not be copied. Select the text:",
  details: "Technical details",
  caWords: "The CA's own words",
  unsettledBand: (/** @type {string} */ order, /** @type {string} */ time) =>
    `Order ${order}: outcome not known, call of ${time}.`,
  open: "Show",

  /** Where they say more than the CA's own table in English. @type {Record<string, { title: string, text: string }> | undefined} */
  codes: undefined,
};

export default texts;
