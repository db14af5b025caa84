import type { TargetGroup } from "../../../../shared/api/routing.ts";
import type { Target, TargetInput, TargetPatch } from "../../../../shared/api/targets.ts";
import { ask, client } from "../../../api.ts";
import { choicesOf } from "../../../names.ts";
import { writeDuration } from "../../../parts/form/amounts.ts";
import { ChoiceField, Form, LinesField, TextField } from "../../../parts/form/fields.tsx";
import { writeHours } from "../../../parts/form/hours.ts";
import { useForm } from "../../../parts/form/use-form.ts";
import { Panel } from "../../../parts/manage/panel.tsx";
import { toast } from "../../../parts/toast.tsx";
import { readTarget, readTargetPatch, writeCaps } from "./drafts.ts";
import { targetName } from "./words.ts";

type Props = {
  campaign_id: string;
  zone: string;
  /** The target that is changed; null for a new one. */
  before: Target | null;
  groups: readonly TargetGroup[];
  done: () => void;
  leave: () => void;
};

/** The form of a target: whom to ring, when, and how often. */
export function TargetForm({ campaign_id, zone, before, groups, done, leave }: Props) {
  const form = useForm<TargetInput | TargetPatch, Target>({
    read: (values) =>
      before ? readTargetPatch(values, before, zone) : readTarget(values, campaign_id, zone),
    send: (json) =>
      before
        ? ask(client.targets[":id"].$patch, { param: { id: before.id }, json: json as TargetPatch })
        : ask(client.targets.$post, { json: json as TargetInput }),
    done: (target) => {
      done();
      toast(`${targetName(target)} ${before ? "is changed" : "takes calls"} from the next one on.`);
    },
  });
  return (
    <Panel
      title={before ? `Change ${targetName(before)}` : "Add a target"}
      lead="A phone that takes this campaign's calls. Of those that are open the lowest priority is rung first, equals by weight."
    >
      <Form form={form} act={before ? "Change 1 target" : "Add 1 target"} onLeave={leave}>
        <TextField
          name="number"
          label="Number"
          value={before?.number}
          placeholder="+1 415 555 0199"
          hint="With + and country code, or a sip: address."
        />
        <TextField name="name" label="Name" optional value={before?.name ?? ""} placeholder="Night crew" />
        <ChoiceField
          name="group_id"
          label="Group"
          none="none"
          value={before?.group_id}
          choices={choicesOf(groups)}
          hint="Targets of a group share its caps."
        />
        <TextField
          name="priority"
          label="Priority"
          numeric
          value={String(before?.priority ?? 1)}
          hint="The lower is rung first."
        />
        <TextField
          name="weight"
          label="Weight"
          numeric
          value={String(before?.weight ?? 1)}
          hint="Its share among equals."
        />
        <TextField name="timeout_s" label="Rings for" value={writeDuration(before?.timeout_s ?? 30)} />
        <CapFields of={before} />
        <LinesField
          name="hours"
          label="Hours"
          optional
          value={before?.hours ? writeHours(before.hours) : ""}
          placeholder={"Mon–Fri 09:00–17:00\nSat 10:00–14:00"}
        />
        <TextField
          name="regions"
          label="Callers from"
          optional
          value={before?.regions?.join(", ") ?? ""}
          placeholder="US-CA, US-NV"
          hint="By the caller's area code; without any, from anywhere."
        />
      </Form>
    </Panel>
  );
}

/** What a target or a group takes at most; empty is no limit. */
export function CapFields({ of }: { of: Target | TargetGroup | null }) {
  const caps = writeCaps(of);
  return (
    <>
      <TextField
        name="concurrency_cap"
        label="At once, at most"
        optional
        numeric
        value={caps.concurrency_cap}
      />
      <TextField name="hourly_cap" label="An hour, at most" optional numeric value={caps.hourly_cap} />
      <TextField name="daily_cap" label="A day, at most" optional numeric value={caps.daily_cap} />
      <TextField name="monthly_cap" label="A month, at most" optional numeric value={caps.monthly_cap} />
      <TextField name="total_cap" label="In all, at most" optional numeric value={caps.total_cap} />
    </>
  );
}
