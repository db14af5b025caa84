import type { Site } from "../../../shared/api/inventory.ts";
import { request } from "../../api.ts";
import { Code } from "../../parts/copy.tsx";
import { Section } from "../../parts/page.tsx";
import { Fault } from "../../parts/states.tsx";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { type LatestTag, pinnedSnippet } from "./snippets.ts";

async function loadLatest(signal: AbortSignal): Promise<LatestTag> {
  const response = await request("/tag/latest.json", { signal });
  return (await response.json()) as LatestTag;
}

/** What goes into the pages: the tag with the site's settings inside, or pinned to its exact bytes. */
export function TagSection({ site }: { site: Site }) {
  const me = useMe();
  const latest = useResource("latest tag", loadLatest);
  return (
    <Section id="tag" title="The tag" aside="once, anywhere in the page">
      <p class="note">
        It waits for nothing and, if it fails, leaves the page's own number as it is. Changes made here reach
        it within five minutes.
      </p>
      <div class="snippet">
        <Code text={site.snippet} what="the snippet" />
      </div>
      <details class="pinned">
        <summary>Pinned, for pages that must know every byte</summary>
        <p class="note">
          Immutable, and checked by the browser against its hash. A newer tag needs a new line; what the site
          is set to comes with each answer.
        </p>
        <Fault what="The pinned tag" of={latest} zone={me.network.timezone} />
        {latest.data && <Code text={pinnedSnippet(latest.data, site.key)} what="the pinned snippet" />}
      </details>
    </Section>
  );
}
