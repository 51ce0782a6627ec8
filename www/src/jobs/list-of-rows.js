// The rows of a drill as the list of the real job: copied, and nothing is converted.

/** @param {import("autorevoke").JobRow[]} rows */
export function listOf(rows) {
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
  return [names.join(","), ...lines].join("\n");
}
