// autorevoke/testing: what it takes, and that it is a fetch.
import { createClient, revoke } from "autorevoke";
import { fakeEdge, type FakeEdge, type FakeOrder } from "autorevoke/testing";

const unsaid: FakeOrder[] | undefined = undefined;
const edge: FakeEdge = fakeEdge({
  orders: { 7: "expired", "8": ["answer-lost", -160], 9: { errorCode: -4, errorMessage: undefined } },
  callers: { secret: { id: "olivia", person: undefined, permissions: ["revoke"], orders: ["1-9"] } },
  limits: { minute: 1, day: undefined },
});
edge.set({ "7": "issued" });
const release: () => void = edge.hold("7");
release();
const [first] = edge.calls;
if (first) first.acted satisfies boolean;

export async function calls() {
  await revoke({ orderNumber: 1 }, { endpoint: "https://edge.example", fetch: edge });
  const { status } = await edge("https://edge.example/v1/me", { headers: { authorization: "Bearer x" } });
  status satisfies number;
  createClient({ endpoint: "https://edge.example", fetch: fakeEdge() });
  // @ts-expect-error: there is no such state
  fakeEdge({ orders: { 7: "lost" } });
  // @ts-expect-error: nor such a permission
  fakeEdge({ callers: { secret: { id: "olivia", permissions: ["everything"] } } });
  // @ts-expect-error: a list of what is to come may be absent, and is not given as such
  fakeEdge({ orders: { 7: unsaid } });
}
