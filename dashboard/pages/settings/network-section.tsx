import type { Network, NetworkPatch } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { zoneName } from "../../format.ts";
import { offerUndo } from "../../parts/form/act.ts";
import { CheckField, ChoiceField, Form, TextField } from "../../parts/form/fields.tsx";
import type { Doing } from "../../parts/form/use-do.ts";
import { useForm } from "../../parts/form/use-form.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, Skeleton } from "../../parts/states.tsx";
import { useResource } from "../../query.ts";
import { ZONES } from "../campaign/choices.ts";
import { readNetworkPatch } from "./drafts.ts";

/** What the network is called, in which zone its days are, and how much the sides see of each other. */
export function NetworkSection({ zone, may, doing }: { zone: string; may: boolean; doing: Doing }) {
  const network = useResource("network", (signal) => ask(client.network.$get, {}, signal));
  return (
    <Section
      id="network"
      title="Network"
      tools={
        may &&
        doing.what !== "network" && (
          <button class="btn" type="button" onClick={() => doing.open("network")}>
            Change
          </button>
        )
      }
    >
      <Loaded of={network} what="The network" zone={zone} skeleton={<Skeleton height="6rem" />}>
        {(data) =>
          may && doing.what === "network" ? (
            <NetworkForm
              network={data}
              leave={doing.close}
              done={() => {
                doing.close();
                network.retry();
              }}
            />
          ) : (
            <dl class="facts">
              <dt>Name</dt>
              <dd>{data.name}</dd>
              <dt>Days and months</dt>
              <dd>in {zoneName(data.timezone)}, statements too</dd>
              <dt>Publishers see callers</dt>
              <dd>{data.shows_callers ? "with their whole number" : "with country and area code only"}</dd>
              <dt>Advertisers see publishers</dt>
              <dd>{data.shows_publishers ? "by name" : "by an alias such as P-1042"}</dd>
            </dl>
          )
        }
      </Loaded>
    </Section>
  );
}

function NetworkForm({ network, done, leave }: { network: Network; done: () => void; leave: () => void }) {
  const save = (patch: NetworkPatch) => ask(client.network.$patch, { json: patch });
  const { name, timezone, shows_callers, shows_publishers } = network;
  const form = useForm({
    read: readNetworkPatch,
    send: save,
    done: () => {
      done();
      offerUndo("Network saved.", () => save({ name, timezone, shows_callers, shows_publishers }), done);
    },
  });
  return (
    <Panel title="Change the network">
      <Form form={form} act="Save the network" onLeave={leave}>
        <TextField name="name" label="Name" value={name} />
        <ChoiceField
          name="timezone"
          label="Time zone"
          choices={ZONES}
          value={timezone}
          hint="Days, months and statements are in it. Campaigns keep their own."
        />
        <CheckField
          name="shows_callers"
          label="Publishers see whole caller numbers"
          checked={shows_callers}
          hint="Otherwise country and area code. It counts for calls of the past too."
        />
        <CheckField
          name="shows_publishers"
          label="Advertisers see publishers by name"
          checked={shows_publishers}
          hint="Otherwise an alias, the same in every call and report."
        />
      </Form>
    </Panel>
  );
}
