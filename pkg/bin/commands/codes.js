// autorevoke codes: the CA's codes and the reasons, in words.
import { codeReasons, describeErrorCode } from "../../node.js";
import tables from "../../dist/tables.js";
import { WrongUse } from "../arguments.js";
import { json, show, showLines } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const codes = {
  name: "codes",
  about: "Explains a code of the CA, or lists all codes and the reasons for a revocation.",
  rest: ["[CODE]"],
  numbers: true,
  run({ values, rest: [code] }) {
    if (code !== undefined && !/^-?\d{1,9}$/.test(code))
      throw new WrongUse(["CODE must be a number, such as -21"]);
    if (code !== undefined) {
      const described = describeErrorCode(Number(code));
      if (values.json) return show(json(described));
      return showLines(`${described.code}, ${described.title}\n${described.meaning}\n${described.advice}`);
    }
    if (values.json) return show(json({ codes: tables.codes, codeReasons }));
    show("Codes of the CA:");
    for (const { code, title } of tables.codes) show(`${String(code).padStart(6)}  ${title}`);
    showLines("\nReasons:");
    for (const { number, name, whenToChoose } of codeReasons) {
      show(`${String(number).padStart(6)}  ${name}: ${whenToChoose}`);
    }
  },
};
