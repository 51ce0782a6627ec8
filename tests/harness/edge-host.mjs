// Edges, one after the other, in a process of its own, so that their log can be read. A line on standard input is the
// configuration of the next one; its address goes to standard output, workerd's log to standard error.
import { createInterface } from "node:readline";
import { startEdge } from "../../scripts/run/edge.mjs";

/** @type {import("../../scripts/run/edge.mjs").Edge | undefined} */
let edge;
for await (const configuration of createInterface(process.stdin)) {
  await edge?.stop();
  edge = await startEdge(JSON.parse(configuration));
  process.stdout.write(`${JSON.stringify({ url: edge.url, pid: edge.pid })}\n`);
}
await edge?.stop();
