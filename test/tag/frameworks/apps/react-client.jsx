import { hydrateRoot } from "react-dom/client";
import { App } from "./react.jsx";

let root;
window.app = {
  hydrate() {
    const container = document.querySelector("[data-app]");
    root = hydrateRoot(container, <App />, { onRecoverableError: (error) => console.error(String(error)) });
  },
  unmount: () => root.unmount(),
};
