import { serve } from "../../bin/serve.ts";

/** A server that is there to be killed: `node kill-server.ts DATA_DIR`, one line when it is ready. */
const [data_dir = ""] = process.argv.slice(2);
const { url } = await serve({ port: 0, data_dir, seed: "none", clock: "header" });
console.log(`ready ${url}`);
