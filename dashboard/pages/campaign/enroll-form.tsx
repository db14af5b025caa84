import { useState } from "preact/hooks";
import type { Campaign, Enrollment, EnrollmentInput } from "../../../shared/api/campaigns.ts";
import type { Organization } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { dayName, moneyIn, zoneName } from "../../format.ts";
import { choicesOf, type Names } from "../../names.ts";
import { writeDuration, writeMoney } from "../../parts/form/amounts.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { dayOf } from "../../zone.ts";
import { readEnrollment } from "./drafts.ts";
import { sideOf } from "./terms-rows.ts";

type PayoutRates = Enrollment["payout_terms"];

type Props = {
  campaign: Campaign;
  /** The enrollment it follows, null for a publisher who is new here. */
  before: Enrollment | null;
  publishers: readonly Organization[];
  names: Names;
  done: () => void;
  leave: () => void;
};

const STATUS_CHOICES = [
  { value: "approved", label: "approved: it earns" },
  { value: "pending", label: "pending: not yet" },
  { value: "suspended", label: "suspended: not for now" },
  { value: "rejected", label: "rejected" },
  { value: "ended", label: "ended" },
];

/** Enrolls a publisher, or gives one a new rate; asked once more, for money moves by it. */
export function EnrollForm({ campaign, before, publishers, names, done, leave }: Props) {
  const zone = campaign.timezone;
  const [asked, setAsked] = useState<EnrollmentInput | null>(null);
  const common = campaign.terms ? sideOf(campaign.terms, "payout") : null;
  const own = before?.payout_terms ?? {};
  const form = useForm({
    read: (values) => readEnrollment(values, before, zone, dayOf(Date.now(), zone)),
    send: async (body: EnrollmentInput) => body,
    done: setAsked,
    looks: true,
  });
  return (
    <Panel
      title={before ? `New rate for ${names.of(before.publisher_id)}` : "Enroll a publisher"}
      lead="Empty fields follow the campaign's terms, also when those change."
    >
      <Form form={form} act={before ? "Look at the new rate…" : "Look at the enrollment…"} onLeave={leave}>
        {before === null && (
          <ChoiceField
            name="publisher_id"
            label="Publisher"
            choices={choicesOf(publishers)}
            value={publishers[0]?.id}
          />
        )}
        <ChoiceField
          name="status"
          label="Status"
          value={before?.status ?? "approved"}
          choices={STATUS_CHOICES}
        />
        <TextField
          name="payout_micros"
          label={`Earns a call, ${campaign.currency}`}
          optional
          numeric
          value={own.payout_micros === undefined ? "" : writeMoney(own.payout_micros)}
          placeholder={common?.payout_micros === undefined ? "" : writeMoney(common.payout_micros)}
        />
        <PayoutRules own={own} common={common} zone={zone} />
      </Form>
      {asked && (
        <ConfirmEnrollment
          campaign={campaign}
          asked={asked}
          publisher={names.of(asked.publisher_id)}
          isNew={before === null}
          common={common?.payout_micros ?? null}
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

/** The payout terms of its own, beside the campaign's, and the day from which they count. */
function PayoutRules({ own, common, zone }: { own: PayoutRates; common: PayoutRates | null; zone: string }) {
  return (
    <>
      <TextField
        name="min_duration_s"
        label="Connected at least"
        optional
        value={durationOf(own.min_duration_s)}
        placeholder={durationOf(common?.min_duration_s)}
      />
      <TextField
        name="hold_s"
        label="Held for"
        optional
        value={durationOf(own.hold_s)}
        placeholder={durationOf(common?.hold_s)}
      />
      <TextField
        name="effective_at"
        label="From the start of"
        type="date"
        optional
        hint={`Empty: from the next call on. Days in ${zoneName(zone)}.`}
      />
    </>
  );
}

const durationOf = (value: number | undefined) => (value === undefined ? "" : writeDuration(value));

function ConfirmEnrollment(props: {
  campaign: Campaign;
  asked: EnrollmentInput;
  publisher: string;
  isNew: boolean;
  common: number | null;
  done: () => void;
  leave: () => void;
}) {
  const { campaign, asked, publisher, isNew, common, done, leave } = props;
  const rate = asked.payout_micros ?? common;
  const when =
    asked.effective_at === undefined
      ? "from the next call on"
      : `from ${dayName(dayOf(asked.effective_at, campaign.timezone))} on`;
  const earns = rate === null ? "what the terms will say" : moneyIn(rate, campaign.currency);
  return (
    <Confirm
      title={isNew ? `Enroll ${publisher}?` : `New rate for ${publisher}?`}
      act={isNew ? `Enroll ${publisher}` : "Set the new rate"}
      keep="Back to the form"
      onClose={leave}
      run={async () => {
        await ask(client.campaigns[":id"].enrollments.$post, { param: { id: campaign.id }, json: asked });
        toast(`${publisher} is ${asked.status} ${when}.`);
        done();
      }}
    >
      <p class="note">
        {asked.status === "approved"
          ? `${publisher} earns ${earns} for each call of its own that meets the terms, ${when}.`
          : `${publisher} is ${asked.status} ${when} and earns nothing while it is.`}
      </p>
    </Confirm>
  );
}
