// Which edge is called, and as whom. The key lives in its input and nowhere else: not in storage, not in the URL.

import { createClient, RevocationError } from "autorevoke";
import { element, find } from "./element.js";
import { identityFailed, identityText } from "./words/identity.js";

const token = find("token", HTMLInputElement);
const showToken = find("show-token", HTMLButtonElement);
const endpoint = find("endpoint", HTMLInputElement);
const identity = find("identity", HTMLElement);

/** Counts the questions asked, so that a late answer about an earlier key is not shown for the present one. */
let question = 0;

/**
 * A client of the edge and with the key that are filled in now.
 * @param {import("autorevoke").CallOptions} options
 */
export function connect(options = {}) {
  const key = token.value.trim();
  return createClient({
    endpoint: endpoint.value.trim() || location.origin,
    ...(key && { token: key }),
    ...options,
  });
}

/**
 * Asks the edge who the caller is and shows what it says.
 * @returns {Promise<unknown>} the failure, or undefined
 */
export async function identify() {
  const asked = ++question;
  const stale = () => asked !== question;
  try {
    const me = await connect().me();
    if (!stale()) showIdentity(me);
  } catch (error) {
    if (!stale()) showStranger(error);
    return error;
  }
}

/** @param {import("autorevoke").Me} me */
function showIdentity(me) {
  const { who, may } = identityText(me);
  const grants = may.map((grant) => element("li", { textContent: grant }));
  identity.replaceChildren(who, element("ul", {}, ...grants));
  identity.className = "known";
  token.removeAttribute("aria-invalid");
}

/** @param {unknown} error */
function showStranger(error) {
  identity.replaceChildren(identityFailed(error));
  identity.className = "failed";
  if (isUnauthenticated(error)) token.setAttribute("aria-invalid", "true");
}

/** @param {unknown} error */
export function isUnauthenticated(error) {
  return error instanceof RevocationError && error.kind === "unauthenticated";
}

function forgetIdentity() {
  question++;
  identity.replaceChildren();
  token.removeAttribute("aria-invalid");
}

export function watchConnection() {
  const changed = () => {
    forgetIdentity();
    if (token.value.trim()) void identify();
  };
  endpoint.placeholder = location.origin;
  token.addEventListener("change", changed);
  endpoint.addEventListener("change", changed);
  // Enter asks anew; the form itself goes nowhere.
  find("connection", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void identify();
  });
  showToken.addEventListener("click", () => {
    const shown = token.type === "password";
    token.type = shown ? "text" : "password";
    showToken.setAttribute("aria-pressed", String(shown));
  });
  // A page kept for the Back button keeps its inputs: the next person at this screen must not find the key.
  addEventListener("pagehide", () => {
    token.value = "";
    token.type = "password";
    showToken.setAttribute("aria-pressed", "false");
    forgetIdentity();
  });
}
