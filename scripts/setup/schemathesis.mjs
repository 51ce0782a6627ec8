// schemathesis, which writes requests from an OpenAPI document: from PyPI, in a Python environment outside the clone.
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { inCache } from "../command/places.mjs";
import { attempt, run } from "../command/running.mjs";
import { installPackages } from "./administrator.mjs";

const VERSION = "4.32.5";
const LIMIT_MS = 10 * 60_000;

/** What this version of schemathesis asks for. */
const PYTHON = "Python 3.11 or newer, with venv";
const IS_THERE = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))";

/**
 * Its command line is `python -m schemathesis.cli`.
 * @returns {Promise<string>} the Python that has it
 */
export async function ensureSchemathesis() {
  const folder = inCache(`schemathesis-${VERSION}`);
  const python = join(folder, "bin", "python");
  if (existsSync(folder)) {
    if ((await attempt(python, ["-c", "import schemathesis.cli"])).ok) return python;
    // The Python that it was made with has gone.
    await rm(folder, { recursive: true, force: true });
  }
  await ensurePython();
  // Made aside and moved into place at once: what is there is whole, and two clones may do this together.
  const aside = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    await run("python3", ["-m", "venv", aside]);
    await run(join(aside, "bin", "python"), ["-m", "pip", "install", `schemathesis==${VERSION}`], {
      label: `set-up: pip install schemathesis ${VERSION} (about a minute, once for all clones)`,
      limitMs: LIMIT_MS,
    });
    await rename(aside, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return python;
}

async function ensurePython() {
  const isThere = async () => (await attempt("python3", ["-c", IS_THERE])).ok;
  if (await isThere()) return;
  await installPackages(["python3", "python3-venv"], PYTHON);
  if (!(await isThere())) throw new Failure(`${PYTHON} is needed, and this system's is another one`);
}
