// Who is signed in: the client that calls as that person, and what the person may do. The key is in this memory and nowhere else.
import { createClient } from "autorevoke";
import { covers } from "../../../pkg/element/grants.js";
import { Breaker } from "../server/breaker.js";

export class Session {
  /** @type {string | undefined} */
  #key;
  #ended = new AbortController();

  /** The rows of a drill, on their way to the plan of the real job. @type {{ text: string, name: string } | undefined} */
  copied = undefined;

  /** @param {import("autorevoke").Me} me @param {string | undefined} key */
  constructor(me, key) {
    this.#key = key;
    this.me = me;
    this.endpoint = location.origin;
    this.client = clientOf(key);
    this.breaker = new Breaker(() => this.#key);
  }

  /** With an API key; or without, where a single sign-on stands in front. @param {string} [key] */
  static async signIn(key) {
    return new Session(await clientOf(key).me(), key);
  }

  /** For what makes a client of its own; empty where a session of the browser says who it is. */
  get token() {
    return this.#key === undefined ? undefined : () => this.#key ?? "";
  }

  /** Ends when the person signs out: what is still being read then is for nobody. */
  get signal() {
    return this.#ended.signal;
  }

  end() {
    this.#ended.abort();
  }

  get name() {
    return this.me.person ?? this.me.actor;
  }

  /** At least for some orders. @param {...string} permissions any of them */
  may(...permissions) {
    return this.me.grants.some((grant) => permissions.some((one) => grant.permissions.includes(one)));
  }

  /** For all orders. @param {...string} permissions any of them */
  mayForAll(...permissions) {
    return this.me.grants.some(
      ({ permissions: has, orders }) =>
        orders.includes("*") && permissions.some((permission) => has.includes(permission)),
    );
  }

  /** @param {string} permission @param {string} name of the order */
  covers(permission, name) {
    return covers(this.me.grants, permission, name);
  }

  /** Which orders a permission is for, in the server's words. @param {string} permission */
  ordersOf(permission) {
    return this.me.grants
      .filter(({ permissions }) => permissions.includes(permission))
      .flatMap(({ orders }) => orders);
  }
}

/** @param {string | undefined} key */
const clientOf = (key) =>
  createClient({ endpoint: location.origin, ...(key !== undefined && { token: () => key }) });
