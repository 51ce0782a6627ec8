#!/usr/bin/env node
// The command `autorevoke`: its exit status tells what became of the order or job.
import { main } from "./main.js";

process.exitCode = await main(process.argv.slice(2));
