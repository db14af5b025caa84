import { createPage } from "./vue.js";

const page = createPage();
window.app = {
  hydrate() {
    page.mount("[data-app]");
  },
  unmount: () => page.unmount(),
};
