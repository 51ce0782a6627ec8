// docs/issuers.md is true: each block configures an edge, under which people are people, and machines are none.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "dotenv";
import { Front, Settings, initSync } from "../../worker/dist/edge_glue.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { assembled, requestOf, signers } from "./tokens.mjs";

initSync({ module: await readFile(new URL("../../worker/dist/edge.wasm", import.meta.url)) });

const document = await readFile(new URL("../../docs/issuers.md", import.meta.url), "utf8");
const blocks = Object.fromEntries(
  [...document.matchAll(/^## (.+)\n\n```sh\n([^`]+)```$/gm)].map(([, name, block]) => [name, parse(block)]),
);

const UUID = "7b1d2a3c-0000-4000-8000-1a2b3c4d5e6f";
const EMAIL = { email: "sam@example.com", email_verified: true };

/**
 * As the issuers' documentation has them: claims of people with the person who is meant, and of machines.
 * @type {Record<string, { people: [object, string][], machines: object[] }>}
 */
const TOKENS = {
  "Microsoft Entra": {
    people: [
      [
        {
          sub: "pairwise",
          oid: UUID,
          azp: UUID,
          idtyp: "user",
          preferred_username: "sam@example.com",
          roles: ["Approve"],
        },
        "sam@example.com",
      ],
    ],
    machines: [
      { sub: UUID, oid: UUID, azp: "client", roles: ["Approve"] },
      { sub: UUID, oid: UUID, azp: "client", idtyp: "app", preferred_username: "robot", roles: ["Approve"] },
    ],
  },
  Okta: {
    people: [[{ sub: "sam@example.com", uid: "00u1", cid: "0oa1", groups: ["pki-approvers"] }, "00u1"]],
    machines: [{ sub: "0oa1", cid: "0oa1", scp: ["revocations"] }],
  },
  Auth0: {
    people: [
      [
        {
          ...{ sub: "auth0|1", azp: "client", permissions: ["approve:jobs"] },
          "https://revoke.example.com/person": "sam@example.com",
        },
        "sam@example.com",
      ],
    ],
    machines: [
      { sub: "client@clients", azp: "client", gty: "client-credentials", permissions: ["approve:jobs"] },
    ],
  },
  Keycloak: {
    people: [
      [
        { sub: UUID, azp: "app", preferred_username: "sam", groups: ["pki-approvers"], ...EMAIL },
        EMAIL.email,
      ],
      [{ azp: "app", groups: ["pki-approvers"], ...EMAIL }, EMAIL.email],
    ],
    machines: [
      {
        sub: UUID,
        azp: "robot",
        preferred_username: "service-account-robot",
        groups: ["pki-approvers"],
        ...EMAIL,
      },
      { azp: "robot", groups: ["pki-approvers"] },
    ],
  },
  Google: {
    people: [[{ sub: "1", azp: "client", hd: "example.com", ...EMAIL }, EMAIL.email]],
    machines: [
      { sub: "2", azp: "2", email: "deploys@project.iam.gserviceaccount.com", email_verified: true },
      { sub: "2", azp: "2" },
    ],
  },
  "Cloudflare Access": {
    people: [[{ sub: UUID, email: EMAIL.email, type: "app" }, EMAIL.email]],
    machines: [{ sub: "", common_name: "1a2b.access", type: "app" }],
  },
  "GitHub Actions": {
    people: [],
    machines: [
      {
        ...{
          sub: "repo:YOUR-ORG/YOUR-REPO:environment:production",
          repository: "YOUR-ORG/YOUR-REPO",
          run_id: "1",
        },
        ...{ actor: "sam", job_workflow_ref: "YOUR-ORG/YOUR-REPO/.github/workflows/w.yml@refs/heads/main" },
      },
    ],
  },
  "Amazon Cognito": {
    people: [
      [{ sub: UUID, "cognito:groups": ["pki-approvers"], ...EMAIL }, EMAIL.email],
      [{ sub: UUID, "cognito:groups": ["pki-approvers"], ...EMAIL, email_verified: "true" }, EMAIL.email],
    ],
    machines: [{ sub: "4o7r", client_id: "4o7r", token_use: "access" }],
  },
};

/** Who the edge takes the bearer for. @param {Record<string, string>} variables @param {object} claims */
function me(variables, claims) {
  const settings = new Settings();
  const all = {
    ...{ CA_LOGIN_NAME: "login", CA_LOGIN_PASSWORD: "password" },
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    ...variables,
  };
  for (const [name, value] of Object.entries(all)) settings.set(name, value);
  assert.deepEqual(JSON.parse(settings.faults()), []);
  const front = new Front(settings);
  const now = Date.now();
  const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = variables;
  const token = assembled(
    { alg: "RS256" },
    { iss, aud, exp: now / 1000 + 60, ...claims },
    signers.HS256("any signature: it is not looked at here"),
  );
  const visit = front.visit("urn:x", requestOf(token));
  assert.ok(JSON.parse(visit.admit(now)).verify);
  const { ask } = JSON.parse(visit.verified("valid", now));
  return JSON.parse(ask).command.Me.me;
}

test("there is a block for each issuer", () => assert.deepEqual(Object.keys(blocks), Object.keys(TOKENS)));

for (const [name, { people, machines }] of Object.entries(TOKENS)) {
  test(`${name}: people are people, and may approve where they are granted to`, () => {
    for (const [claims, person] of people) {
      const told = me(blocks[name], claims);
      assert.equal(told.person, person);
      assert.equal(told.personReason, undefined);
      assert.ok(told.grants.some((/** @type {any} */ { permissions }) => permissions.includes("approve")));
    }
  });

  test(`${name}: machines are no people, and it is told why`, () => {
    for (const claims of machines) {
      const told = me(blocks[name], claims);
      assert.equal(told.person, null, JSON.stringify(claims));
      assert.ok(told.personReason);
    }
  });

  test(`${name}: a machine with a mark is no person by sub or another wrong claim either`, () => {
    for (const claim of ["sub", "actor", "azp", "email"]) {
      for (const claims of machines.filter((claims) =>
        / is a machine's: /.test(me(blocks[name], claims).personReason),
      )) {
        assert.equal(me({ ...blocks[name], JWT_PERSON_CLAIM: claim }, claims).person, null);
      }
    }
  });
}
