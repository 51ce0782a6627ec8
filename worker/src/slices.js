// One slice of what is done although nobody asks: the core says which call comes next, and here they are made, several at once.
//
// Each write that stands alone costs a wait for the disk, and while it lasts nothing else is done. So the outcomes that have
// come are written together with the intents of the calls that follow, and those wait with their intents on disk: when a
// connection is free, the next call leaves at once.

/**
 * @typedef {object} Means what the ledger's object lends
 * @property {number} maxConnections
 * @property {() => any} next the next call of the slice, if there is one
 * @property {(call: any) => Promise<unknown>} carryOut makes a call whose intent is not written yet
 * @property {(call: any) => Promise<any>} send sends a call whose intent is on disk, as soon as its turn has come
 * @property {(call: any, reply: any) => void} end writes what came back
 * @property {() => Promise<void>} sync waits until all that was written is on disk
 */

/**
 * Works until the slice is over and all that it began has ended.
 * @param {Means} means
 */
export async function workOff({ maxConnections, next, carryOut, send, end, sync }) {
  /** Replies that are not written yet. @type {[call: any, reply: any][]} */
  const replies = [];
  let begun = 0;
  let settling = 0;
  let over = false;
  let failure;
  let wake = () => {};

  const ended = (work) => {
    work();
    wake();
  };
  while (true) {
    for (const [call, reply] of replies.splice(0)) end(call, reply);
    const fresh = [];
    // As many wait with their intents written as are under way.
    while (!over && begun < 2 * maxConnections && settling < maxConnections) {
      let call;
      try {
        call = next();
      } catch (error) {
        failure = { error };
      }
      over = !call;
      if (call?.begun) {
        begun += 1;
        fresh.push(call);
      } else if (call) {
        settling += 1;
        carryOut(call).then(
          () => ended(() => (settling -= 1)),
          (error) =>
            ended(() => {
              settling -= 1;
              failure = { error };
            }),
        );
      }
    }
    if (fresh.length > 0) await sync();
    for (const call of fresh) {
      send(call).then((reply) =>
        ended(() => {
          begun -= 1;
          replies.push([call, reply]);
        }),
      );
    }
    if (replies.length > 0) continue;
    if (begun === 0 && settling === 0) break;
    await new Promise((resolve) => (wake = resolve));
    // What came meanwhile, while the disk was waited for, is taken together.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (failure) throw failure.error;
}
