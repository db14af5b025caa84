import type { Pool, PoolInput, PoolPatch } from "../../../shared/api/inventory.ts";
import { ask, client } from "../../api.ts";
import { choicesOf, type Names } from "../../names.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { readPoolInput, readPoolPatch, rentOf, settingsOf, timesOf } from "./drafts.ts";

const COOLDOWN_CHOICES = [
  { value: "fixed", label: "as set here" },
  { value: "automatic", label: "chosen by the load" },
];

const WHEN_EMPTY_CHOICES = [
  { value: "static", label: "the site's static number" },
  { value: "page", label: "the page's own number" },
  { value: "share", label: "a number that is shared" },
];

function TimeFields({ pool }: { pool: Pool | null }) {
  const times = timesOf(pool);
  return (
    <>
      <TextField
        name="lease_ttl_s"
        label="Lease"
        value={times.lease_ttl_s}
        hint="How long a visitor keeps a number; renewed while the page is open, 4 h at most."
      />
      <TextField
        name="cooldown_s"
        label="Cool-down"
        value={times.cooldown_s}
        hint="How long it rests before somebody else gets it."
      />
      <ChoiceField
        name="cooldown_mode"
        label="Cool-down is"
        choices={COOLDOWN_CHOICES}
        value={pool?.cooldown_mode ?? "fixed"}
        hint="By the load: the longest of 0, 15, 30, 60 and 120 min by which 1 visitor in 100 at most gets no number."
      />
      <ChoiceField
        name="when_empty"
        label="When none is free"
        choices={WHEN_EMPTY_CHOICES}
        value={pool?.when_empty ?? "static"}
        hint="Shared: that of a visitor whose page is closed by all signs. Two people may then have one number, and calls are joined by probability."
      />
      <TextField
        name="late_window_s"
        label="Late calls"
        value={times.late_window_s}
        hint="How long after its lease a visitor is still a candidate."
      />
      <TextField
        name="number_rent_micros"
        label="Rent of a number"
        value={rentOf(pool)}
        hint="What one costs you a month, in the campaign's currency; optional. It tells what the next visitor costs."
      />
    </>
  );
}

/** The form of a new pool. */
export function NewPool(props: { names: Names; done: (pool: Pool) => void; leave: () => void }) {
  const { names, done, leave } = props;
  const form = useForm({
    read: readPoolInput,
    send: (body: PoolInput) => ask(client.pools.$post, { json: body }),
    done,
  });
  return (
    <Panel
      title="Make a pool"
      lead="A pool lends one number to each visitor of its sites, so that a call leads back to one page view."
    >
      <Form form={form} act="Make the pool" onLeave={leave}>
        <TextField name="name" label="Name" placeholder="Bay Area search" />
        <ChoiceField
          name="campaign_id"
          label="Campaign"
          choices={choicesOf(names.campaigns)}
          value={names.campaigns[0]?.id}
        />
        <ChoiceField
          name="publisher_id"
          label="Publisher's own"
          none="no, shared by the campaign's sites"
          choices={choicesOf(names.publishers)}
          hint="Every call to a publisher's own pool proves that publisher."
        />
        <TimeFields pool={null} />
      </Form>
    </Panel>
  );
}

/** The form of a pool's settings. They can be put back, so nothing is asked. */
export function PoolSettings(props: { pool: Pool; done: () => void; leave: () => void }) {
  const { pool, done, leave } = props;
  const param = { id: pool.id };
  const save = (patch: PoolPatch) => ask(client.pools[":id"].$patch, { param, json: patch });
  const form = useForm({
    read: readPoolPatch,
    send: save,
    done: () => {
      done();
      offerUndo("Settings saved, in force from the next lease.", () => save(settingsOf(pool)), done);
    },
  });
  return (
    <Panel
      title="Settings of this pool"
      lead="In force from the next lease; leases that run end as they began."
    >
      <Form form={form} act="Save the settings" onLeave={leave}>
        <TextField name="name" label="Name" value={pool.name} />
        <TimeFields pool={pool} />
      </Form>
    </Panel>
  );
}
