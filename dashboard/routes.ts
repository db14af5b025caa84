import type { AnyComponent } from "preact";
import type { OrganizationKind } from "../shared/api/organizations.ts";
import lazy from "./parts/fetched.tsx";

/** What the router hands to a page. */
export type PageProps = { params: Record<string, string> };

/** A page of its own chunk. `nav` puts it into the sidebar of these kinds of organization, in this order. */
export type PageRoute = {
  path: string;
  component: AnyComponent<PageProps> & { preload: () => Promise<unknown> };
  nav?: { label: string; kinds: readonly OrganizationKind[] };
};

const EVERYONE = ["network", "advertiser", "publisher"] as const;

/** Every page inside the shell. Beside them only sign-in, which has no shell. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: "/",
    component: lazy(() => import("./pages/overview.tsx")),
    nav: { label: "Overview", kinds: EVERYONE },
  },
  {
    path: "/calls",
    component: lazy(() => import("./pages/calls.tsx")),
    nav: { label: "Calls", kinds: EVERYONE },
  },
  { path: "/calls/:id", component: lazy(() => import("./pages/call.tsx")) },
  {
    path: "/ledger",
    component: lazy(() => import("./pages/ledger.tsx")),
    nav: { label: "Ledger", kinds: EVERYONE },
  },
];

export const NotFound = lazy(() => import("./pages/not-found.tsx"));

/** Fetches the code of the page at `path` before it is known who asks for it: both take a round trip. */
export function preloadPage(path: string): void {
  const first = (address: string) => address.split("/")[1];
  const page =
    ROUTES.find((route) => route.path === path) ?? ROUTES.find((route) => first(route.path) === first(path));
  page?.component.preload();
}
