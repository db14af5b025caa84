import { prepareDemo } from "./demo-world.ts";

/** Makes what the test files share before they begin: whoever starts without finds it missing, and makes it. */
await prepareDemo();
