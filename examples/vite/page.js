import { revoke } from "autorevoke";

const field = (name) => document.querySelector(`[name=${name}]`).value;
const output = document.querySelector("output");

document.querySelector("button").addEventListener("click", async () => {
  output.value = "...";
  try {
    const order = { orderNumber: field("orderNumber"), codeReason: "superseded" };
    const { outcome } = await revoke(order, { endpoint: field("endpoint"), token: field("token") });
    output.value = outcome;
  } catch (error) {
    output.value = error.mayHaveRevoked
      ? "It is not known whether it was revoked."
      : `Not revoked: ${error.message}`;
  }
});
