// npm run secrets: makes what the edge needs to keep secret, into secrets.json: the key that signs its audit log, and an API key.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("secrets.json", import.meta.url));
const COMMAND = fileURLToPath(new URL("bin/autorevoke.js", import.meta.resolve("autorevoke/package.json")));

/** @param {string[]} args @returns {any} */
const key = (...args) =>
  JSON.parse(execFileSync(process.execPath, [COMMAND, "key", ...args, "--json"], { encoding: "utf8" }));

/** The secrets; made when there are none yet. The API key itself is in no file: only its digest is. */
export function secrets() {
  if (existsSync(FILE)) return { values: JSON.parse(readFileSync(FILE, "utf8")) };
  const everything = ["--permissions", "revoke,test,plan,approve,audit,operate", "--orders", "*"];
  const made = key("--id", "admin", "--person", "admin", ...everything);
  const values = {
    CA_LOGIN_NAME: "",
    CA_LOGIN_PASSWORD: "",
    API_KEYS: JSON.stringify([made.entry]),
    AUDIT_SIGNING_KEY: JSON.stringify(key("--audit")),
  };
  writeFileSync(FILE, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
  return { values, apiKey: /** @type {string} */ (made.key) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { apiKey } = secrets();
  console.log(
    apiKey
      ? `secrets.json is there. Its API key, shown this once:\n${apiKey}`
      : "secrets.json was there, and is as it was. For further keys: npx autorevoke key --help",
  );
}
