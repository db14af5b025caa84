import { useEffect } from "preact/hooks";
import type { DeliveryAttempt, Webhook, WebhookDelivery } from "../../../shared/api/webhooks.ts";
import { DELIVERY_STATUSES } from "../../../shared/api/webhooks.ts";
import { ask, client, type List } from "../../api.ts";
import { count, dateTime } from "../../format.ts";
import { Code } from "../../parts/copy.tsx";
import { useAct } from "../../parts/form/act.ts";
import { useDo } from "../../parts/form/use-do.ts";
import { Panel } from "../../parts/manage/panel.tsx";
import { Status } from "../../parts/manage/status.tsx";
import { Section } from "../../parts/page.tsx";
import { Fault, Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useResource } from "../../query.ts";
import { useUrl } from "../../url-state.ts";
import { deliveryStanding, MESSAGE_WORDS, readable } from "./sentences.ts";

const EVERY_S = 5;
const LISTED = 50;
const TABS = [
  { id: "", label: "All" },
  { id: "waiting", label: "On their way" },
  { id: "delivered", label: "Arrived" },
  { id: "failed", label: "Given up" },
];

type Shown = { hook: Webhook; zone: string; live: boolean; again: () => void };

/** What was sent and what became of it, the newest first; `?message=` names the one that is open. */
export function Messages({ hook, zone, now, beat, live, again }: Shown & { now: number; beat: number }) {
  const url = useUrl();
  const doing = useDo();
  const status = DELIVERY_STATUSES.find((one) => one === url.params.get("status"));
  const cursor = url.params.get("cursor");
  const selected = url.params.get("message");
  const list = useResource(
    `deliveries ${hook.id} ${status ?? ""} ${cursor ?? ""}`,
    (signal) =>
      ask(
        client.webhooks[":id"].deliveries.$get,
        { param: { id: hook.id }, query: { status, cursor, limit: LISTED } },
        signal,
      ),
    { every_s: EVERY_S, keep: true },
  );
  const { retry } = list;
  useEffect(() => {
    if (beat > 0) retry();
  }, [beat, retry]);
  return (
    <Section
      id="messages"
      title="Messages"
      aside="of the last 30 days, newest first"
      tools={
        live && (
          <button class="btn" type="button" onClick={() => doing.open("range")}>
            Send a range again
          </button>
        )
      }
    >
      <Tabs
        tabs={TABS}
        selected={status ?? ""}
        onSelect={(id) => url.filter({ status: id || null, message: null })}
        label="Messages"
        controls="messages"
      />
      {selected !== null && (
        <OneMessage key={selected} id={selected} hook={hook} zone={zone} live={live} again={again} />
      )}
      <div id="messages" role="tabpanel" aria-label="Messages">
        <Loaded
          of={list}
          what="The messages"
          zone={zone}
          skeleton={<TableSkeleton caption="Messages" columns={["Happened", "What", "Stands"]} rows={6} />}
        >
          {(page) => <MessageTable page={page} zone={zone} now={now} selected={selected} />}
        </Loaded>
      </div>
    </Section>
  );
}

function MessageTable(props: {
  page: List<WebhookDelivery>;
  zone: string;
  now: number;
  selected: string | null;
}) {
  const { page, zone, now, selected } = props;
  const url = useUrl();
  const cursor = url.params.get("cursor");
  if (page.data.length === 0) {
    return <p class="note">{url.params.has("status") || cursor !== null ? "None." : "None yet."}</p>;
  }
  return (
    <>
      <Table
        caption="Messages"
        columns={columnsOf(zone, now, (id) => url.href({ message: id }))}
        rows={page.data}
        rowKey={({ id }) => id}
        selected={selected}
        onOpen={({ id }) => url.set({ message: id })}
      />
      <Pages cursor={cursor} next={page.next_cursor} />
    </>
  );
}

