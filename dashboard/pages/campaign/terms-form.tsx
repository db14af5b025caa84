import { useState } from "preact/hooks";
import type { Campaign, TermsInput, TermsVersion } from "../../../shared/api/campaigns.ts";
import { ask, client } from "../../api.ts";
import { dayName, zoneName } from "../../format.ts";
import { writeDuration, writeMoney } from "../../parts/form/amounts.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { ChoiceField, Form, LinesField, TextField } from "../../parts/form/fields.tsx";
import { writeHours } from "../../parts/form/hours.ts";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { dayOf } from "../../zone.ts";
import { readTerms } from "./drafts.ts";
import { KeypressFields } from "./keypress-fields.tsx";
import { marginWords, termsChanges } from "./terms-rows.ts";

type Props = { campaign: Campaign; last: TermsVersion | null; done: () => void; leave: () => void };

/** A new version of the terms: filled in, read back as what changes, and only then made, for money moves by it. */
export function TermsForm({ campaign, last, done, leave }: Props) {
  const zone = campaign.timezone;
  const today = dayOf(Date.now(), zone);
  const next = (last?.version ?? 0) + 1;
  const [asked, setAsked] = useState<TermsInput | null>(null);
  const form = useForm({
    read: (values) => readTerms(values, last, zone, today),
    send: async (body: TermsInput) => body,
    done: setAsked,
    looks: true,
  });
  return (
    <Panel
      title={`Terms, version ${next}`}
      lead="A version is never edited. Calls that begin before it comes into force are judged by the one before."
    >
      <Form
        form={form}
        act="Look at the changes…"
        leave={last ? `Keep version ${last.version}` : "Cancel"}
        onLeave={leave}
      >
        <MoneyFields campaign={campaign} last={last} />
        <CountFields last={last} />
        <GateFields last={last} zone={zone} />
        <SideFields side="revenue" title="Only for what the advertiser pays" last={last} />
        <SideFields side="payout" title="Only for what publishers earn" last={last} />
        <TextField
          name="effective_at"
          label="In force from the start of"
          type="date"
          optional
          hint={`Empty: from the next call on. Days in ${zoneName(zone)}.`}
        />
      </Form>
      {asked && (
        <ConfirmTerms
          campaign={campaign}
          version={next}
          last={last}
          asked={asked}
          done={() => {
            form.settle();
            done();
          }}
          leave={() => setAsked(null)}
        />
      )}
    </Panel>
  );
}

function MoneyFields({ campaign, last }: { campaign: Campaign; last: TermsVersion | null }) {
  const amount = (micros: number | undefined) => (micros === undefined ? "" : writeMoney(micros));
  return (
    <>
      <TextField
        name="revenue_micros"
        label={`Advertiser pays, ${campaign.currency}`}
        numeric
        value={amount(last?.revenue_micros)}
        hint="For each call that qualifies."
      />
      <TextField
        name="payout_micros"
        label={`Publisher earns, ${campaign.currency}`}
        numeric
        value={amount(last?.payout_micros)}
        hint="Unless its enrollment says otherwise."
      />
      <TextField
        name="min_duration_s"
        label="Connected at least"
        value={writeDuration(last?.min_duration_s ?? 90)}
        hint="With the target; announcements and menus count nothing."
      />
    </>
  );
}

function CountFields({ last }: { last: TermsVersion | null }) {
  return (
    <>
      <ChoiceField
        name="repeat_callers"
        label="Repeat callers"
        value={last?.repeat_callers ?? "first_only"}
        choices={[
          { value: "first_only", label: "only the first call counts" },
          { value: "all", label: "every call counts" },
        ]}
      />
      <TextField
        name="dedupe_window_s"
        label="Repeats within"
        value={writeDuration(last?.dedupe_window_s ?? 30 * 86_400)}
        hint="From the start of a call that qualified."
      />
      <ChoiceField
        name="dedupe_scope"
        label="Repeats over"
        value={last?.dedupe_scope ?? "campaign"}
        choices={[
          { value: "campaign", label: "this campaign" },
          { value: "advertiser", label: "all of the advertiser's campaigns" },
        ]}
      />
      <TextField
        name="hold_s"
        label="Held for"
        value={writeDuration(last?.hold_s ?? 0)}
        hint="After the call, before the money is free."
      />
      <TextField
        name="requires_signal"
        label="Requires the signal"
        optional
        value={last?.requires_signal}
        placeholder="sale"
        hint="Pending until it is reported as true."
      />
      <TextField
        name="signal_window_s"
        label="Signal within"
        value={writeDuration(last?.signal_window_s ?? 30 * 86_400)}
      />
      <KeypressFields of="" value={last?.requires_keypress} />
    </>
  );
}

