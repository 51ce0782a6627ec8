// What an order or certificate is called: its number at the CA, or `serial:HEX`, or `certificate:ID`, as people paste it.

const LARGEST_ORDER = (1n << 63n) - 1n;
const SERIAL_DIGITS = 34;

/**
 * @param {string} text
 * @returns {{ name: string } | { fault: import("../texts/texts.js").TextName }}
 */
export function readName(text) {
  const bare = text.replace(/[\s#\u200b\ufeff]/g, "");
  if (bare === "") return { fault: "name.missing" };
  const certificate = /^certificate:0*(\d{1,16})$/i.exec(bare);
  if (certificate) return { name: `certificate:${certificate[1]}` };
  if (/^\d+$/.test(bare)) {
    if (bare.startsWith("0")) return { fault: "name.zero" };
    return BigInt(bare) > LARGEST_ORDER ? { fault: "name.long" } : { name: bare };
  }
  const hex = bare
    .replace(/^serial:/i, "")
    .replace(/^0x/i, "")
    .replaceAll(":", "")
    .toUpperCase();
  if (!/^[0-9A-F]+$/.test(hex)) return { fault: "name.wrong" };
  return serial(hex);
}

/** @param {string} hex @returns {{ name: string } | { fault: import("../texts/texts.js").TextName }} */
function serial(hex) {
  const even = hex.length % 2 ? `0${hex}` : hex;
  const octets = even.replace(/^(00)+(?=..)/, "");
  return octets.length > SERIAL_DIGITS ? { fault: "name.long" } : { name: `serial:${octets}` };
}

/** A number alone, or with what kind of name it is. @param {string} name */
export const isNumber = (name) => /^\d+$/.test(name);
