import { revoke } from "autorevoke";

/** Straight to the CA. Who calls? This example does not ask: check that first. */
export async function revoked(orderNumber) {
  const { CA_ENDPOINT: endpoint, CA_LOGIN_NAME: loginName, CA_LOGIN_PASSWORD: loginPassword } = process.env;
  const order = { orderNumber, codeReason: "superseded" };
  return revoke(order, { endpoint, credentials: { loginName, loginPassword } }).catch((error) =>
    error.toJSON(),
  );
}
