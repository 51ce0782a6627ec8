// What a page in TypeScript may write, and what it may not.
import { createClient, type Revocation } from "autorevoke";
import type { AutorevokeEventMap, AutorevokeForm } from "autorevoke/element";
import { type Repeatable, repeatable } from "autorevoke/repeat";

const form: AutorevokeForm | null = document.querySelector("autorevoke-form");
const button = document.createElement("autorevoke-button");
button.orderNumber = "123456";
button.token = "ark_x_y";
button.token = async () => "jwt";
button.client = createClient({ endpoint: "https://revoke.example.com" });
button.storage = sessionStorage;
// @ts-expect-error: no number is a token
button.token = 7;

form?.addEventListener("revoked", ({ detail }) => {
  const done: "revoked" | "already-revoked" | "already-rejected" = detail.outcome;
  // @ts-expect-error: a test is told by another event
  if (detail.outcome === "tested") console.log(done);
});
form?.addEventListener("unknown", ({ detail }) => {
  const may: true = detail.mayHaveRevoked;
  console.log(may, detail.kind, detail.message);
  // By `kind` it narrows.
  if (detail.kind === "unknown-outcome") console.log(detail.errorCode);
});
form?.addEventListener("click", ({ clientX }) => console.log(clientX));
const listener = (event: AutorevokeEventMap["failed"]): false => event.detail.mayHaveRevoked;
form?.addEventListener("failed", listener);

const calls: Repeatable = repeatable(createClient({ endpoint: "https://revoke.example.com", token: "t" }), {
  storage: sessionStorage,
});
export const done: Promise<Revocation> = calls.revoke({ orderNumber: 1 }, { resend: true, timeout: 1000 });
// @ts-expect-error: the key is made and kept by it
void calls.revoke({ orderNumber: 1 }, { idempotencyKey: "mine" });
export const kept: Promise<string[]> = calls.unsettled().then((all) => all.map(({ since }) => since));
