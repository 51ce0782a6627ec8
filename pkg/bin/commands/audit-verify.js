// autorevoke audit verify: a log in a file, against a head that was kept and the key that signed it.
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { verifyAuditLog } from "../../node.js";
import { WrongUse } from "../arguments.js";
import { DONE, REFUSED } from "../ending.js";
import { json, print } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const auditVerify = {
  name: "audit verify",
  about: "Verifies an exported audit log, in FILE or on standard input (-). It needs no edge and no network.",
  rest: ["FILE"],
  options: {
    head: {
      value: "FILE",
      about: "a head that was kept (autorevoke audit head): shows whether the end was cut or rewritten",
    },
    key: {
      value: "FILE",
      about: "the edge's public key or a set of them (GET /v1/audit/key): checks the head's signature",
    },
  },
  async run({ values, rest: [file] }) {
    if (values.key !== undefined && values.head === undefined) {
      throw new WrongUse(["--key needs --head: it is the head that is signed"]);
    }
    const head = values.head === undefined ? undefined : await textOf(String(values.head));
    const keys = values.key === undefined ? undefined : jsonOf(await textOf(String(values.key)));
    const verdict = await verifyAuditLog(await piecesOf(file), { head, keys });
    if (values.json) print(json(verdict));
    else for (const line of linesOf(verdict)) print(line);
    return verdict.ok ? DONE : REFUSED;
  },
};

/** @param {import("../../index.d.ts").AuditVerdict} verdict */
function linesOf({ ok, entries, firstBad, reason = "", unreadable, signature }) {
  const where = firstBad === undefined ? "" : ` from entry ${firstBad} on`;
  if (unreadable) return [`NOT CHECKED${where}: it is in another encoding, or damaged.`, reason];
  if (!ok) return [`NOT OK: the log cannot be believed${where}.`, reason];
  const whole = `OK: ${entries} ${entries === 1 ? "entry" : "entries"}, none changed, moved or left out.`;
  switch (signature) {
    case "valid":
      return [whole, "The log reaches the head, whose signature is valid."];
    case "not-checked":
      return [whole, "The log reaches the head. Its signature was not checked: give --key for that."];
    default:
      return [
        whole,
        "Whether its end was cut off or rewritten, only a head that was kept can show: give --head.",
      ];
  }
}

/** The log, piece by piece: it may be larger than memory. @param {string} file */
async function piecesOf(file) {
  if (file === "-") return process.stdin;
  try {
    const handle = await open(file);
    if (!(await handle.stat()).isDirectory()) return createReadStream("", { fd: handle });
    await handle.close();
  } catch {
    // Reported below.
  }
  throw unreadable(file);
}

/** @param {string} file */
const textOf = async (file) => {
  const bytes = await readFile(file).catch(() => {
    throw unreadable(file);
  });
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
};

/** What PowerShell writes by `>` is known by its mark. @param {Uint8Array} bytes */
function encodingOf([first, second]) {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongUse(["the file of --key is not JSON: it must be a JWK or a JWK set"]);
  }
}

/** @param {string} file */
const unreadable = (file) => new WrongUse([`${file} is no file that can be read`]);
