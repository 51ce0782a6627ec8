// What is in a list, as the package reads it: asked of a worker.
import { RevocationError } from "autorevoke";
import { startWorker } from "../parts/workers.js";
import workerUrl from "./list-worker.js?worker&url";

/** @typedef {import("autorevoke").JobDetails["merged"][number]} MergedOrder */
/** @typedef {Omit<MergedOrder, "rows" | "count" | "conflict"> & { label?: string }} OrderOfList */
/**
 * What the list would be as a plan, as far as it says so itself: not which orders the server knows.
 * @typedef {object} PlanOfList
 * @property {string} [name]
 * @property {string} [deadline]
 * @property {number} total orders, each once
 * @property {boolean} drill
 * @property {Record<string, number>} reasons how many orders have which
 * @property {number} duplicates
 * @property {number} conflicts
 * @property {MergedOrder[]} merged the first of them
 * @property {OrderOfList[]} orders the first of them
 * @property {string} [note] what was left out, in English
 */
/** @typedef {[where: string, fault: string]} Fault in English, as the reader says it */
/** @typedef {{ name: string, meaning?: string }} Column `meaning`: empty if it is left out, absent if the reader does not know it */
/**
 * @typedef {object} WrongRow
 * @property {number} row
 * @property {string} place what it is called in a fault
 * @property {number} [line]
 * @property {string} [text] absent where it is not to be mended by hand
 * @property {boolean} canBeLeftOut
 * @property {Fault[]} faults
 */
/**
 * @typedef {object} OpenedList
 * @property {PlanOfList} [plan] what it would be as a plan, if nothing is wrong
 * @property {number} withoutReason rows that have no reason of their own
 * @property {Fault[]} faults of the list as a whole
 * @property {number[]} rows all in which something is wrong
 * @property {WrongRow[]} wrong the first of them
 * @property {Column[]} columns
 * @property {string[]} meanings what a column can mean
 * @property {boolean} isOfCertificates
 * @property {boolean} lacksHeader whether a first line has to say which numbers these are
 * @property {string} [text] the first of it
 * @property {boolean} isCut
 */

export class ListReader {
  #worker = startWorker(workerUrl);
  #asked = 0;

  close() {
    this.#worker.terminate();
  }

  /**
   * @param {Uint8Array} list
   * @param {{ columns?: string, codeReason?: string, test?: boolean, notCovered?: string[] }} [how] `codeReason`: of the rows that have
   *   none; `notCovered`: orders that are not the caller's
   * @returns {Promise<OpenedList>}
   */
  open(list, { columns, codeReason, test = false, notCovered = [] } = {}) {
    return this.#ask("open_list", list, columns, codeReason, test, notCovered);
  }

  /**
   * The list in which these rows have these texts, or are left out where the text is empty.
   * @param {Uint8Array} list
   * @param {{ columns?: string, heading?: string, rows?: Map<number, string> }} how
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  mend(list, { columns, heading, rows = new Map() }) {
    return this.#ask("mend_list", list, columns, heading, Uint32Array.from(rows.keys()), [...rows.values()]);
  }

  /** @param {string} name @param {...unknown} given @returns {Promise<any>} */
  #ask(name, ...given) {
    const worker = this.#worker;
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const { signal } = over;
      const settle = (/** @type {() => void} */ how) => {
        over.abort();
        how();
      };
      worker.addEventListener(
        "message",
        ({ data }) => {
          if (data.id !== id) return;
          settle(() => (data.failed ? reject(RevocationError.from(data.failed)) : resolve(data.read)));
        },
        { signal },
      );
      // The worker's own file could not be loaded.
      worker.addEventListener("error", () => settle(() => reject(new Error("the reader of lists"))), {
        signal,
      });
      worker.postMessage({ id, name, given });
    });
  }
}
