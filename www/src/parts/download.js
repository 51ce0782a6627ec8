// Saves a text or a Blob as a file on this machine.

/** @param {string | Blob} content @param {string} name @param {string} [type] */
export function download(content, name, type = "text/plain") {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // Once the browser has begun to save it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
