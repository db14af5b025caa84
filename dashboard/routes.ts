import type { AnyComponent } from "preact";
import type { Me, OrganizationKind } from "../shared/api/organizations.ts";
import { mayReadMoney } from "./may.ts";
import lazy from "./parts/fetched.tsx";

/** What the router hands to a page. */
export type PageProps = { params: Record<string, string> };

/**
 * A page of its own chunk. `nav` puts it into the sidebar of these kinds of organization, in this order, as far as
 * `may` lets in who is signed in.
 */
export type PageRoute = {
  path: string;
  component: AnyComponent<PageProps> & { preload: () => Promise<unknown> };
  nav?: { label: string; kinds: readonly OrganizationKind[]; may?: (me: Me) => boolean };
};

const EVERYONE = ["network", "advertiser", "publisher"] as const;
const LENDERS = ["network", "publisher"] as const;
const NETWORK = ["network"] as const;
const PUBLISHER = ["publisher"] as const;

/** Every page inside the shell. Beside them only sign-in, which has no shell. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: "/",
    component: lazy(() => import("./pages/overview.tsx")),
    nav: { label: "Overview", kinds: EVERYONE },
  },
  {
    path: "/earnings",
    component: lazy(() => import("./pages/publisher/earnings.tsx")),
    nav: { label: "Earnings", kinds: PUBLISHER },
  },
  {
    path: "/calls",
    component: lazy(() => import("./pages/calls.tsx")),
    nav: { label: "Calls", kinds: EVERYONE },
  },
  { path: "/calls/import", component: lazy(() => import("./pages/import-outcomes.tsx")) },
  { path: "/calls/:id", component: lazy(() => import("./pages/call.tsx")) },
  {
    path: "/pools",
    component: lazy(() => import("./pages/pools.tsx")),
    nav: { label: "Pools", kinds: LENDERS },
  },
  { path: "/pools/:id", component: lazy(() => import("./pages/pool.tsx")) },
  {
    path: "/numbers",
    component: lazy(() => import("./pages/numbers.tsx")),
    nav: { label: "Numbers", kinds: EVERYONE },
  },
  {
    path: "/sites",
    component: lazy(() => import("./pages/sites.tsx")),
    nav: { label: "Sites", kinds: EVERYONE },
  },
  { path: "/sites/:id", component: lazy(() => import("./pages/site.tsx")) },
  {
    path: "/campaigns",
    component: lazy(() => import("./pages/campaigns.tsx")),
    nav: { label: "Campaigns", kinds: EVERYONE },
  },
  { path: "/campaigns/:id", component: lazy(() => import("./pages/campaign.tsx")) },
  { path: "/campaigns/:id/flow", component: lazy(() => import("./pages/flow.tsx")) },
  {
    path: "/publishers",
    component: lazy(() => import("./pages/publishers.tsx")),
    nav: { label: "Publishers", kinds: NETWORK },
  },
  { path: "/publishers/:id", component: lazy(() => import("./pages/publisher.tsx")) },
  {
    path: "/advertisers",
    component: lazy(() => import("./pages/advertisers.tsx")),
    nav: { label: "Advertisers", kinds: NETWORK },
  },
  { path: "/advertisers/:id", component: lazy(() => import("./pages/advertiser.tsx")) },
  {
    path: "/disputes",
    component: lazy(() => import("./pages/disputes.tsx")),
    nav: { label: "Disputes", kinds: EVERYONE },
  },
  {
    path: "/ledger",
    component: lazy(() => import("./pages/ledger.tsx")),
    nav: { label: "Ledger", kinds: EVERYONE, may: mayReadMoney },
  },
  {
    path: "/settings",
    component: lazy(() => import("./pages/settings.tsx")),
    nav: { label: "Settings", kinds: EVERYONE },
  },
  { path: "/settings/webhooks/:id", component: lazy(() => import("./pages/webhook.tsx")) },
];

/** The pages in the sidebar of who is signed in. */
export function pagesOf(me: Me): PageRoute[] {
  return ROUTES.filter(({ nav }) => nav?.kinds.includes(me.organization.kind) && (nav.may?.(me) ?? true));
}

export const NotFound = lazy(() => import("./pages/not-found.tsx"));

/** The page an address leads to: the same parts, whatever stands where the route has an id. */
export function pageAt(path: string): PageRoute | undefined {
  const parts = path.split("/");
  return ROUTES.find((route) => {
    const asked = route.path.split("/");
    return asked.length === parts.length && asked.every((part, at) => part === parts[at] || part === ":id");
  });
}

/** Fetches the code of the page at `path` before it is known who asks for it: both take a round trip. */
export function preloadPage(path: string): void {
  pageAt(path)?.component.preload();
}
