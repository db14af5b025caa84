import { Page } from "../parts/page.tsx";
import { useUrl } from "../url-state.ts";

/** An address that leads nowhere. */
export default function NotFound() {
  const { path } = useUrl();
  return (
    <Page title="No such page">
      <p class="note">
        Nothing is at <code>{path}</code>, or it belongs to another organization. Go to the{" "}
        <a href="/">overview</a>.
      </p>
    </Page>
  );
}
