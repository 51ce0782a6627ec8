// autorevoke simulator: serves a stand-in for the CA until it is stopped.
import { once } from "node:events";
import { WrongUse } from "../arguments.js";
import { print } from "../output.js";

const USUAL_PORT = 8788;

/** @type {import("../arguments.js").Command} */
export const simulator = {
  name: "simulator",
  about:
    "Serves a stand-in for the CA on 127.0.0.1, for tries and tests, until Ctrl-C. Its login is the one of " +
    "the documentation's examples; GET /_simulator tells the rest.",
  options: {
    port: {
      value: "N",
      about: `default ${USUAL_PORT}; 0: any free one`,
      fault: (text) =>
        /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? undefined : "is not a port, 0 to 65535",
    },
  },
  async run({ values: { port = USUAL_PORT } }) {
    const { startSimulator } = /** @type {typeof import("../../simulator.d.ts")} */ (
      await import("../../dist/simulator.js")
    );
    const ca = await startSimulator({ port: Number(port) }).catch(
      (/** @type {NodeJS.ErrnoException} */ error) => {
        throw new WrongUse([`--port: ${error.code === "EADDRINUSE" ? "it is in use" : error.message}`]);
      },
    );
    print(`ready ${ca.url}`);
    await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
    await ca.close();
  },
};
