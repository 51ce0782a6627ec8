// The faults that are switched on, and which of them a request meets.

import { choice, decimal, findings, flag, insistOn, integer, isObject, required } from "../checks.js";
import { catalogue } from "./catalogue.js";

/** @import { Call } from "../arguments.js" */
/** @import { Finding, Member } from "../checks.js" */
/** @import { Misbehaviour } from "./delivery.js" */

/**
 * A fault to switch on: its name, which requests meet it, and its own parameters beside them.
 * @typedef {{
 *   fault: string, orderNumber?: string | number, test?: boolean, times?: number, skip?: number, every?: number,
 *   acts?: boolean, [parameter: string]: unknown
 * }} FaultSetting
 */

/**
 * A fault that is switched on.
 * @typedef {object} ActiveFault
 * @property {number} id
 * @property {string} name
 * @property {Misbehaviour} misbehaviour
 * @property {boolean} acts
 * @property {Record<string, any>} parameters
 * @property {FaultSetting} setting as it was given
 * @property {number} seen requests that it concerned
 * @property {number} met requests that it spoilt
 */

/** @type {Record<string, Member>} */
const common = {
  fault: required(choice(Object.keys(catalogue), "which fault")),
  orderNumber: decimal("only calls for this order"),
  test: flag("only calls with test=Y (true), or only real ones (false)"),
  times: integer(1, 1_000_000_000, "how many calls meet it; otherwise all, until it is cleared"),
  skip: integer(0, 1_000_000_000, "how many calls pass before", 0),
  every: integer(1, 1_000_000_000, "only every nth call", 1),
  acts: flag("whether the CA carries the order out all the same; the catalogue tells each fault's default"),
};

/** @param {unknown} setting @param {string} where @returns {Finding[]} */
function problemsOf(setting, where) {
  if (!isObject(setting) || !Object.hasOwn(catalogue, String(setting.fault))) {
    return findings(isObject(setting) ? { fault: setting.fault } : setting, common, where);
  }
  const misbehaviour = catalogue[String(setting.fault)];
  const found = findings(setting, { ...common, ...misbehaviour.parameters }, where);
  if (misbehaviour.moment !== "before-reading") return found;
  for (const name of ["orderNumber", "test"]) {
    if (setting[name] !== undefined) {
      found.push({ where: `${where}.${name}`, problem: "cannot be known before the body is read" });
    }
  }
  if (setting.acts === true)
    found.push({ where: `${where}.acts`, problem: "an order that was not read cannot be carried out" });
  return found;
}

export class ActiveFaults {
  /** @type {ActiveFault[]} */
  #active = [];
  #id = 0;

  /**
   * Switches faults on: all of them, or, if one is not sound, none.
   * @param {...FaultSetting} settings
   * @returns {number[]} their ids
   */
  add(...settings) {
    insistOn(settings.flatMap((setting, index) => problemsOf(setting, `faults[${index}]`)));
    return settings.map((setting) => {
      const { fault, orderNumber, test, times, skip, every, acts, ...given } = setting;
      const misbehaviour = catalogue[fault];
      const parameters = { ...standards(misbehaviour.parameters ?? {}), ...given };
      const standard = misbehaviour.acts ?? true;
      this.#active.push({
        id: ++this.#id,
        name: fault,
        misbehaviour,
        acts: acts ?? (typeof standard === "function" ? standard(parameters) : standard),
        parameters,
        setting,
        seen: 0,
        met: 0,
      });
      return this.#id;
    });
  }

  /** The fault, if any, that keeps a request from being read. */
  beforeReading() {
    if (this.#active.length === 0) return undefined;
    const fault = this.#active.find(
      (candidate) => candidate.misbehaviour.moment === "before-reading" && this.#concerns(candidate),
    );
    return fault && this.#meet(fault);
  }

  /**
   * All the delays for a call, and the first other fault.
   * @param {Call} call
   * @returns {{ delays: ActiveFault[], fault?: ActiveFault }}
   */
  meeting(call) {
    /** @type {ActiveFault[]} */
    const delays = [];
    /** @type {ActiveFault | undefined} */
    let fault;
    // A copy, since a fault that has been met often enough leaves the list.
    for (const candidate of this.#active.length === 0 ? [] : [...this.#active]) {
      const { moment = "answer" } = candidate.misbehaviour;
      if (moment === "before-reading" || (moment === "answer" && fault)) continue;
      if (!this.#concerns(candidate, call)) continue;
      this.#meet(candidate);
      if (moment === "delay") delays.push(candidate);
      else fault = candidate;
    }
    return { delays, fault };
  }

  /** @param {ActiveFault} fault @param {Call} [call] */
  #concerns(fault, call) {
    const { orderNumber, test, skip = 0, every = 1 } = fault.setting;
    if (orderNumber !== undefined && String(orderNumber) !== call?.orderNumber) return false;
    if (test !== undefined && test !== call?.test) return false;
    fault.seen += 1;
    return fault.seen > skip && (fault.seen - skip - 1) % every === 0;
  }

  /** @param {ActiveFault} fault */
  #meet(fault) {
    fault.met += 1;
    if (fault.met === fault.setting.times) this.#active = this.#active.filter((other) => other !== fault);
    return fault;
  }

  list() {
    return this.#active.map(({ id, setting, acts, met }) => ({ id, ...setting, acts, met }));
  }

  /** @param {number} [id] only this one */
  clear(id) {
    this.#active = id === undefined ? [] : this.#active.filter((fault) => fault.id !== id);
  }
}

/** @param {Record<string, Member>} parameters */
const standards = (parameters) =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([, { standard }]) => standard !== undefined)
      .map(([name, { standard }]) => [name, standard]),
  );
