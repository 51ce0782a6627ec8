// An edge in a process of its own, so that its log can be read: the configuration comes as a line on standard input,
// the address goes to standard output, workerd's log to standard error. It ends when standard input does.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startEdge } from "../../scripts/run/edge.mjs";

const input = createInterface(process.stdin);
const ended = once(input, "close");
const [configuration] = await once(input, "line");
const edge = await startEdge(JSON.parse(configuration));
process.stdout.write(`${JSON.stringify({ url: edge.url, pid: edge.pid })}\n`);
await ended;
await edge.stop();