function Pages({ cursor, next }: { cursor: string | null; next: string | null }) {
  const url = useUrl();
  if (cursor === null && next === null) return null;
  return (
    <div class="pager">
      <div class="tools">
        {cursor !== null && (
          <a class="btn" href={url.href({ cursor: null, message: null })}>
            Newest
          </a>
        )}
        {next !== null && (
          <a class="btn" href={url.href({ cursor: next, message: null })}>
            Older
          </a>
        )}
      </div>
    </div>
  );
}

function columnsOf(zone: string, now: number, hrefOf: (id: string) => string): Column<WebhookDelivery>[] {
  return [
    {
      id: "happened",
      label: "Happened",
      class: "nowrap",
      cell: ({ id, occurred_at }) => <a href={hrefOf(id)}>{dateTime(occurred_at, zone)}</a>,
    },
    { id: "what", label: "What", fold: 1, cell: ({ type }) => MESSAGE_WORDS[type] },
    { id: "type", label: "Type", fold: 3, words: null, cell: ({ type }) => <code>{type}</code> },
    {
      id: "stands",
      label: "Stands",
      cell: (delivery) => {
        const { glyph, says } = deliveryStanding(delivery, now);
        return <Status glyph={glyph}>{says}</Status>;
      },
    },
    {
      id: "tries",
      label: "Tries",
      numeric: true,
      fold: 2,
      words: null,
      cell: ({ attempts }) => count(attempts.length),
    },
  ];
}

function OneMessage({ id, hook, zone, live, again }: Shown & { id: string }) {
  const url = useUrl();
  const param = { id: hook.id, delivery_id: id };
  const message = useResource(`delivery ${id}`, (signal) =>
    ask(client.webhooks[":id"].deliveries[":delivery_id"].$get, { param }, signal),
  );
  const { busy, act } = useAct(() => {
    message.retry();
    again();
  });
  const shown = message.data;
  const subject = shown && subjectOf(shown);
  return (
    <>
      <Fault what="The message" of={message} zone={zone} />
      {shown && (
        <Panel
          title={MESSAGE_WORDS[shown.type]}
          lead={
            <>
              {dateTime(shown.occurred_at, zone)}, <code>{shown.id}</code>
              {subject && (
                <>
                  , <a href={subject.href}>{subject.says}</a>
                </>
              )}
            </>
          }
        >
          {shown.attempts.length > 0 && (
            <Table
              caption="Tries"
              columns={attemptColumns(zone)}
              rows={shown.attempts}
              rowKey={({ at, took_ms }) => `${at} ${took_ms}`}
              keys={false}
            />
          )}
          <Code text={readable(shown.body)} what="what was sent" />
          <div class="acts">
            {live && (
              <button
                class="btn main"
                type="button"
                disabled={busy}
                onClick={() =>
                  act(async () => {
                    const sent = await ask(client.webhooks[":id"].deliveries[":delivery_id"].resend.$post, {
                      param,
                    });
                    return { said: `Sent again. ${deliveryStanding(sent, Date.now()).says}.` };
                  })
                }
              >
                Send again
              </button>
            )}
            <button class="btn" type="button" onClick={() => url.set({ message: null })}>
              Close
            </button>
          </div>
        </Panel>
      )}
    </>
  );
}

function subjectOf({ call_id, type }: WebhookDelivery): { href: string; says: string } | null {
  return call_id === null || type === "call.withdrawn"
    ? null
    : { href: `/calls/${call_id}`, says: "the call" };
}

function attemptColumns(zone: string): Column<DeliveryAttempt>[] {
  return [
    { id: "at", label: "Sent", class: "nowrap", cell: ({ at }) => dateTime(at, zone) },
    {
      id: "answer",
      label: "Answer",
      cell: ({ http_status, fault }) =>
        fault === null ? (
          <Status glyph="fact">{http_status}</Status>
        ) : (
          <Status glyph="rejected">{fault}</Status>
        ),
    },
    { id: "took", label: "Took", unit: "ms", numeric: true, cell: ({ took_ms }) => count(took_ms) },
  ];
}
