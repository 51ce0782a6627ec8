// What examples use without saying where it comes from: the reader's own page or server.
import { createClient, type EdgeOptions, type RevocationOrder } from "autorevoke";

const edgeClient = createClient({ endpoint: "https://revoke.example.com" });

declare global {
  const token: string;
  const order: RevocationOrder;
  const orderNumber: string;
  const options: EdgeOptions;
  const edge: typeof edgeClient;
  const loginName: string;
  const loginPassword: string;
  const endpoint: string;
  const signal: AbortSignal;
  const client: typeof edgeClient;
  const db: { get(key: string): any; put(key: string, value: string): any; delete(key: string): any };
  function offer(...what: unknown[]): void;
  const csv: string;
  const deadline: string;
  const orders: RevocationOrder[];
  function session(): Promise<{ token: string }>;
  function show(...what: unknown[]): void;
  function showRed(...what: unknown[]): void;
  function showAmber(...what: unknown[]): void;
  function showGreen(...what: unknown[]): void;
  function showFaults(fields: Record<string, string>): void;
  function markAsRevoked(orderNumber: string): void;
  function markAsUnknown(orderNumber: string, why: string): void;
  function markAsFailed(orderNumber: string, why?: string): void;
  function alarm(...what: unknown[]): void;
}
