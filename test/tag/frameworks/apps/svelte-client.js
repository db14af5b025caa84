import { hydrate, unmount } from "svelte";
import Page from "./Page.svelte";

let page;
window.app = {
  hydrate() {
    page = hydrate(Page, { target: document.querySelector("[data-app]") });
  },
  unmount: () => unmount(page),
};
