import { useState } from "preact/hooks";
import type { Webhook } from "../../../shared/api/webhooks.ts";
import { useNow } from "../../clock.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import type { Doing } from "../../parts/form/use-do.ts";
import { Status } from "../../parts/manage/status.tsx";
import { whoseColumn } from "../../parts/manage/whose-field.tsx";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { AddWebhook, SecretShownOnce } from "../webhook/forms.tsx";
import { eventsOf, standingOf } from "../webhook/sentences.ts";

const LOOKED_AT_MS = 30_000;

/** Whose servers are told of what happens, and whether they take it; each leads to its messages. */
export function WebhooksSection({ names, zone, doing }: { names: Names; zone: string; doing: Doing }) {
  const hooks = useWhole(LISTS.webhooks, {}, { every_s: LOOKED_AT_MS / 1_000 });
  const [secret, setSecret] = useState<string | null>(null);
  const now = useNow(LOOKED_AT_MS);
  return (
    <Section
      id="webhooks"
      title="Webhooks"
      aside="your servers are told of calls"
      tools={
        doing.what !== "webhook" && (
          <button class="btn" type="button" onClick={() => doing.open("webhook")}>
            Add a webhook
          </button>
        )
      }
    >
      {secret !== null && <SecretShownOnce secret={secret} done={() => setSecret(null)} />}
      {doing.what === "webhook" && (
        <AddWebhook
          names={names}
          leave={doing.close}
          done={(made) => {
            doing.close();
            if (made.method === "POST") setSecret(made.secret);
            hooks.retry();
          }}
        />
      )}
      <Loaded
        of={hooks}
        what="The webhooks"
        zone={zone}
        skeleton={<TableSkeleton caption="Webhooks" columns={["Address", "Told of", "Stands"]} rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">None: other systems have to ask.</p>
          ) : (
            <Table
              caption="Webhooks"
              columns={columnsOf(names, now, zone)}
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

function columnsOf(names: Names, now: number, zone: string): Column<Webhook>[] {
  return [
    {
      id: "url",
      label: "Address",
      class: "clip",
      cell: ({ id, url }) => <a href={`/settings/webhooks/${id}`}>{url.replace(/^https?:\/\//, "")}</a>,
    },
    ...whoseColumn<Webhook>(names, 3),
    {
      id: "for",
      label: "For",
      fold: 3,
      class: "soft clip",
      words: null,
      cell: ({ description }) => description,
    },
    { id: "events", label: "Told of", fold: 2, class: "soft clip", cell: eventsOf },
    {
      id: "stands",
      label: "Stands",
      fold: 1,
      class: "nowrap",
      cell: (hook) => {
        const { glyph, says } = standingOf(hook, now, zone);
        return <Status glyph={glyph}>{says}</Status>;
      },
    },
  ];
}
