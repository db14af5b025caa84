import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { ask, client } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { useDirectory } from "../../parts/call/directory.ts";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { Table } from "../../parts/table.tsx";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { callColumns } from "../calls-columns.tsx";
import type { CallsQuery } from "../calls-query.ts";

const EVERY_S = 15;
const LATEST = 8;
const MINUTE_STEP_MS = 60_000;

const COLUMNS: Readonly<Record<OrganizationKind, readonly string[]>> = {
  network: ["caller", "campaign", "connected", "trail", "why", "payout", "revenue"],
  advertiser: ["caller", "campaign", "connected", "trail", "why", "revenue"],
  publisher: ["caller", "campaign", "connected", "trail", "why", "payout"],
};

/**
 * The newest calls that the filters let through, each leading to its page.
 * @param props.href where all of them are
 */
export function LatestCalls(props: { filters: CallsQuery; href: string; zone: string; empty: string }) {
  const { filters, href, zone, empty } = props;
  const me = useMe();
  const { kind } = me.organization;
  const names = useDirectory();
  const now = useNow(MINUTE_STEP_MS);
  const query = { ...filters, limit: LATEST };
  const calls = useResource(
    `latest ${JSON.stringify(query)}`,
    (signal) => ask(client.calls.$get, { query }, signal),
    { every_s: EVERY_S },
  );
  const currencies = new Set(calls.data?.data.flatMap(({ currency }) => currency ?? []));
  const [only = null] = currencies;
  // Beside money of both sides there is room for the reason on wide pages only.
  const columns = callColumns(
    {
      kind,
      names,
      zone,
      now,
      currency: currencies.size === 1 ? only : null,
      hrefOf: ({ id }) => `/calls/${id}`,
    },
    new Set(COLUMNS[kind]),
  ).map((column) => (kind === "network" && column.id === "why" ? { ...column, fold: 3 as const } : column));
  return (
    <Section
      id="latest"
      title="Latest calls"
      tools={
        <a class="btn bare" href={href}>
          All calls
        </a>
      }
    >
      <Loaded
        of={calls}
        what="The calls"
        zone={zone}
        skeleton={
          <TableSkeleton
            caption="Latest calls"
            columns={["Started", "Caller", "Trail and verdict", ">Payout"]}
          />
        }
      >
        {({ data }) =>
          data.length === 0 ? (
            <p class="note">{empty}</p>
          ) : (
            <div class="log">
              <Table
                caption="Latest calls"
                columns={columns}
                rows={data}
                rowKey={({ id }) => id}
                tall
                dense
              />
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}
