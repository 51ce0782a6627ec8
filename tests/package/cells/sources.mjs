// What every project's own code is: a program, a page.
// @ts-check

/** Revokes straight at the CA, as its arguments say. @param {string} [entry] */
export const program = (entry = "autorevoke") => `import { revoke } from "${entry}";
const [endpoint, orderNumber, loginName, loginPassword] = process.argv.slice(-4);
revoke({ orderNumber, codeReason: "superseded" }, { endpoint, credentials: { loginName, loginPassword } }).then(
  (done) => console.log(JSON.stringify(done)),
  (error) => { console.error(error); process.exitCode = 1; },
);
`;

export const commonJs = program().replace(
  'import { revoke } from "autorevoke"',
  'const { revoke } = require("autorevoke")',
);

/** A function of a server that revokes straight at the CA. @param {string} [entry] */
export const serverFunction = (entry = "autorevoke") => `import { revoke } from "${entry}";
export async function revoked(orderNumber) {
  const { CA_URL: endpoint, LOGIN_NAME: loginName, LOGIN_PASSWORD: loginPassword } = process.env;
  const { outcome } = await revoke({ orderNumber }, { endpoint, credentials: { loginName, loginPassword } });
  return JSON.stringify({ orderNumber, outcome });
}
`;

/**
 * Revokes through the edge, as the page's address says; and asks for the jobs, which takes the other module.
 * @param {string} [entry]
 * @param {string} [before] what comes first
 */
export const page = (
  entry = "autorevoke",
  before = "",
) => `import { createClient${before ? ", load" : ""} } from "${entry}";
${before}
const { edge, token, order } = Object.fromEntries(new URLSearchParams(globalThis.location.search));
const client = createClient({ endpoint: edge, token });
async function work() {
  const { orderNumber, outcome } = await client.revoke({ orderNumber: order, codeReason: "superseded" });
  const { jobs } = await client.jobs.list();
  return JSON.stringify({ orderNumber, outcome, jobs: jobs.length });
}
work().then((text) => (globalThis.cameOfIt = text), (error) => (globalThis.cameOfIt = "failed: " + error));
`;

/** The same in a web worker, which is given the page's address. @param {string} [entry] */
export const worker = (entry = "autorevoke") => `import { createClient, RevocationError } from "${entry}";
onmessage = async ({ data: { edge, token, order } }) => {
  const client = createClient({ endpoint: edge, token });
  try {
    const { orderNumber, outcome } = await client.revoke({ orderNumber: order, codeReason: "superseded" });
    const { jobs } = await client.jobs.list();
    postMessage(JSON.stringify({ orderNumber, outcome, jobs: jobs.length }));
  } catch (error) {
    postMessage("failed: " + JSON.stringify(RevocationError.from(error)));
  }
};
`;

export const workerPage = `const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => (globalThis.cameOfIt = data);
worker.onerror = (event) => (globalThis.cameOfIt = "failed: " + event.message);
worker.postMessage(Object.fromEntries(new URLSearchParams(location.search)));
`;

/** @param {string} script */
export const html = (script) =>
  `<!doctype html><title>cell</title><script type="module" src="${script}"></script>\n`;
