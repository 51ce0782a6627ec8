// The edge as a Worker: performs the effects that src/edge decides on. It decides nothing itself.
export { handler as default } from "./front.js";
export { Ledger } from "./ledger.js";
