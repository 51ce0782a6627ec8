// autorevoke/worker: a handler and a Durable Object.
import edge, { Ledger, type EdgeEnv } from "autorevoke/worker";

export { edge as default, Ledger };

export async function call(env: EdgeEnv) {
  env.CA_ENDPOINT satisfies string | undefined;
  const request: any = undefined;
  const { status } = await edge.fetch(request, env, { waitUntil: () => {} });
  status satisfies number;
  new Ledger(undefined, env).__DURABLE_OBJECT_BRAND satisfies never;
  // @ts-expect-error: there is no such variable
  env.CA_LOGIN;
}
