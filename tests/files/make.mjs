// Writes the files of this folder that hold certificates or are containers: `node tests/files/make.mjs`.
//
// Serial numbers, names and times are fixed, so what expected.json says of the files stays true. The keys are made anew each
// time and are never written down, so a second run gives other public keys and signatures.
// @ts-check
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync, gzipSync } from "node:zlib";

/** @typedef {{ publicKey: import("node:crypto").KeyObject, privateKey: import("node:crypto").KeyObject }} KeyPair */
/** @typedef {{ subject: Buffer, key: KeyPair }} Issuer */

/** @param {string} name @param {string | Buffer} content */
const write = (name, content) => writeFileSync(fileURLToPath(new URL(name, import.meta.url)), content);

// --- DER ---

/** @param {number} tag @param {...Buffer} parts */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
/** @param {...Buffer} parts */
const sequence = (...parts) => der(0x30, ...parts);
/** @param {string} hex its content octets */
const oid = (hex) => der(0x06, Buffer.from(hex, "hex"));
/** @param {string} hex */
const positive = (hex) => der(0x02, Buffer.from(/^[89a-f]/i.test(hex) ? `00${hex}` : hex, "hex"));
/** @param {string} text such as 261124000000Z */
const time = (text) => der(0x17, Buffer.from(text));
/** @param {Record<string, string>} parts of C, O, CN */
function distinguishedName(parts) {
  const types = /** @type {Record<string, string>} */ ({ C: "550406", O: "55040a", CN: "550403" });
  return sequence(
    ...Object.entries(parts).map(([name, value]) =>
      der(0x31, sequence(oid(types[name]), der(name === "C" ? 0x13 : 0x0c, Buffer.from(value)))),
    ),
  );
}
/** @param {string} id @param {Buffer} value @param {boolean} [critical] */
const extension = (id, value, critical = false) =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));

/** @returns {KeyPair} */
const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

/**
 * @param {{ serial: string, subject: Buffer, names?: string[], key?: KeyPair, issuer: Issuer, ca?: boolean }} what
 * @returns {Buffer}
 */
function certificate({ serial, subject, names = [], key = newKey(), issuer, ca = false }) {
  const extensions = [
    extension("551d13", ca ? sequence(der(0x01, Buffer.from([0xff]))) : sequence(), true),
    ...(names.length > 0
      ? [extension("551d11", sequence(...names.map((name) => der(0x82, Buffer.from(name)))))]
      : []),
  ];
  const body = sequence(
    der(0xa0, positive("02")),
    positive(serial),
    ECDSA_WITH_SHA256,
    issuer.subject,
    sequence(time("261001000000Z"), time(ca ? "361001000000Z" : "271001000000Z")),
    subject,
    key.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, issuer.key.privateKey);
  return sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
}

/** @param {Buffer} bytes @param {string} [end] of a line */
function pem(bytes, end = "\n") {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join(end);
}

// --- who signs, and what was signed ---

const root = {
  subject: distinguishedName({ C: "XX", O: "Example Trust", CN: "Example Trust Root" }),
  key: newKey(),
};
const issuing = {
  subject: distinguishedName({ C: "XX", O: "Example Trust", CN: "Example Trust Issuing CA 7" }),
  key: newKey(),
};
const ISSUER_TEXT = "C=XX, O=Example Trust, CN=Example Trust Issuing CA 7";
const rootCertificate = certificate({
  serial: "01",
  subject: root.subject,
  key: root.key,
  issuer: root,
  ca: true,
});
const issuingCertificate = certificate({
  ...{ serial: "3C9AE0", subject: issuing.subject, key: issuing.key, issuer: root, ca: true },
});

/** @param {string} serial @param {string[]} names @param {string} [commonName] */
const leaf = (serial, names, commonName = names[0]) =>
  certificate({ serial, names, subject: distinguishedName({ CN: commonName }), issuer: issuing });

const sites = {
  // Its first bit is set: DER puts an octet of zeros before it.
  www: { serial: "B71E0C5D4A9F3E2168D0C7B5A4938271", names: ["www.example.com", "example.com"] },
  // Its first digit is zero.
  shop: { serial: "0A3F91C2D47E58B6609D1F2E3C4B5A69", names: ["shop.example.net"] },
  apps: { serial: "7C0012E4F5A6B7C8D9E0F1A2B3C4D5E6", names: ["*.apps.example.org"] },
};
const www = leaf(sites.www.serial, sites.www.names);
const shop = leaf(sites.shop.serial, sites.shop.names);
const apps = leaf(sites.apps.serial, sites.apps.names);

