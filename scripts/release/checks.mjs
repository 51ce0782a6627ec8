// What must be in step for a release: one version, one changelog, one repository, the licences in each package.
import { readFile, writeFile } from "node:fs/promises";
import { inRoot } from "../command/places.mjs";

const LICENCES = ["LICENSE-MIT", "LICENSE-APACHE"];
/** The npm packages, by their folders. */
const PACKAGES = ["pkg", "create-autorevoke-edge"];

/**
 * @param {{ tag?: string, read?: (path: string) => Promise<string> }} [how] `read`: the text of a file, from the root
 * @returns {Promise<string[]>} each in a line
 */
export async function releaseFaults({ tag, read = (path) => readFile(inRoot(path), "utf8") } = {}) {
  const manifest = JSON.parse(await read("pkg/package.json"));
  const creating = JSON.parse(await read("create-autorevoke-edge/package.json"));
  const crate = await read("Cargo.toml");
  const lock = JSON.parse(await read("package-lock.json"));
  const openapi = JSON.parse(await read("src/edge/openapi.json"));
  const crateLock = await read("Cargo.lock");
  const changelog = await read("CHANGELOG.md");

  /** @type {string[]} */
  const faults = [];
  const { version } = manifest;
  /** @param {string} where @param {string | undefined} found */
  const same = (where, found) => {
    if (found !== version) faults.push(`${where} has the version ${found}, pkg/package.json ${version}`);
  };
  same("Cargo.toml", field(crate, "version"));
  same("Cargo.lock", /^name = "autorevoke"\nversion = "(.+)"$/m.exec(crateLock)?.[1]);
  same("package-lock.json", lock.packages.pkg?.version);
  same("src/edge/openapi.json", openapi.info.version);
  same("create-autorevoke-edge/package.json", creating.version);

  const titles = [...changelog.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  if (titles[0] !== "Unreleased" && !titles[0]?.startsWith(`${version} `))
    faults.push(`CHANGELOG.md begins with "${titles[0]}": neither Unreleased nor ${version}`);
  if (titles.filter((title) => title === "Unreleased").length > 1)
    faults.push("CHANGELOG.md has two sections Unreleased");

  const repository = field(crate, "repository");
  for (const folder of PACKAGES) {
    const own = folder === "pkg" ? manifest : creating;
    for (const name of LICENCES) {
      if ((await read(name)) !== (await read(`${folder}/${name}`)))
        faults.push(`${name} and ${folder}/${name} are not the same`);
      if (!own.files.includes(name)) faults.push(`${folder}/package.json does not list ${name} in files`);
    }
    if (own.license !== field(crate, "license"))
      faults.push(`Cargo.toml and ${folder}/package.json name different licences`);
    if (own.repository?.url !== (repository && `git+${repository}.git`))
      faults.push(`Cargo.toml and ${folder}/package.json name different repositories`);
  }

  if (tag !== undefined) {
    if (tag !== `v${version}`) faults.push(`the tag is ${tag}, the version ${version}`);
    if (!new RegExp(`^${version.replaceAll(".", "\\.")} \\(\\d{4}-\\d\\d-\\d\\d\\)$`).test(titles[0] ?? ""))
      faults.push(`CHANGELOG.md must begin with "## ${version} (YYYY-MM-DD)", not with "${titles[0]}"`);
    if (!repository) faults.push("no repository is named: --repository URL");
  }
  return faults;
}

/**
 * Writes the repository's address, and what follows from it, into all manifests.
 * @param {string} url
 */
export async function setRepository(url) {
  for (const folder of PACKAGES) await setAddresses(folder, url);
  const crate = await readFile(inRoot("Cargo.toml"), "utf8");
  const without = crate.replace(/^(repository|homepage) = .*\n/gm, "");
  const lines = `repository = "${url}"\nhomepage = "${url}#readme"\n`;
  await writeFile(
    inRoot("Cargo.toml"),
    without.replace(/^license = .*\n/m, (line) => line + lines),
  );
}

/** @param {string} folder of an npm package @param {string} url */
async function setAddresses(folder, url) {
  const file = inRoot(folder, "package.json");
  const { license, ...manifest } = JSON.parse(await readFile(file, "utf8"));
  const { name, version, description, keywords, repository: _, homepage: __, bugs: ___, ...rest } = manifest;
  const addresses = {
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
    repository: { type: "git", url: `git+${url}.git`, directory: folder },
  };
  await writeFile(
    file,
    `${JSON.stringify({ name, version, description, keywords, ...addresses, license, ...rest }, null, 2)}\n`,
  );
}

/** A field of `[package]`, which comes first in the file. @param {string} toml @param {string} name */
function field(toml, name) {
  const [own] = toml.split(/^\[(?!package\])/m);
  return new RegExp(`^${name} = "(.*)"$`, "m").exec(own)?.[1];
}
