// npm run release: whether a release is complete, and where it comes from.
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run release --",
    about: [
      "Checks that versions, changelog, licences and addresses are in step. With --repository it first writes the",
      "repository's address into the manifests of the npm package and of the crate, which is the only place it comes from.",
    ].join("\n"),
    options: {
      check: { about: "check: the default" },
      tag: { value: "TAG", about: "check for the release of this tag: vVERSION", fault: tagFault },
      repository: { value: "URL", about: "https: address of the repository", fault: addressFault },
    },
  });
  const { releaseFaults, setRepository } = await import("./release/checks.mjs");
  const { repository, tag } = values;
  if (repository) await setRepository(repository);
  const faults = await releaseFaults({ tag });
  if (faults.length > 0) throw new Failure(faults.join("\n"));
  say(tag ? `release: all is in step with ${tag}` : "release: all is in step");
});

/** @param {string} text */
function addressFault(text) {
  return /^https:\/\/[\w.-]+\/[\w./-]*\w$/.test(text) ? undefined : "must be an https: address without .git";
}

/** @param {string} text */
function tagFault(text) {
  return /^v\d+\.\d+\.\d+/.test(text) ? undefined : "must be v and a version, as v1.2.3";
}
