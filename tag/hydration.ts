/** Elements that the usual frameworks fill on the server and take over in the browser. */
const SERVER_RENDERED =
  "#root,#app,#__next,#__nuxt,#___gatsby,[data-reactroot],[data-server-rendered],astro-island[ssr]";
/** Globals of frameworks that take over the whole document. */
const TAKES_DOCUMENT = /^__(next_f|remix|reactRouter)/;
/** SvelteKit leaves no mark when it is done, and repairs a changed text silently: its own start is enough. */
const SVELTE_KIT = /^__sveltekit/;
/** React marks each element when it has taken it over, but a container already before that. */
const TAKEN_BY_REACT = /^__react[^C]/;
const TAKEN_BY_VUE = /^__vue|^_vnode/;
const LONGEST_WAIT_MS = 3000;

const deadline = performance.now() + LONGEST_WAIT_MS;

function hasKey(object: object, pattern: RegExp): boolean {
  return Object.keys(object).some((key) => pattern.test(key));
}

/**
 * True while `element` is server-rendered and its framework has not taken it over yet: a text changed before
 * that is reported as a hydration error and put back. Never true later than 3 s after the tag began.
 */
export function awaitsHydration(element: Element): boolean {
  if (performance.now() > deadline) return false;
  if (document.readyState !== "complete" && hasKey(window, SVELTE_KIT)) return true;
  const root =
    element.closest(SERVER_RENDERED) ?? (hasKey(window, TAKES_DOCUMENT) ? document.documentElement : null);
  return root !== null && !hasKey(element, TAKEN_BY_REACT) && !hasKey(root, TAKEN_BY_VUE);
}
