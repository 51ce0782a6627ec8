// Rows on their way from a drill to the plan of the real job: copied, and nothing is converted.

/** @type {{ text: string, name: string } | undefined} */
let copied;

/** @param {import("autorevoke").JobRow[]} rows @param {string} name */
export function copyList(rows, name) {
  const names = /** @type {const} */ ([
    "orderNumber",
    "serialNumber",
    "certificateID",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "label",
  ]);
  const cell = (/** @type {unknown} */ value) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(","));
  copied = { text: [names.join(","), ...lines].join("\n"), name };
}

export function takeCopied() {
  const taken = copied;
  copied = undefined;
  return taken;
}
