"use client";
import { useState } from "react";
import { revoke } from "autorevoke";

export default function Page() {
  const [said, setSaid] = useState("");

  async function onClick({ currentTarget: { form } }) {
    setSaid("...");
    const { endpoint, token, orderNumber } = Object.fromEntries(new FormData(form));
    try {
      setSaid((await revoke({ orderNumber, codeReason: "superseded" }, { endpoint, token })).outcome);
    } catch (error) {
      setSaid(
        error.mayHaveRevoked ? "It is not known whether it was revoked." : `Not revoked: ${error.message}`,
      );
    }
  }

  return (
    <form>
      <label>
        Edge <input name="endpoint" type="url" />
      </label>
      <label>
        Token <input name="token" type="password" autoComplete="off" />
      </label>
      <label>
        Order number <input name="orderNumber" inputMode="numeric" />
      </label>
      <button type="button" onClick={onClick}>
        Revoke
      </button>
      <output>{said}</output>
    </form>
  );
}
