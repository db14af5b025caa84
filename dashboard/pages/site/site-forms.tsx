import { useState } from "preact/hooks";
import type { Pool, Site, SiteInput, SitePatch } from "../../../shared/api/inventory.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import { choicesOf, type Names } from "../../names.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { ChoiceField, Form, LinesField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { readSiteInput, readSitePatch, settingsOf } from "./drafts.ts";

const GPC_CHOICES = [
  { value: "cookieless", label: "lend a number, remember nobody" },
  { value: "static", label: "show a static number" },
];

function PageFields({ site }: { site: Site | null }) {
  return (
    <>
      <LinesField
        name="origins"
        label="Addresses of the site"
        value={site?.origins.join("\n")}
        placeholder={"https://www.example.com\nhttps://*.example.com"}
        hint="One a line, exactly as the browser has them: with www or without is not the same."
      />
      <LinesField
        name="swap_numbers"
        label="Numbers on its pages"
        value={site?.swap_numbers.map(displayNumber).join("\n")}
        placeholder="+1 415 555 0132"
        hint="One a line, however the pages write them. These are replaced; any other number stays."
      />
      <ChoiceField
        name="gpc"
        label="With Global Privacy Control"
        choices={GPC_CHOICES}
        value={site?.gpc ?? "cookieless"}
        hint="When the browser asks not to be followed."
      />
    </>
  );
}

/** The form of a new site. A publisher's own pool serves that publisher's sites only, so the pool comes first. */
export function NewSite(props: {
  pools: readonly Pool[];
  names: Names;
  done: (site: Site) => void;
  leave: () => void;
}) {
  const { pools, names, done, leave } = props;
  const [campaign, setCampaign] = useState(names.campaigns[0]?.id ?? "");
  const form = useForm({
    read: readSiteInput,
    send: (body: SiteInput) => ask(client.sites.$post, { json: body }),
    done,
  });
  const own = pools.filter(({ campaign_id }) => campaign_id === campaign);
  return (
    <Panel title="Add a site" lead="Where the tag will stand. Its snippet comes next.">
      <Form form={form} act="Add the site" onLeave={leave}>
        <ChoiceField
          name="campaign_id"
          label="Campaign"
          choices={choicesOf(names.campaigns)}
          value={campaign}
          onChange={setCampaign}
        />
        <ChoiceField
          name="pool_id"
          label="Draws numbers from"
          choices={own.map(({ id, name, publisher_id }) => ({
            value: id,
            label: publisher_id ? `${name} (${names.of(publisher_id)} only)` : name,
          }))}
          value={own[0]?.id}
          hint={own.length === 0 ? "This campaign has no pool yet." : undefined}
        />
        <ChoiceField
          name="publisher_id"
          label="Publisher"
          none="none: the advertiser's own pages"
          choices={choicesOf(names.publishers)}
          hint="Whose pages they are."
        />
        <PageFields site={null} />
      </Form>
    </Panel>
  );
}

/** The form of a site's settings. They can be put back, so nothing is asked. */
export function SiteSettings({ site, done, leave }: { site: Site; done: () => void; leave: () => void }) {
  const save = (patch: SitePatch) => ask(client.sites[":id"].$patch, { param: { id: site.id }, json: patch });
  const form = useForm({
    read: readSitePatch,
    send: save,
    done: () => {
      done();
      offerUndo("Site saved; cached tags follow within five minutes.", () => save(settingsOf(site)), done);
    },
  });
  return (
    <Panel title="Addresses and numbers of this site">
      <Form form={form} act="Save the site" onLeave={leave}>
        <PageFields site={site} />
      </Form>
    </Panel>
  );
}
