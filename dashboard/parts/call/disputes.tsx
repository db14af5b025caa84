import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import type { DecisionInput, Dispute, DisputeInput } from "../../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { dateTime, money } from "../../format.ts";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { ChoiceField, Form, LinesField, TextField } from "../form/fields.tsx";
import { useDo } from "../form/use-do.ts";
import { useForm } from "../form/use-form.ts";
import { Panel } from "../manage/panel.tsx";
import { Fault } from "../states.tsx";
import { toast } from "../toast.tsx";
import {
  decisionWords,
  disputableSides,
  disputeWords,
  mayDispute,
  REASONS,
  readDecision,
  readDispute,
  reasonWords,
} from "./dispute-words.ts";

type Side = "revenue" | "payout";

/** What was disputed of the call and what became of it; for who may, the forms that dispute and decide. */
export function Disputes(props: { call: Call; kind: OrganizationKind; zone: string; reload: () => void }) {
  const { call, kind, zone, reload } = props;
  const me = useMe();
  const doing = useDo();
  const found = useResource(`disputes ${call.id}`, async (signal) => {
    const list = await ask(client.disputes.$get, { query: { call_id: call.id, limit: 200 } }, signal);
    return list.data.toReversed();
  });
  const disputes = found.data ?? [];
  const may = found.data !== null && mayDispute(me);
  const sides = may ? disputableSides(call, kind, disputes) : [];
  const done = (said: string) => {
    toast(said);
    doing.close();
    found.retry();
    reload();
  };
  const failed = found.problem !== null;
  if (!failed && disputes.length === 0 && sides.length === 0) return null;
  return (
    <section class="after-spine disputes" aria-labelledby="h-disputes">
      <h2 id="h-disputes">Disputes</h2>
      <Fault what="The disputes" of={found} zone={zone} />
      {disputes.map((dispute) => (
        <Told key={dispute.id} dispute={dispute} zone={zone} asked={doing.what === dispute.id}>
          {dispute.status === "open" && kind === "network" && may && doing.what !== dispute.id && (
            <button class="btn" type="button" onClick={() => doing.open(dispute.id)}>
              Decide…
            </button>
          )}
          {doing.what === dispute.id && may && <Decide dispute={dispute} done={done} leave={doing.close} />}
        </Told>
      ))}
      {doing.what === "dispute" && sides.length > 0 ? (
        <Open call={call} kind={kind} sides={sides} done={done} leave={doing.close} />
      ) : (
        sides.length > 0 && (
          <p>
            <button class="btn" type="button" onClick={() => doing.open("dispute")}>
              {kind === "publisher" ? "Claim the payout…" : "Dispute…"}
            </button>
          </p>
        )
      )}
    </section>
  );
}

type ToldProps = { dispute: Dispute; zone: string; asked: boolean; children: ComponentChildren };

/** `asked`: the address names this one, as a link in the list of disputes does. */
function Told({ dispute, zone, asked, children }: ToldProps) {
  const decided = decisionWords(dispute);
  const told = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked) told.current?.scrollIntoView({ block: "center" });
  }, [asked]);
  return (
    <article ref={told}>
      <p>
        <b>{disputeWords(dispute)}.</b> {reasonWords(dispute.reason)}, {dateTime(dispute.opened_at, zone)}.
      </p>
      <p class="note">{dispute.detail}</p>
      {decided === null ? (
        <p>Not decided yet; nothing is paid out until then.</p>
      ) : (
        <>
          <p>
            <b>{decided}</b> {dispute.decided_at !== null && dateTime(dispute.decided_at, zone)}
          </p>
          <p class="note">{dispute.note}</p>
        </>
      )}
      {children}
    </article>
  );
}

type Asked = { done: (said: string) => void; leave: () => void };

const SIDE_WORDS = { revenue: "What the advertiser owes", payout: "The payout" } as const;

function Open(props: Asked & { call: Call; kind: OrganizationKind; sides: readonly Side[] }) {
  const { call, kind, sides, done, leave } = props;
  const form = useForm({
    read: readDispute,
    send: (json: DisputeInput) => ask(client.calls[":id"].disputes.$post, { param: { id: call.id }, json }),
    done: () => done("Disputed. Nothing of it is paid out until the network has decided."),
  });
  return (
    <Panel
      title={kind === "publisher" ? "Claim the payout" : "Dispute this call"}
      lead="The network decides. What you write is read by both sides."
    >
      <Form form={form} act={kind === "publisher" ? "Claim 1 payout" : "Dispute 1 call"} onLeave={leave}>
        {kind === "network" && (
          <ChoiceField
            name="side"
            label="What"
            choices={sides.map((side) => ({ value: side, label: SIDE_WORDS[side] }))}
            value={sides[0]}
          />
        )}
        <ChoiceField
          name="reason"
          label="Reason"
          choices={REASONS}
          value={kind === "publisher" ? "missing_payout" : "wrong_number"}
        />
        <LinesField name="detail" label="What was wrong" placeholder="The caller wanted another company." />
      </Form>
    </Panel>
  );
}

/** What was booked when it was disputed; the server knows what is now. */
const atMost = (micros: number | undefined): string | undefined =>
  micros === undefined ? undefined : `At most ${money(micros)}, all that is booked.`;

function Decide({ dispute, done, leave }: Asked & { dispute: Dispute }) {
  const [decision, setDecision] = useState("accepted");
  const form = useForm({
    read: readDecision,
    send: (json: DecisionInput) =>
      ask(client.disputes[":id"].decision.$post, { param: { id: dispute.id }, json }),
    done: (decided) => done(`${decisionWords(decided)} That is final.`),
  });
  const accepted =
    dispute.claim === "restore"
      ? "Accept: the payout is due in full"
      : dispute.side === "revenue"
        ? "Accept: reverse charge and payout"
        : "Accept: reverse the payout";
  return (
    <Panel
      title="Decide this dispute"
      lead="Money moves at once, and a decision is final. Both sides read the note."
    >
      <Form form={form} act="Decide 1 dispute" onLeave={leave}>
        <ChoiceField
          name="decision"
          label="Decision"
          choices={[
            { value: "accepted", label: accepted },
            { value: "partial", label: "Accept in part" },
            { value: "declined", label: "Decline: it stays as it is" },
          ]}
          value={decision}
          onChange={setDecision}
        />
        {decision === "partial" && dispute.side === "revenue" && (
          <TextField
            name="advertiser_credit_micros"
            label={`Credit to the advertiser, ${dispute.currency}`}
            hint={atMost(dispute.revenue_micros)}
            numeric
            optional
          />
        )}
        {decision === "partial" && (
          <TextField
            name="publisher_debit_micros"
            label={`${dispute.claim === "restore" ? "Left out" : "Taken off"} of the payout, ${dispute.currency}`}
            hint={dispute.claim === "restore" ? undefined : atMost(dispute.payout_micros)}
            numeric
            optional
          />
        )}
        <LinesField name="note" label="Note" placeholder="We listened to the recording." />
      </Form>
    </Panel>
  );
}