// --- certificates ---

write("bundle.pem", pem(www) + pem(shop) + pem(apps));
write("fullchain.pem", pem(www) + pem(issuingCertificate) + pem(rootCertificate));
write("certificate.der", shop);
write("certificate-base64.cer", pem(shop, "\r\n"));
write("serial-20-octets.pem", pem(leaf("5F2C8B1D9E4A7036C1F0B2A3948576E5D4C3B2A1", ["long.example.com"])));
write(
  "certificate-bidi-name.pem",
  pem(
    leaf(
      "1D5AC0FFEE00112233445566778899AA",
      ["evil.example.com"],
      "evil\u202Emoc.elpmaxe\u202C\r\nsafe.example",
    ),
  ),
);
write("bundle-cut.pem", pem(www) + pem(shop).slice(0, 300));
write("bundle-bad-base64.pem", pem(www) + pem(shop).replace(/\n(.{20})/, "\n$1*") + pem(apps));

const folder = mkdtempSync(join(tmpdir(), "autorevoke-files-"));
try {
  const at = (/** @type {string} */ name) => join(folder, name);
  const openssl = (/** @type {string[]} */ ...args) =>
    execFileSync("openssl", args, { stdio: ["pipe", "pipe", "ignore"] });
  for (const [name, bytes] of Object.entries({ www, shop, apps })) writeFileSync(at(name), pem(bytes));
  writeFileSync(at("all"), pem(www) + pem(shop));

  const bag = openssl(
    "pkcs12",
    "-export",
    "-nokeys",
    "-in",
    at("www"),
    "-passout",
    "pass:",
    "-caname",
    "www",
  );
  write("keystore.p12", bag);
  writeFileSync(at("p12"), bag);
  write("pkcs7.p7b", openssl("crl2pkcs7", "-nocrl", "-certfile", at("all"), "-outform", "DER"));
  write("pkcs7.pem", openssl("crl2pkcs7", "-nocrl", "-certfile", at("all")));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"];
  write("request.pem", openssl("req", "-new", ...key, "-subj", "/CN=www.example.com"));
  writeFileSync(at("p7"), openssl("crl2pkcs7", "-nocrl", "-certfile", at("all")));
  write(
    "bundle-with-text.pem",
    Buffer.concat([
      Buffer.from("Certificates from the web hosts, collected on 24 November\r\n\r\n"),
      openssl("pkcs12", "-in", at("p12"), "-nokeys", "-passin", "pass:"),
      openssl("pkcs7", "-in", at("p7"), "-print_certs"),
      Buffer.from(`host app-3:\r\n${pem(apps, "\r\n")}-- \r\nOperations, example.com\r\n`),
    ]),
  );
  const serials = ["www", "shop", "apps"].map((name) =>
    openssl("x509", "-noout", "-serial", "-in", at(name)),
  );
  write("openssl-serial.txt", Buffer.concat(serials));
  write("openssl-text.pem", openssl("x509", "-text", "-in", at("www")));
  write("openssl-text.txt", openssl("x509", "-text", "-noout", "-in", at("www")));
} finally {
  rmSync(folder, { recursive: true });
}

write(
  "openssl-s-client.txt",
  `CONNECTED(00000003)
---
Certificate chain
 0 s:CN = www.example.com
   i:C = XX, O = Example Trust, CN = Example Trust Issuing CA 7
   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256
   v:NotBefore: Oct  1 00:00:00 2026 GMT; NotAfter: Oct  1 00:00:00 2027 GMT
${pem(www)} 1 s:C = XX, O = Example Trust, CN = Example Trust Issuing CA 7
   i:C = XX, O = Example Trust, CN = Example Trust Root
   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256
   v:NotBefore: Oct  1 00:00:00 2026 GMT; NotAfter: Oct  1 00:00:00 2036 GMT
${pem(issuingCertificate)}---
Server certificate
subject=CN = www.example.com

issuer=C = XX, O = Example Trust, CN = Example Trust Issuing CA 7

---
No client certificate CA names sent
Peer signing digest: SHA256
Verification: OK
---
`,
);

// --- lists of certificate transparency searches ---

const sha256 = (/** @type {Buffer} */ bytes) => createHash("sha256").update(bytes).digest("hex");

