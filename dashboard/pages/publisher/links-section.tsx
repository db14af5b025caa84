import { useState } from "preact/hooks";
import type { Campaign } from "../../../shared/api/campaigns.ts";
import type { TrackingLink } from "../../../shared/api/tracking-links.ts";
import { ask, client } from "../../api.ts";
import { count } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { mayManage } from "../../may.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Confirm } from "../../parts/form/confirm.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { useMe } from "../../session.ts";
import { SUBS } from "../numbers/drafts.ts";
import { LinkForm } from "./link-form.tsx";

/** A publisher's tracking links: where each leads and how often it was followed; its network makes and retires them. */
export function LinksSection(props: { publisher_id: string; campaigns: readonly Campaign[]; zone: string }) {
  const { publisher_id, campaigns, zone } = props;
  const may = mayManage(useMe());
  const links = useWhole(LISTS.links, { publisher_id });
  const [adding, setAdding] = useState(false);
  const [retiring, setRetiring] = useState<TrackingLink | null>(null);
  const done = () => {
    setAdding(false);
    setRetiring(null);
    links.retry();
  };
  const names = new Map(campaigns.map(({ id, name }) => [id, name]));
  return (
    <Section
      id="links"
      title="Tracking links"
      tools={
        may &&
        !adding && (
          <button class="btn" type="button" onClick={() => setAdding(true)}>
            New link
          </button>
        )
      }
    >
      {adding && (
        <LinkForm
          publisher_id={publisher_id}
          campaigns={campaigns}
          done={done}
          leave={() => setAdding(false)}
        />
      )}
      {retiring && <RetireLink link={retiring} done={done} leave={() => setRetiring(null)} />}
      <Loaded
        of={links}
        what="The tracking links"
        zone={zone}
        skeleton={<TableSkeleton caption="Tracking links" columns={["Link", ">Clicks"]} rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">None. A click on one proves the publisher on pages that are nobody's.</p>
          ) : (
            <Table
              caption="Tracking links"
              columns={columnsOf(names, may ? setRetiring : null)}
              rows={data}
              rowKey={({ id }) => id}
              keys={false}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function RetireLink({ link, done, leave }: { link: TrackingLink; done: () => void; leave: () => void }) {
  return (
    <Confirm
      title="Retire this link?"
      act="Retire 1 link"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client["tracking-links"][":id"].$delete, { param: { id: link.id } });
        toast("The link is retired.");
        done();
      }}
    >
      <p class="note">
        It still leads to {withoutScheme(link.landing_url)}, but its clicks are not counted and prove nothing
        any more. Clicks of before stay what they are.
      </p>
    </Confirm>
  );
}

function columnsOf(
  names: ReadonlyMap<string, string>,
  retire: ((link: TrackingLink) => void) | null,
): Column<TrackingLink>[] {
  const columns: Column<TrackingLink>[] = [
    {
      id: "link",
      label: "Link",
      cell: ({ url }) => (
        <>
          <code>{withoutScheme(url)}</code> <CopyButton text={url} what="the link" />
        </>
      ),
    },
    {
      id: "landing",
      label: "Leads to",
      fold: 2,
      class: "soft",
      cell: ({ landing_url }) => withoutScheme(landing_url),
    },
    {
      id: "campaign",
      label: "Campaign",
      fold: 1,
      cell: ({ campaign_id }) => (
        <a href={`/campaigns/${campaign_id}`}>{names.get(campaign_id) ?? campaign_id}</a>
      ),
    },
    { id: "subs", label: "Sub ids", fold: 3, class: "soft", cell: subsOf, words: null },
    { id: "clicks", label: "Clicks", numeric: true, cell: ({ clicks }) => count(clicks) },
  ];
  if (retire) {
    columns.push({
      id: "retire",
      label: "Change",
      cell: (link) => (
        <button class="btn bare" type="button" onClick={() => retire(link)}>
          Retire
        </button>
      ),
      words: null,
    });
  }
  return columns;
}

function subsOf(link: TrackingLink): string {
  return SUBS.flatMap((sub) => link[sub] ?? []).join(", ");
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, "");
}
