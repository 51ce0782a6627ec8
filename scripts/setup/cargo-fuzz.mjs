// cargo-fuzz, and what it needs.
import { attempt } from "../command/running.mjs";
import { installPackages } from "./administrator.mjs";
import { ensureCargoTool } from "./cargo-tool.mjs";

const CARGO_FUZZ = { name: "cargo-fuzz", version: "0.13.1", takes: "about a minute, once for all clones" };

/** The program; throws a Failure when it is not to be had. */
export async function ensureCargoFuzz() {
  // libFuzzer itself is C++ and is compiled on the spot.
  if (!(await attempt("c++", ["--version"])).ok) await installPackages(["g++"], "a C++ compiler");
  return `${await ensureCargoTool(CARGO_FUZZ)}/bin/cargo-fuzz`;
}
