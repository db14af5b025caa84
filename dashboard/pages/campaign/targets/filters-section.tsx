import { useState } from "preact/hooks";
import type { Campaign } from "../../../../shared/api/campaigns.ts";
import type { CampaignRouting, CampaignRoutingPatch } from "../../../../shared/api/routing.ts";
import { ask, client } from "../../../api.ts";
import { LISTS, useWhole } from "../../../lists.ts";
import { CheckField, ChoiceField, Form, LinesField, TextField } from "../../../parts/form/fields.tsx";
import { useForm } from "../../../parts/form/use-form.ts";
import { Panel } from "../../../parts/manage/panel.tsx";
import { Section } from "../../../parts/page.tsx";
import { Loaded, Skeleton } from "../../../parts/states.tsx";
import { toast } from "../../../parts/toast.tsx";
import { useResource } from "../../../query.ts";
import { readRouting, suspendedChoice, writeFilters } from "./drafts.ts";
import { filterSentence, routingSentences } from "./filter-words.ts";

/** What is tried before anybody is rung: filters in their order, and what else the campaign's routing says. */
export function FiltersSection({ campaign, may }: { campaign: Campaign; may: boolean }) {
  const { id, timezone } = campaign;
  const [isOpen, setOpen] = useState(false);
  const routing = useResource(`routing ${id}`, (signal) =>
    ask(client.campaigns[":id"].routing.$get, { param: { id } }, signal),
  );
  const campaigns = useWhole(LISTS.campaigns).data?.data ?? [];
  const names = (other: string) => campaigns.find((one) => one.id === other)?.name ?? "another campaign";
  return (
    <Section
      id="filters"
      title="Before anybody is rung"
      tools={
        may &&
        !isOpen && (
          <button class="btn" type="button" onClick={() => setOpen(true)}>
            Change the filters
          </button>
        )
      }
    >
      {isOpen && routing.data && (
        <RoutingForm
          campaign_id={id}
          routing={routing.data}
          leave={() => setOpen(false)}
          done={() => {
            setOpen(false);
            routing.retry();
          }}
        />
      )}
      <Loaded of={routing} what="The filters" zone={timezone} skeleton={<Skeleton width="60%" />}>
        {(found) => (
          <>
            {found.filters.length > 0 && (
              <ol class="filters">
                {found.filters.map((filter, index) => (
                  <li key={`${index}${JSON.stringify(filter)}`}>{filterSentence(filter, names)}</li>
                ))}
              </ol>
            )}
            <p class="note">
              {found.filters.length === 0 && "No filter: every caller goes on. "}
              {routingSentences(found, names).join(" ")}
            </p>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function RoutingForm(props: {
  campaign_id: string;
  routing: CampaignRouting;
  done: () => void;
  leave: () => void;
}) {
  const { campaign_id, routing, done, leave } = props;
  const [suspended, setSuspended] = useState<string>(suspendedChoice(routing));
  const form = useForm({
    read: readRouting,
    send: (json: CampaignRoutingPatch) =>
      ask(client.campaigns[":id"].routing.$patch, { param: { id: campaign_id }, json }),
    done: () => {
      done();
      toast("Saved, for calls that ring from now on.");
    },
  });
  return (
    <Panel
      title="Change what is tried first"
      lead="Filters are tried in order; the first of which every condition holds decides. What is not known of a caller is never true."
    >
      <Form form={form} act="Save" leave="Keep it as it is" onLeave={leave}>
        <LinesField
          name="filters"
          label="Filters"
          optional
          rows={6}
          value={writeFilters(routing.filters)}
          placeholder={'{"when":[{"is":"anonymous"}],"treatment":{"action":"voicemail"}}'}
          hint="JSON, a filter a line. Conditions: outside_hours, from_region, outside_regions, caller_type, anonymous, blocked, repeat, duplicate, stir."
        />
        <TextField
          name="early_drop_s"
          label="Dropped early is under"
          optional
          value={routing.early_drop_s > 0 ? `${routing.early_drop_s} s` : ""}
          hint="Answered for less, a call goes on to the next target."
        />
        <ChoiceField
          name="suspended"
          label="Of a suspended publisher"
          value={suspended}
          onChange={setSuspended}
          choices={[
            { value: "route", label: "calls go on as always" },
            { value: "message", label: "callers hear a message" },
            { value: "voicemail", label: "callers may leave a message" },
            { value: "campaign", label: "calls go to another campaign" },
          ]}
        />
        {suspended === "message" && (
          <TextField
            name="suspended/say"
            label="The message"
            optional
            value={routing.suspended.action === "message" ? routing.suspended.say : ""}
            maxLength={500}
          />
        )}
        {suspended === "campaign" && (
          <TextField
            name="suspended/campaign_id"
            label="The other campaign's id"
            value={routing.suspended.action === "campaign" ? routing.suspended.campaign_id : ""}
            placeholder="cmp_…"
          />
        )}
        <CheckField
          name="sticky"
          label="Lead repeat callers to the target they talked to last"
          checked={routing.sticky}
        />
        <CheckField
          name="look_up_callers"
          label="Look up callers' types after their first call, for the phone company's fee"
          checked={routing.look_up_callers}
        />
      </Form>
    </Panel>
  );
}
