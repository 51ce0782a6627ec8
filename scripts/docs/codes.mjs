// The page of the CA's codes and of the reasons, written from the tables that describe them in the package.
import { inRoot } from "../command/places.mjs";
import { tableOf } from "./markdown.mjs";

/** @returns {Promise<string>} */
export async function codesPage() {
  const { describeErrorCode, codeReasons } = await import("autorevoke");
  const { default: tables } = await import(inRoot("pkg/dist/tables.js"));
  const known = tables.codes.map((/** @type {{ code: number }} */ { code }) => code);
  /** One that the CA does not document, of each sign. */
  const others = [
    ["another negative code", -99_999],
    ["a positive code", 99_999],
  ];
  return [
    "# Codes of the CA",
    "",
    "The number is in `errorCode` of a result, an error, a row of a job and an entry of the audit log. The words are those of",
    "`describeErrorCode(code)` and of `npx autorevoke codes CODE`, which know the codes that are not listed here, too.",
    "",
    "0, -20 and -21 are results. -14 and positive codes are `unknown-outcome`, -16 is `ca-login-refused`, -42 is `ca-busy`. All",
    "others say no: [`ca-refused`](errors.md#ca-refused).",
    "",
    ...known.flatMap((/** @type {number} */ code) => section(String(code), code)),
    ...others.flatMap(([name, code]) => section(`${name}`, Number(code))),
    "## Reasons",
    "",
    "`codeReasons` in the package has the same words. The reason cannot be corrected afterwards.",
    "",
    ...tableOf(
      ["number", "name", "choose it when"],
      codeReasons.map(({ number, name, whenToChoose }) => [number, `\`${name}\``, whenToChoose]),
    ),
    "",
  ].join("\n");

  /** @param {string} name @param {number} code */
  function section(name, code) {
    const { title, meaning, advice } = describeErrorCode(code);
    return [`## ${name}: ${title}`, "", meaning, "", `**What to do:** ${advice}`, ""];
  }
}
