// autorevoke/testing: the fake edge stops where the edge stops, and goes on where it does.
import assert from "node:assert/strict";
import { until } from "../harness/until.mjs";
import { run, startBoth, told, untilDone } from "./edges.mjs";

const limited = await startBoth({
  people: [
    { id: "olivia", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "olivia-too", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "paul", person: "paul", permissions: ["revoke", "test"], orders: ["*"] },
  ],
  limits: { minute: 4, day: 2 },
});
// Before any test: Node ends what belongs to a file once its tests so far have ended.
const stopped = await startBoth({
  people: [
    { id: "olivia", person: "olivia", permissions: ["plan", "revoke", "test"], orders: ["*"] },
    { id: "greta", person: "greta", permissions: ["operate"], orders: ["*"] },
  ],
});

limited.both(
  "limits count by person: so many revocations in a day, so many calls in a minute",
  async (edge) => {
    const said = [];
    for (const [who, orderNumber, test] of /** @type {[string, string, boolean][]} */ ([
      ["olivia", "1", false],
      ["olivia-too", "2", false],
      ["olivia", "3", false],
      ["olivia", "3", true],
      ["olivia-too", "4", true],
      ["olivia", "5", true],
      ["paul", "3", false],
    ])) {
      const { status, json, headers } = await edge.ask("/v1/revocations", {
        ...{ as: who, method: "POST", body: JSON.stringify({ orderNumber, test }) },
      });
      const { retryAfter, ...rest } = json;
      said.push([status, rest, retryAfter > 0, headers.get("ratelimit-policy"), left(headers)]);
    }
    assert.deepEqual(
      said.map(([status]) => status),
      [200, 200, 429, 200, 200, 429, 200],
    );
    return [said, (await edge.client().me()).limits];
  },
);

/** What is left, without how long. @param {Headers} headers */
const left = (headers) => headers.get("ratelimit")?.replaceAll(/;t=\d+/g, "");

stopped.both(
  "-16 stops the edge and halts its jobs, until an operator resumes and a call goes well",
  async (edge) => {
    const client = edge.client();
    edge.set({ 1: "being-issued", 2: -16 });
    const { id } = await run(client, { orders: [{ orderNumber: "1", codeReason: 1 }] });
    const said = [
      await told(client.revoke({ orderNumber: "2" })),
      await told(client.revoke({ orderNumber: "3" })),
    ];
    const breaker = (/** @type {string} */ path, /** @type {object} */ init = {}) =>
      edge.ask(path, { as: "greta", ...init });
    const states = [(await breaker("/v1/breaker")).json, (await client.jobs.get(id)).state];
    edge.set({ 1: "issued", 2: "issued" });
    states.push(await told(client.jobs.resume(id)));
    states.push((await breaker("/v1/breaker/resume", { method: "POST", body: "{}" })).json.state);
    await until(
      "a call is let through",
      async () => !(await told(client.revoke({ orderNumber: "4" }))).error,
    );
    await until("it is closed", async () => (await breaker("/v1/breaker")).json.state === "closed");
    assert.equal((await untilDone(client, id)).at(-1), "done");
    return [said, states, edge.calls("2").length, edge.calls("3").length];
  },
);
