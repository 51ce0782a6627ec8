// The code table and the reasons, which need no wasm: generated from the same Rust that judges the answers.
import tables from "./dist/tables.js";

/** @param {number} code */
export function describeErrorCode(code) {
  const number = Number(code);
  const known = tables.codes.find((entry) => entry.code === number);
  return { code: number, ...(number < 0 ? tables.otherNegative : tables.positive), ...known };
}

export const codeReasons = /* @__PURE__ */ Object.freeze(tables.codeReasons.map((it) => Object.freeze(it)));
