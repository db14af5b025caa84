import type { Doing } from "../form/use-do.ts";

/** At a page's foot, out of the way: opens the dialog that asks before something is taken out of use. */
export function RetireLink({ what, doing }: { what: string; doing: Doing }) {
  return (
    <p class="note sec">
      <button class="link" type="button" onClick={() => doing.open("retire")}>
        Retire this {what}…
      </button>
    </p>
  );
}
