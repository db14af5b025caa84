/** Elements that the usual frameworks fill on the server and take over in the browser. */
const SERVER_RENDERED = "#root,#app,[id^=__],astro-island[ssr]";
/** Globals of frameworks that take over the whole document: Next, Remix, React Router. */
const TAKES_DOCUMENT = /__(next_f|remix|reactR)/;
/** React (17 and later) marks each element when it has taken it over, Vue 3 its root. */
const TAKEN_OVER = /__reactF.*;|__vue/;
const LONGEST_WAIT_MS = 3000;

const deadline_ms = performance.now() + LONGEST_WAIT_MS;

/**
 * True while `element` is server-rendered and its framework has not taken it over yet: a text changed before
 * that is reported as a hydration error and put back. Never true later than 3 s after the tag began.
 */
export const awaitsHydration = (element: Element): boolean | null => {
  const root = element.closest(TAKES_DOCUMENT.test(`${Object.keys(window)}`) ? "html" : SERVER_RENDERED);
  return (
    root &&
    performance.now() < deadline_ms &&
    !TAKEN_OVER.test(`${Object.keys(element)};${Object.keys(root)}`)
  );
};
