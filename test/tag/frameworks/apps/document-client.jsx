import { hydrateRoot } from "react-dom/client";
import { Page } from "./document.jsx";

let root;
window.app = {
  hydrate() {
    root = hydrateRoot(document, <Page />, { onRecoverableError: (error) => console.error(String(error)) });
  },
  unmount: () => root.unmount(),
};
