/** Invented calls for the tests of the call pages: one for each way a call can go, role and posting. */
export * from "./call-base.ts";
export * from "./call-cases.ts";
export * from "./call-led-up.ts";
export * from "./call-ledger.ts";
export * from "./call-roles.ts";
