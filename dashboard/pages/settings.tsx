import { mayAdminister, mayManage } from "../may.ts";
import { useNames } from "../names.ts";
import { useDo } from "../parts/form/use-do.ts";
import { Page } from "../parts/page.tsx";
import { PeopleSection } from "../parts/people/people-section.tsx";
import { useMe } from "../session.ts";
import { KeysSection } from "./settings/keys-section.tsx";
import { NetworkSection } from "./settings/network-section.tsx";
import { TelephonySection } from "./settings/telephony-section.tsx";
import { WebhooksSection } from "./settings/webhooks-section.tsx";
import { YouSection } from "./settings/you-section.tsx";

/** What belongs to the organization as a whole: its name and zone, phone providers, people, API keys, webhooks, and who is signed in. */
export default function SettingsPage() {
  const me = useMe();
  const doing = useDo();
  const names = useNames();
  const zone = me.network.timezone;
  return (
    <Page title="Settings" meta={me.organization.name}>
      {me.organization.kind === "network" && <NetworkSection zone={zone} may={mayManage(me)} doing={doing} />}
      {mayManage(me) && <TelephonySection zone={zone} doing={doing} />}
      {mayAdminister(me) && <PeopleSection organization={me.organization} zone={zone} doing={doing} />}
      {mayAdminister(me) && <KeysSection names={names} zone={zone} doing={doing} />}
      {mayAdminister(me) && <WebhooksSection names={names} zone={zone} doing={doing} />}
      <YouSection />
    </Page>
  );
}