function GateFields({ last, zone }: { last: TermsVersion | null; zone: string }) {
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  const isSet = Boolean(
    last?.hours ?? last?.regions ?? last?.daily_cap ?? last?.monthly_cap ?? last?.concurrency_cap,
  );
  return (
    <details class="whole" open={isSet}>
      <summary>Hours, regions and caps</summary>
      <div class="form-fields">
        <LinesField
          name="hours"
          label="Hours"
          optional
          value={last?.hours ? writeHours(last.hours) : ""}
          placeholder="Mon–Fri 07:00–20:00"
          hint={`One window a line, in ${zoneName(last?.hours?.timezone ?? zone)}. Outside of them a call is not received.`}
        />
        <TextField
          name="regions"
          label="Regions"
          optional
          value={last?.regions?.join(", ")}
          placeholder="US-CA, US-OR"
          maxLength={2_000}
          hint="ISO 3166-2, of the caller."
        />
        <TextField
          name="daily_cap"
          label="Calls a day, at most"
          optional
          numeric
          value={text(last?.daily_cap)}
        />
        <TextField
          name="monthly_cap"
          label="Calls a month, at most"
          optional
          numeric
          value={text(last?.monthly_cap)}
        />
        <TextField
          name="concurrency_cap"
          label="Calls at once, at most"
          optional
          numeric
          value={text(last?.concurrency_cap)}
        />
      </div>
    </details>
  );
}

function SideFields({
  side,
  title,
  last,
}: {
  side: "revenue" | "payout";
  title: string;
  last: TermsVersion | null;
}) {
  const own = last?.[side] ?? {};
  const time = (value: number | undefined) => (value === undefined ? "" : writeDuration(value));
  return (
    <details class="whole" open={Object.keys(own).length > 0}>
      <summary>{title}</summary>
      <div class="form-fields">
        <TextField
          name={`${side}/min_duration_s`}
          label="Connected at least"
          optional
          value={time(own.min_duration_s)}
        />
        <TextField
          name={`${side}/dedupe_window_s`}
          label="Repeats within"
          optional
          value={time(own.dedupe_window_s)}
        />
        <TextField name={`${side}/hold_s`} label="Held for" optional value={time(own.hold_s)} />
        <TextField
          name={`${side}/requires_signal`}
          label="Requires the signal"
          optional
          value={own.requires_signal}
        />
        <KeypressFields of={`${side}/`} value={own.requires_keypress} />
      </div>
    </details>
  );
}

/** What is about to change, in words; making it is the act. */
function ConfirmTerms(props: {
  campaign: Campaign;
  version: number;
  last: TermsVersion | null;
  asked: TermsInput;
  done: () => void;
  leave: () => void;
}) {
  const { campaign, version, last, asked, done, leave } = props;
  const changes = termsChanges(last, asked);
  const margin = marginWords(asked, campaign.currency);
  const from = asked.effective_at;
  const when =
    from === undefined ? "From the next call on" : `From ${dayName(dayOf(from, campaign.timezone))} on`;
  return (
    <Confirm
      title={`Make terms version ${version}?`}
      act={`Make version ${version}`}
      keep="Back to the form"
      onClose={leave}
      run={async () => {
        await ask(client.campaigns[":id"].terms.$post, { param: { id: campaign.id }, json: asked });
        toast(
          `Terms version ${version} saved, in force ${from === undefined ? "from the next call" : "later"}.`,
        );
        done();
      }}
    >
      {margin !== null && (
        <p class={asked.payout_micros > asked.revenue_micros ? "wrong" : "note"}>{margin}</p>
      )}
      {changes.length === 0 ? (
        <p class="note">Nothing changes: this version says what the one before says.</p>
      ) : (
        <>
          <p class="note">
            {when}, amounts in {campaign.currency}:
          </p>
          <ul class="changes">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      )}
    </Confirm>
  );
}
