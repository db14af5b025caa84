import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ErrorBoundary } from "preact-iso/lazy";
import type { Me } from "../shared/api/organizations.ts";
import { onSignedOut } from "./api.ts";
import { useShortcuts } from "./keys.ts";
import lazy from "./parts/fetched.tsx";
import { Icon, Mark } from "./parts/glyph.tsx";
import { Caret, MenuItem, PopoverButton } from "./parts/menu.tsx";
import { Fault } from "./parts/states.tsx";
import { Toasts, toast } from "./parts/toast.tsx";
import { useResource } from "./query.ts";
import { pagesOf } from "./routes.ts";
import { loadMe, MeContext, signOut, switchOrganization } from "./session.ts";
import { useUrl } from "./url-state.ts";

const Palette = lazy(() => import("./parts/palette.tsx"));
const ShortcutSheet = lazy(() => import("./parts/shortcut-sheet.tsx"));

/** How an organization stands to Ringtrail, in words. */
function kindWords(me: Me): string {
  if (me.organization.kind === "network") return "Network";
  return `${me.organization.kind === "advertiser" ? "Advertiser" : "Publisher"} with ${me.network.name}`;
}

/**
 * The house around every page: who looks, the way to the other pages, search, shortcuts, toasts. Shows no page
 * before it knows who is signed in; nobody is sent to the sign-in page and back.
 */
export function Shell({ children }: { children: ComponentChildren }) {
  const url = useUrl();
  const [round, setRound] = useState(0);
  const me = useResource(`me ${round}`, loadMe);
  const [floating, setFloating] = useState<"palette" | "shortcuts" | null>(null);
  useEffect(() => {
    onSignedOut(() => {
      const next = encodeURIComponent(location.pathname + location.search);
      url.go(`/sign-in?next=${next}`, { replace: true });
    });
  }, [url]);
  useShortcuts([
    {
      key: "$mod+k",
      shown: "Ctrl K",
      does: "Search, go to",
      group: "Everywhere",
      everywhere: true,
      run: () => setFloating("palette"),
    },
    {
      key: "[Shift]+?",
      shown: "?",
      does: "Show all shortcuts",
      group: "Everywhere",
      run: () => setFloating("shortcuts"),
    },
  ]);

  if (!me.data) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const failed = me.problem !== null && me.problem.status !== 401;
    return <main id="main">{failed && <Fault what="Your session" of={me} zone={zone} />}</main>;
  }
  const refresh = () => {
    setRound((n) => n + 1);
    url.go("/");
  };
  return (
    <MeContext.Provider value={me.data}>
      <div class="shell" key={me.data.organization.id}>
        <header class="side">
          <div class="side-in">
            <Organizations me={me.data} onSwitched={refresh} />
            <Nav me={me.data} path={url.path} />
            <div class="side-foot">
              <button type="button" onClick={() => setFloating("palette")}>
                <Icon name="search" class="phone" />
                <span class="word">Search</span> <kbd class="desk">Ctrl K</kbd>
              </button>
              <button class="desk" type="button" onClick={() => setFloating("shortcuts")}>
                All shortcuts <kbd>?</kbd>
              </button>
              {me.data.demo && <span class="demo">Demo: invented data</span>}
            </div>
          </div>
        </header>
        {children}
      </div>
      <ErrorBoundary>
        {floating === "palette" && <Palette onClose={() => setFloating(null)} onSwitched={refresh} />}
        {floating === "shortcuts" && <ShortcutSheet onClose={() => setFloating(null)} />}
      </ErrorBoundary>
      <Toasts />
    </MeContext.Provider>
  );
}

function Organizations({ me, onSwitched }: { me: Me; onSwitched: () => void }) {
  const url = useUrl();
  const change = async (id: string) => {
    try {
      await switchOrganization(id);
      onSwitched();
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  };
  const leave = async () => {
    await signOut().catch(() => {});
    url.go("/sign-in");
  };
  return (
    <PopoverButton
      kind="menu"
      class="org"
      title="Organization"
      label={
        <>
          <Mark />
          <span>
            {me.organization.name}
            <small>{kindWords(me)}</small>
          </span>
          <Caret />
        </>
      }
    >
      {(close) => (
        <>
          {me.user && <p class="head">{me.user.email}</p>}
          {me.organizations.map((organization) => (
            <MenuItem
              key={organization.id}
              checked={organization.id === me.organization.id}
              hint={<small>{organization.kind}</small>}
              run={() => {
                close();
                if (organization.id !== me.organization.id) change(organization.id);
              }}
            >
              {organization.name}
            </MenuItem>
          ))}
          <hr />
          <MenuItem run={leave}>Sign out</MenuItem>
        </>
      )}
    </PopoverButton>
  );
}

function Nav({ me, path }: { me: Me; path: string }) {
  const pages = pagesOf(me);
  const isHere = (route: string) =>
    route === "/" ? path === "/" : path === route || path.startsWith(`${route}/`);
  const nav = useRef<HTMLElement>(null);
  // On a phone it is a strip wider than the screen: where one is must be on it.
  useLayoutEffect(() => {
    const strip = nav.current;
    const here = strip?.querySelector<HTMLElement>("[aria-current]");
    if (strip && here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  }, [path]);
  return (
    <nav class="nav" aria-label="Main" ref={nav}>
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <a href={page.path} aria-current={isHere(page.path) ? "page" : undefined}>
              {page.nav?.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
