// What a certificate that is dropped is called: by its serial number, of a chain that of the one which is no CA's.
import { nameOf } from "../../../pkg/element/words/order.js";
import { ListReader } from "./reader.js";

/**
 * @param {Uint8Array} file
 * @returns {Promise<{ name: string } | { fault: import("../texts/texts.js").TextName, said?: string }>}
 */
export async function nameOfCertificate(file) {
  const reader = new ListReader();
  try {
    const { plan, isOfCertificates, faults, wrong } = await reader.open(file);
    if (plan && isOfCertificates)
      return plan.total === 1 ? { name: nameOf(plan.orders[0]) } : { fault: "name.several" };
    const [[, said] = []] = plan ? [] : [...faults, ...wrong.flatMap((row) => row.faults)];
    return { fault: "name.noCertificate", ...(said !== undefined && { said }) };
  } finally {
    reader.close();
  }
}
