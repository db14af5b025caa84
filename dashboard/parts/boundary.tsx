import { Component, type ComponentChildren } from "preact";

type Props = { what: string; children: ComponentChildren };
type State = { error: Error | null };

/** Keeps a fault in one part beside that part: what failed, and a way to try again. Suspended pages pass through. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render({ what, children }: Props, { error }: State) {
    if (!error) return children;
    return (
      <div class="fault" role="alert">
        <b>{what} could not be shown.</b>
        <span>{error.message}</span>
        <button class="link" type="button" onClick={() => this.setState({ error: null })}>
          Try again
        </button>
      </div>
    );
  }
}
