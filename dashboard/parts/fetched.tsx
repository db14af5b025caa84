import type { AnyComponent } from "preact";
import lazy from "preact-iso/lazy";

/** In place of a page whose code did not come: the network failed, or a newer version has replaced it. */
function NotFetched() {
  return (
    <main id="main" tabIndex={-1}>
      <div class="fault" role="alert">
        <b>This page did not load.</b>
        <span>The network failed, or a newer version is in place.</span>
        <button class="link" type="button" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    </main>
  );
}

/**
 * A component of its own chunk, fetched when it is first shown or by `preload()`. Where preact-iso's own would
 * stay blank for ever when the chunk cannot be fetched, this one says so.
 */
export default function fetched<Props>(
  load: () => Promise<{ default: AnyComponent<Props> }>,
): AnyComponent<Props> & { preload: () => Promise<unknown> } {
  return lazy<AnyComponent<Props>>(() =>
    load().catch(() => ({ default: NotFetched as AnyComponent<Props> })),
  );
}
