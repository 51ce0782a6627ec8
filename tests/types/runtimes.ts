// With the DOM library: what the runtime has fits, and a replaced `fetch` is called with its Request.
import { createClient, load, revoke } from "autorevoke";
import { fakeEdge } from "autorevoke/testing";

const controller = new AbortController();
const endpoint = new URL("https://edge.example");

export async function calls(response: Response, module: WebAssembly.Module) {
  await revoke({ orderNumber: 1 }, { endpoint, signal: controller.signal, fetch });
  await revoke({ orderNumber: 1 }, { endpoint, fetch: (request) => fetch(request, { cache: "no-store" }) });
  await revoke({ orderNumber: 1 }, { endpoint, fetch: async ({ url }: Request) => new Response(url) });
  const { jobs } = createClient({ endpoint, signal: controller.signal });
  for await (const { state } of jobs.watch("id", { signal: controller.signal })) state satisfies string;
  globalThis.fetch = fakeEdge({ orders: { 7: "revoked" } });
  await load(response);
  await load(fetch("/small.wasm"));
  await load({ small: new URL("https://cdn.example/small.wasm"), full: module });
  // @ts-expect-error: not a signal
  await revoke({ orderNumber: 1 }, { endpoint, signal: controller });
}
