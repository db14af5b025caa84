import type { Campaign } from "../../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import { count, counted, probability, zoneName } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { TableFrame } from "../../parts/table-frame.tsx";
import { useResource } from "../../query.ts";
import { hostOf } from "../site/host.ts";
import { sightRows } from "./sight.ts";

const OVERFLOW_WORDS = {
  destination: "the call is sent there all the same",
  message: "the caller hears a message",
  voicemail: "the caller may leave a message",
} as const;

type Props = { campaign: Campaign; kind: OrganizationKind; names: Names; zone: string };

/** Where calls go and how they are attributed, beside what is set up for the campaign; then who sees what of it. */
export function SetupSection(props: Props) {
  const { campaign, kind } = props;
  return (
    <>
      <div class="two sec">
        <Section id="set" title="Set to">
          <SetTo {...props} />
        </Section>
        <Section id="uses" title="Shown on">
          <Uses campaign={campaign} kind={kind} />
        </Section>
      </div>
      {kind === "network" && <SightSection />}
    </>
  );
}

function SetTo({ campaign, kind, zone }: Props) {
  const {
    destination_number,
    overflow,
    attribution_floor,
    uncertain_payout,
    bill_own_traffic,
    test_callers,
  } = campaign;
  return (
    <dl class="facts">
      {destination_number !== undefined && (
        <>
          <dt>Calls go to</dt>
          <dd>{displayNumber(destination_number)}</dd>
          <dt>Closed or full</dt>
          <dd>{overflow ? OVERFLOW_WORDS[overflow] : "as the terms decide"}</dd>
        </>
      )}
      <dt>Attribution floor</dt>
      <dd>
        {probability(attribution_floor)}: a publisher must be this probable{" "}
        {kind === "publisher" ? "for you to earn" : "to be paid"}
      </dd>
      {uncertain_payout !== undefined && (
        <>
          <dt>Under the floor</dt>
          <dd>
            {uncertain_payout === "withhold" ? "no publisher is paid" : "payout is split by probability"}
          </dd>
        </>
      )}
      {bill_own_traffic !== undefined && (
        <>
          <dt>Own traffic</dt>
          <dd>{bill_own_traffic ? "is billed" : "is not billed"}</dd>
        </>
      )}
      {test_callers !== undefined && test_callers.length > 0 && (
        <>
          <dt>Test callers</dt>
          <dd>{test_callers.map(displayNumber).join(", ")}</dd>
        </>
      )}
      <dt>Money and time</dt>
      <dd>
        {campaign.currency}, {zoneName(campaign.timezone)}
      </dd>
      <dt>Made</dt>
      <dd>{dayAndMinute(campaign.created_at, zone)}</dd>
    </dl>
  );
}

/** Pools, sites and static numbers of the campaign, as links. */
function Uses({ campaign, kind }: { campaign: Campaign; kind: OrganizationKind }) {
  const query = { campaign_id: campaign.id };
  const pools = useWhole(kind === "advertiser" ? null : LISTS.pools, query).data?.data ?? [];
  const sites = useWhole(LISTS.sites, query).data?.data ?? [];
  const numbers = useWhole(LISTS.numbers, query).data?.data ?? [];
  const statics = numbers.filter(({ pool_id, honeypot }) => pool_id === null && !honeypot);
  return (
    <dl class="facts">
      {kind !== "advertiser" && (
        <>
          <dt>Pools</dt>
          <dd>
            {pools.length === 0 && "none"}
            {pools.map(({ id, name, numbers: lent }) => (
              <p key={id}>
                <a href={`/pools/${id}`}>{name}</a>, {counted(lent, "number")}
              </p>
            ))}
          </dd>
        </>
      )}
      <dt>Sites</dt>
      <dd>
        {sites.length === 0 && "none"}
        {sites.map((site) => (
          <p key={site.id}>
            <a href={`/sites/${site.id}`}>{hostOf(site)}</a>
          </p>
        ))}
      </dd>
      <dt>Static numbers</dt>
      <dd>
        {statics.length === 0 ? (
          "none"
        ) : (
          <a href={`/numbers?kind=static&campaign_id=${campaign.id}`}>{count(statics.length)}</a>
        )}
      </dd>
    </dl>
  );
}

/** The same call, as each side sees it. */
function SightSection() {
  const network = useResource("network", (signal) => ask(client.network.$get, {}, signal));
  if (!network.data) return null;
  return (
    <Section id="sight" title="Who sees what" aside="of a call of this campaign; you see all of it">
      <TableFrame>
        <table>
          <caption class="vh">What each side sees of a call</caption>
          <thead>
            <tr>
              <th scope="col">Fact</th>
              <th scope="col">Advertiser</th>
              <th scope="col">Publisher</th>
            </tr>
          </thead>
          <tbody>
            {sightRows(network.data).map(({ what, advertiser, publisher }) => (
              <tr key={what}>
                <th scope="row" class="soft">
                  {what}
                </th>
                <td>{advertiser === "no" ? <span class="quiet">no</span> : advertiser}</td>
                <td>{publisher === "no" ? <span class="quiet">no</span> : publisher}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p class="note foot-note">
        Callers' numbers and publishers' names are opened to the sides in the <a href="/settings">settings</a>
        .
      </p>
    </Section>
  );
}
