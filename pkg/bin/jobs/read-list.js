// Reads a list as the edge does, without asking it: by a module of its own, which nothing else of the package loads; the dashboard has it, too.
import { readFile } from "node:fs/promises";
import * as glue from "../../dist/autorevoke_lists.js";
import { instance } from "../../instance.js";

/**
 * What a list would be as a plan, as far as it says so itself: not which orders the edge knows, nor who must approve.
 * `merged` has the first hundred orders that several rows name, those that differ before the others; `orders` the first twenty;
 * `note` says what was left out of the list.
 * @typedef {object} ReadableList
 * @property {true} ok
 * @property {string} [name] of a plan as JSON, as it is written
 * @property {string} [deadline]
 * @property {number} total orders, each once
 * @property {boolean} drill
 * @property {Record<string, number>} reasons how many orders have which
 * @property {number} duplicates rows that name an order that another row names
 * @property {number} conflicts orders whose rows differ in their reasons: the most serious one is planned
 * @property {MergedOrder[]} merged
 * @property {OrderOfList[]} orders
 * @property {string} [note]
 *
 * @typedef {object} FaultyList
 * @property {false} ok
 * @property {Record<string, string>} fields what is wrong, by its place; the first thousand of `faults`
 * @property {number[]} rows the numbers of the bad rows
 * @property {number} faults
 *
 * @typedef {import("../../index.d.ts").JobDetails["merged"][number]} MergedOrder
 * @typedef {Omit<MergedOrder, "rows" | "count" | "conflict">} OrderOfList
 */

const lists = instance(
  () => glue,
  () => readFile(new URL("../../dist/autorevoke_lists.wasm", import.meta.url)),
);

/**
 * A CSV of any office, certificates in PEM, serial numbers, a plan as JSON.
 * @param {Uint8Array} list
 * @param {{ columns?: string, codeReason?: string, test: boolean }} how `columns` as of a plan; the reason of rows that have none
 * @returns {Promise<ReadableList | FaultyList>}
 */
export const readList = (list, { columns, codeReason, test }) =>
  lists.run("read_list", list, columns, codeReason, test);
