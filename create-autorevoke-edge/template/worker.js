export { default, Ledger } from "autorevoke/worker";
