/** A moment after which nobody waits any more; several pieces of work can be held to the same one. */
export type Deadline = { passed: Promise<"late">; cancel(): void };

let factor = 1;

/** From now on every deadline lies so many times further off: for a machine too busy to keep to time while it is tested. */
export function stretchDeadlines(times: number): void {
  factor = times;
}

export function startDeadline(ms: number): Deadline {
  let cancel = (): void => {};
  const passed = new Promise<"late">((resolve) => {
    const timer = setTimeout(() => resolve("late"), ms * factor);
    cancel = () => clearTimeout(timer);
  });
  return { passed, cancel };
}

export type Outcome<T> = { kind: "done"; value: T } | { kind: "late" } | { kind: "failed"; error: unknown };

/**
 * How the work stands when it is done or the deadline has passed, whichever is first. Never throws; work that is
 * late goes on, and what becomes of it is ignored.
 */
export async function before<T>(deadline: Deadline, work: Promise<T>): Promise<Outcome<T>> {
  const outcome: Promise<Outcome<T>> = work.then(
    (value) => ({ kind: "done", value }),
    (error: unknown) => ({ kind: "failed", error }),
  );
  const late: Promise<Outcome<T>> = deadline.passed.then(() => ({ kind: "late" }));
  return Promise.race([outcome, late]);
}

/** `before` with a deadline of its own. */
export async function within<T>(ms: number, work: Promise<T>): Promise<Outcome<T>> {
  const deadline = startDeadline(ms);
  const outcome = await before(deadline, work);
  deadline.cancel();
  return outcome;
}
