// A question that is asked again and again: what was found last stays, also where it has no answer this time.
import { Task } from "@lit/task";

/**
 * @template {readonly unknown[]} Args
 * @template Found
 * @extends {Task<Args, Found>}
 */
export class LastingTask extends Task {
  /** @type {Found | undefined} */
  found = undefined;

  /**
   * @param {import("lit").ReactiveControllerHost} host
   * @param {import("@lit/task").TaskConfig<Args, Found>} how
   */
  constructor(host, { onComplete, ...how }) {
    super(host, {
      ...how,
      onComplete: (found) => {
        this.found = found;
        return onComplete?.(found);
      },
    });
  }

  /** What was found, or is being asked, is not about what is shown from now on. */
  forget() {
    this.abort();
    this.found = undefined;
  }
}