/** @param {{ serial: string, names: string[] }} site @param {number} id @param {string} [issuer] */
const crtshEntry = ({ serial, names }, id, issuer = ISSUER_TEXT) => ({
  issuer_ca_id: 900_007,
  issuer_name: issuer,
  common_name: names[0],
  name_value: names.join("\n"),
  id,
  entry_timestamp: "2026-10-01T00:04:31.118",
  not_before: "2026-10-01T00:00:00",
  not_after: "2027-10-01T00:00:00",
  // crt.sh writes the octets of the DER integer.
  serial_number: (/^[89A-F]/.test(serial) ? `00${serial}` : serial).toLowerCase(),
  result_count: 2,
});
write(
  "crtsh.json",
  JSON.stringify([
    // A certificate and its precertificate are two entries with one serial number.
    ...[crtshEntry(sites.www, 90_000_000_002), crtshEntry(sites.www, 90_000_000_001)],
    crtshEntry(sites.shop, 90_000_000_003),
  ]),
);
const foreign = { serial: "03B5914E5F28724457A5A51AD2C494D040F6", names: ["blog.example.com"] };
write(
  "crtsh-two-issuers.json",
  JSON.stringify([
    crtshEntry(sites.www, 90_000_000_002),
    crtshEntry(foreign, 90_000_000_004, "C=XX, O=Another Example CA, CN=Another R9"),
  ]),
);

/** @param {{ names: string[] }} site @param {Buffer} bytes @param {string} id */
const issuance = ({ names }, bytes, id) => ({
  id,
  tbs_sha256: sha256(Buffer.from(id)),
  cert_sha256: sha256(bytes),
  dns_names: names,
  pubkey_sha256: sha256(Buffer.from(`key ${id}`)),
  issuer: {
    friendly_name: "Example Trust",
    pubkey_sha256: sha256(Buffer.from("issuer")),
    name: ISSUER_TEXT,
  },
  not_before: "2026-10-01T00:00:00Z",
  not_after: "2027-10-01T00:00:00Z",
  revoked: false,
});
const issuances = [issuance(sites.www, www, "9000000001"), issuance(sites.shop, shop, "9000000002")];
write("certspotter-short.json", JSON.stringify(issuances));
write(
  "certspotter.json",
  JSON.stringify(issuances.map((entry, at) => ({ ...entry, cert_der: [www, shop][at].toString("base64") }))),
);

// --- containers ---

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Those whose name is in `stored` are not compressed. @param {Record<string, string>} files @param {string[]} [stored] */
function zip(files, stored = []) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const method = stored.includes(name) ? 0 : 8;
    const data = method === 0 ? content : deflateRawSync(content);
    // Version 2.0, no flags, the method, 1980-01-01 00:00.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const rows = [
  ["orderNumber", "codeReason"],
  ["612345001", "keyCompromise"],
  ["612345002", "superseded"],
];
const cells = rows.map(
  (row, at) =>
    `<row r="${at + 1}">${row
      .map((text, column) => `<c r="${"AB"[column]}${at + 1}" t="inlineStr"><is><t>${text}</t></is></c>`)
      .join("")}</row>`,
);
const workbook = zip({
  "[Content_Types].xml": `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  "_rels/.rels": `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="Incident" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  "xl/worksheets/sheet1.xml": `${XML}<worksheet xmlns="${SHEET}"><sheetData>${cells.join("")}</sheetData></worksheet>`,
});
write("workbook.xlsx", workbook);
write("workbook-named.csv", workbook);

const ODF = "urn:oasis:names:tc:opendocument:xmlns";
const ODS = "application/vnd.oasis.opendocument.spreadsheet";
const table = rows
  .map((row) => {
    const texts = row.map(
      (text) => `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`,
    );
    return `<table:table-row>${texts.join("")}</table:table-row>`;
  })
  .join("");
write(
  "workbook.ods",
  zip(
    {
      mimetype: ODS,
      "META-INF/manifest.xml": `<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="${ODF}:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${ODS}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
      "content.xml": `<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content xmlns:office="${ODF}:office:1.0" xmlns:table="${ODF}:table:1.0" xmlns:text="${ODF}:text:1.0" office:version="1.3"><office:body><office:spreadsheet><table:table table:name="Incident">${table}</table:table></office:spreadsheet></office:body></office:document-content>`,
    },
    ["mimetype"],
  ),
);
write("certificates.zip", zip({ "www.pem": pem(www), "shop.pem": pem(shop) }));
write("orders.csv.gz", gzipSync(rows.map((row) => `${row.join(",")}\n`).join("")));
