// autorevoke audit head: the signed end of the log as it is now, to be kept elsewhere.
import { edgeOf, ofEdge } from "../edge.js";
import { json, pour } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const auditHead = {
  name: "audit head",
  about:
    "Writes the signed head of the edge's audit log as JSON. Keep it where the edge's operators cannot change it.",
  options: ofEdge,
  async run({ values }) {
    const { edge, signal } = edgeOf(values);
    return pour(`${json(await edge.audit.head({ signal }))}\n`);
  },
};
