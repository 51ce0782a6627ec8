// The corpus of lists (tests/files) through the edge's own door: each file is planned, or refused with its cause, as it is expected.
// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startWorld, testTraces } from "../edge/world.mjs";
import { JOB_PEOPLE, NO_APPROVAL } from "./jobs.mjs";

const FOLDER = new URL("../files/", import.meta.url);
const { files } = JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8"));
/** @type {Record<string, string>} */
const PARAMETERS = { "--reason": "codeReason", "--columns": "columns" };

const world = await startWorld({ people: JOB_PEOPLE, variables: NO_APPROVAL });

/** @param {Buffer} body @param {string[]} options as the command has them */
function ask(body, options) {
  const query = new URLSearchParams();
  for (let at = 0; at < options.length; at += 2) query.set(PARAMETERS[options[at]], options[at + 1]);
  const type = body.includes("-----BEGIN ") ? "application/x-pem-file" : "text/csv";
  return world.ask(`/v1/jobs?${query}`, { as: "olivia", body, headers: { "content-type": type } });
}

for (const [name, { cases }] of Object.entries(files)) {
  test(`${name} is planned, or refused with its cause`, async () => {
    for (const { options, plan, fault } of cases) {
      const { status, json, text } = await ask(readFileSync(new URL(name, FOLDER)), options);
      assert.equal(status, plan ? 201 : 422, text);
      if (plan) {
        const { total, duplicates, reasons, drill, conflicts } = json;
        assert.deepEqual(
          { total, duplicates, reasons, drill, conflicts },
          {
            ...{ total: plan.total, duplicates: plan.duplicates, reasons: plan.reasons, drill: plan.drill },
            conflicts: plan.conflicts.length,
          },
        );
        await world.ask(`/v1/jobs/${json.id}/cancel`, { as: "olivia", body: {} });
        continue;
      }
      assert.equal(json.type, "urn:autorevoke:problem:invalid-order");
      const said = Object.entries(json.fields)
        .map((fault) => fault.join(" "))
        .join("\n")
        .toLowerCase();
      for (const part of fault.contains)
        assert.ok(said.includes(part.toLowerCase()), `no ${part} in: ${said}`);
      if (fault.rows) assert.deepEqual(json.rows, fault.rows);
    }
  });
}

testTraces(world);
