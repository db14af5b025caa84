import type { NumberMove, NumberPatch, Pool, TrackingNumber } from "../../../shared/api/inventory.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import { shortDay } from "../../format.ts";
import type { Names } from "../../names.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { toast } from "../../parts/toast.tsx";
import { useMe } from "../../session.ts";
import { dayOf } from "../../zone.ts";
import { SubFields } from "./add-numbers.tsx";
import { moveBack, placeOf, readNumberMove, readNumberPatch, subsOf, wordsOf } from "./drafts.ts";
import { PlaceFields } from "./place-fields.tsx";

/** What is being done to which number. */
export type NumberChange = { what: "label" | "move" | "retire"; number: TrackingNumber };

type Props = {
  change: NumberChange;
  pools: readonly Pool[];
  names: Names;
  done: () => void;
  leave: () => void;
};

/** The form or dialog of a change; labels and moves can be undone, a retirement asks first. */
export function ChangeNumber(props: Props) {
  const { change, done, leave } = props;
  if (change.what === "label") return <LabelForm {...props} />;
  if (change.what === "move") return <MoveForm {...props} />;
  const shown = displayNumber(change.number.e164);
  return (
    <Confirm
      title={`Retire ${shown}?`}
      act="Retire 1 number"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client.numbers[":id"].$delete, { param: { id: change.number.id } });
        toast(`${shown} is retired.`);
        done();
      }}
    >
      <p class="note">
        Calls to it are refused from now on, also those of visitors who saw it before, and earn nobody
        anything. It may be added again later.
      </p>
    </Confirm>
  );
}

function LabelForm({ change: { number }, done, leave }: Props) {
  const relabel = (json: NumberPatch) =>
    ask(client.numbers[":id"].$patch, { param: { id: number.id }, json });
  const form = useForm({
    read: readNumberPatch,
    send: relabel,
    done: () => {
      done();
      offerUndo(`${displayNumber(number.e164)} is labelled.`, () => relabel(wordsOf(number)), done);
    },
  });
  return (
    <Panel
      title={`Label ${displayNumber(number.e164)}`}
      lead="Label and sub ids stand in reports of calls from now on; earlier calls keep theirs."
    >
      <Form form={form} act="Save the label" onLeave={leave}>
        <TextField name="label" label="Label" optional value={number.label ?? ""} />
        <SubFields values={subsOf(number)} />
      </Form>
    </Panel>
  );
}

function MoveForm({ change: { number }, pools, names, done, leave }: Props) {
  const zone = useMe().network.timezone;
  const move = (json: NumberMove) =>
    ask(client.numbers[":id"].move.$post, { param: { id: number.id }, json });
  const back = moveBack(number);
  const form = useForm({
    read: (values) => readNumberMove(values, number),
    send: move,
    done: (moved) => {
      const shown = displayNumber(number.e164);
      const said = moved.resting
        ? `${shown} rests until ${shortDay(dayOf(moved.resting.until_at, zone))} and then moves.`
        : `${shown} is moved.`;
      done();
      if (back) offerUndo(said, () => move(back), done);
      else toast(said);
    },
  });
  return (
    <Panel
      title={`Move ${displayNumber(number.e164)}`}
      lead="From this instant on; to another campaign after a rest of 7 days, shown to nobody, while its late calls still go where they were meant to. A call is always read with where the number served when it rang."
    >
      <Form form={form} act="Move 1 number" leave="Leave it there" onLeave={leave}>
        <PlaceFields
          pools={pools}
          names={names}
          place={placeOf(number)}
          campaign={number.campaign_id}
          publisher={number.publisher_id ?? null}
        />
      </Form>
    </Panel>
  );
}
