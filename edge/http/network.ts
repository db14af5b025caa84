import { Hono } from "hono";
import { Network, NetworkPatch } from "../../shared/api/organizations.ts";
import { ok } from "../../shared/result.ts";
import { changeNetwork, networkView } from "../accounts/organizations.ts";
import { commit, groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { ownNetwork } from "./support/references.ts";
import { jsonBody } from "./support/validate.ts";

/** `/network`: the viewer's own network, its days and what the two sides see of each other. */
export const network = new Hono<HttpEnv>()
  .get(
    "/",
    may("network.read"),
    described({ summary: "The network's settings", answers: { 200: Network } }),
    async (c) => c.json(networkView(await ownNetwork(c)), 200),
  )
  .patch(
    "/",
    may("network.update"),
    described({ summary: "Change the network's settings", answers: { 200: Network } }),
    jsonBody(NetworkPatch),
    (c) =>
      commit(c, 200, async () => ok(changeNetwork(groundOf(c), await ownNetwork(c), c.req.valid("json")))),
  );
