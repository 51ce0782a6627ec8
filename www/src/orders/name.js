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

/**
 * The serial number of a certificate, PEM or DER: SEQUENCE { SEQUENCE { [0] version?, INTEGER serialNumber, ... } ... }.
 * @param {Uint8Array} file
 * @returns {ReturnType<typeof readName>}
 */
export function nameOfCertificate(file) {
  const text = new TextDecoder().decode(file);
  const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(text);
  try {
    const der = pem ? Uint8Array.from(atob(pem[1].replace(/\s/g, "")), (at) => at.charCodeAt(0)) : file;
    const tbs = element(element(der, 0, 0x30).value, 0, 0x30).value;
    const version = tbs[0] === 0xa0 ? element(tbs, 0, 0xa0).end : 0;
    const { value } = element(tbs, version, 0x02);
    return serial(
      [...value]
        .map((octet) => octet.toString(16).padStart(2, "0"))
        .join("")
        .toUpperCase(),
    );
  } catch {
    return { fault: "name.noCertificate" };
  }
}

/** @param {Uint8Array} bytes @param {number} at @param {number} tag */
function element(bytes, at, tag) {
  if (bytes[at] !== tag) throw new TypeError("another element is expected");
  let length = bytes[at + 1];
  let begin = at + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    length = bytes.subarray(begin, begin + octets).reduce((sum, octet) => sum * 256 + octet, 0);
    begin += octets;
  }
  const end = begin + length;
  if (!(end <= bytes.length)) throw new RangeError("the file ends too early");
  return { value: bytes.subarray(begin, end), end };
}

/** A number alone, or with what kind of name it is. @param {string} name */
export const isNumber = (name) => /^\d+$/.test(name);
