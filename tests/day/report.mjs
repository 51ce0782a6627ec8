// What a day in fast motion has shown, in lines.
// @ts-check
import { hoursAt } from "./day.mjs";

/** @param {import("./day.mjs").Day} day */
export function summary(day) {
  const { memory, counts } = day;
  const [first, last] = [memory[Math.floor(memory.length / 10)] ?? memory[0], memory[memory.length - 1]];
  const most = Math.max(...memory.map(({ mb }) => mb));
  const hours = (/** @type {number} */ ms) => `${hoursAt(day, ms).toFixed(1)} h at ${ms / 1000} s an answer`;
  return [
    `day: ${day.orders} orders, accepted in ${day.acceptedMs} ms, done in ${(day.tookMs / 1000).toFixed(1)} s by ${day.calls} calls`,
    `  outcomes: ${Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}; ${day.sentAgain} orders were sent more than once`,
    `  the CA's answers took ${day.answerMs.toFixed(1)} ms each, all else ${day.overheadMs.toFixed(1)} ms of a connection, ` +
      `${day.cpuMs.toFixed(2)} ms of CPU in workerd`,
    `  memory of workerd: ${Math.round(first.mb)} MB after a tenth, ${Math.round(most)} MB at most, ${Math.round(last.mb)} MB at the end`,
    `  the same at a real CA's pace, 4 connections: ${hours(500)}, ${hours(2_500)}`,
  ].join("\n");
}
