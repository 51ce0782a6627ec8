// The work on slices: when they begin, when they are over, and what is written together.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Slices } from "../../worker/src/slices.js";

/** A slice of so many calls. @param {number} calls */
const slice = (calls) => ({ left: calls });

/** With these means besides, or instead. @param {Partial<import("../../worker/src/slices.js").Means>} means */
const slicesWith = (means) =>
  new Slices({
    maxConnections: 2,
    next: (of) => (of.left-- > 0 ? { begun: true } : undefined),
    isOver: () => false,
    carryOut: async () => {},
    send: async () => {},
    end: () => {},
    drop: () => {},
    sync: async () => {},
    ...means,
  });

test("whenever a slice begins, it ends", async () => {
  const seen = { sent: 0, ended: 0 };
  const slices = slicesWith({
    send: async () => void (seen.sent += 1),
    end: () => void (seen.ended += 1),
  });
  let calls = 0;
  for (let hops = 0; hops < 40; hops += 1) {
    for (const size of [0, 1, 3]) {
      /** @type {Promise<void> | undefined} */
      let work;
      await slices.begin(slice(size), (goesOn) => (work = goesOn));
      await work;
      // Some microtasks later, each time one more.
      for (let hop = 0; hop < hops; hop += 1) await null;
      calls += size;
      const next = slices.begin(slice(2), () => {});
      calls += 2;
      assert.equal(
        await Promise.race([next.then(() => "over"), pause(2_000, "stuck", { ref: false })]),
        "over",
      );
    }
  }
  await pause(100);
  assert.deepEqual(seen, { sent: calls, ended: calls });
});

test("a slice that begins in the moment after the last call of another has ended is not forgotten", async () => {
  for (let hops = 0; hops < 5; hops += 1) {
    /** @type {Promise<unknown> | undefined} */
    let next;
    const slices = slicesWith({
      end: () => {
        next ??= (async () => {
          for (let hop = 0; hop < hops; hop += 1) await null;
          await slices.begin(slice(1), () => {});
          return "over";
        })();
      },
    });
    await slices.begin(slice(1), () => {});
    await pause(20);
    assert.equal(await Promise.race([next, pause(2_000, "stuck", { ref: false })]), "over");
  }
});

test("a slice that begins while the disk is waited for need not wait for an answer", async () => {
  let sent = 0;
  const slices = slicesWith({
    send: () => {
      sent += 1;
      return pause(1_000);
    },
    sync: () => pause(30),
  });
  /** @type {Promise<void> | undefined} */
  let work;
  await slices.begin(slice(1), (goesOn) => (work = goesOn));
  const second = slices.begin(slice(1), () => {});
  await pause(300);
  assert.equal(sent, 2);
  await Promise.all([second, work]);
});

test("a slice is over with its last call, before that has an answer", async () => {
  const held = pause(300);
  const slices = slicesWith({ isOver: (of) => of.left === 0, send: () => held });
  /** @type {Promise<void> | undefined} */
  let work;
  // As many as are begun at once.
  const begun = slices.begin(slice(4), (goesOn) => (work = goesOn));
  assert.equal(await Promise.race([begun, held.then(() => "too late")]), 4);
  await work;
});

test("a reply is written although no other comes", async () => {
  let ended = 0;
  const held = pause(1_500);
  const slices = slicesWith({
    maxConnections: 8,
    send: (call) => (call.first ? Promise.resolve() : held),
    next: (of) => (of.left > 0 ? { begun: true, first: of.left-- === 2 } : undefined),
    end: () => void (ended += 1),
  });
  /** @type {Promise<void> | undefined} */
  let work;
  await slices.begin(slice(2), (goesOn) => (work = goesOn));
  await pause(500);
  assert.equal(ended, 1);
  await work;
  assert.equal(ended, 2);
});

test("replies that come soon after one another are written in one go", async () => {
  let together = 0;
  for (let tries = 0; tries < 20; tries += 1) {
    /** @type {string[]} */
    const seen = [];
    const times = [1, 6];
    const slices = slicesWith({
      maxConnections: 4,
      send: () => pause(times.shift() ?? 60),
      end: () => void seen.push("end"),
      sync: async () => void seen.push("sync"),
    });
    /** @type {Promise<void> | undefined} */
    let work;
    await slices.begin(slice(10), (goesOn) => (work = goesOn));
    await work;
    if (seen.join(" ").startsWith("sync end end")) together += 1;
  }
  // On a machine that is busy with something else, five milliseconds may be many.
  assert.ok(together >= 2, `${together} of 20`);
});

test("what is not on disk is dropped, and the slice fails", async () => {
  let dropped = 0;
  const slices = slicesWith({
    send: async () => assert.fail("it was sent"),
    end: () => assert.fail("it has ended"),
    drop: () => void (dropped += 1),
    sync: async () => {
      throw new Error("no disk");
    },
  });
  // More than are begun at once, so that it is not over when the disk fails.
  await assert.rejects(
    slices.begin(slice(9), () => {}),
    /no disk/,
  );
  assert.equal(dropped, 4);
});
