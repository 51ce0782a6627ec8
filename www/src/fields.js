// Messages at the fields they are about.

/** The fields in the order of the page, with what they are called there. */
const LABELS = new Map([
  ["orderNumber", "The order number"],
  ["codeReason", "The reason"],
  ["revocationReason", "The comment"],
  ["productCode", "The product code"],
  ["product", "The product"],
  ["test", "The dry run"],
]);

export function clearFieldErrors() {
  for (const name of LABELS.keys()) mark(name, "");
}

/**
 * Puts each fault at its field and moves to the first one.
 * @param {Record<string, string>} faults field name to fault, such as "is missing"
 * @returns {[name: string, fault: string][]} those for which the page has no field
 */
export function showFieldErrors(faults) {
  clearFieldErrors();
  const wrong = [...LABELS.keys()].filter((name) => faults[name]);
  for (const name of wrong) mark(name, `${LABELS.get(name)} ${faults[name]}.`);
  if (wrong.length > 0) focusField(wrong[0]);
  return Object.entries(faults).filter(([name]) => !LABELS.has(name));
}

/**
 * @param {string} name
 * @param {string} message
 */
function mark(name, message) {
  const place = /** @type {HTMLElement} */ (document.getElementById(`${name}-error`));
  place.textContent = message;
  const field = /** @type {HTMLElement} */ (document.getElementById(`${name}-field`));
  field.classList.toggle("wrong", message !== "");
  const control = document.getElementById(name) ?? field;
  if (message) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** @param {string} name */
function focusField(name) {
  const field = /** @type {HTMLElement} */ (document.getElementById(`${name}-field`));
  const disclosure = field.closest("details");
  if (disclosure) disclosure.open = true;
  /** @type {HTMLElement | null} */ (field.querySelector("input, textarea"))?.focus();
}
