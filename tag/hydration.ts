/**
 * Elements that the usual frameworks fill on the server and take over in the browser. Astro marks an island as taken
 * over when React has only begun, so its mark says nothing.
 */
const SERVER_RENDERED = "#app,#root,[id^=__],astro-island";
/** Globals of frameworks that take over the whole document: Next, Remix, React Router. */
const TAKES_DOCUMENT = /__(next_f|remix|reactR)/;
const LONGEST_WAIT_MS = 3000;

const deadline_ms = performance.now() + LONGEST_WAIT_MS;

/** What Vue keeps on the root that it has taken over. */
type VueRoot = Element & { __vue_app__?: object };

/**
 * True while `element` is server-rendered and its framework has not taken it over yet: a text changed before
 * that is reported as a hydration error and put back. Never true later than 3 s after the tag began.
 */
export const awaitsHydration = (element: Element): boolean | null => {
  const root: VueRoot | null | false =
    performance.now() < deadline_ms &&
    element.closest(TAKES_DOCUMENT.test(`${Object.keys(window)}`) ? "html" : SERVER_RENDERED);
  // React keeps something of its own on each element that it has taken over.
  return root && !Object.keys(element)[0] && !root.__vue_app__;
};
