import type { RingtrailApi } from "./api.ts";

declare global {
  interface Window {
    ringtrail?: RingtrailApi;
  }
  /** Not yet in TypeScript's DOM library. */
  interface Document {
    readonly prerendering?: boolean;
  }
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}
