import { Hono } from "hono";
import { Me } from "../../shared/api/organizations.ts";
import { assert } from "../../shared/assert.ts";
import { membershipsOf, personOf } from "../accounts/people/people.ts";
import { findOrganization } from "../accounts/store.ts";
import { groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { ownNetwork } from "./support/references.ts";

/** `/me`: who is asking, as the credentials say. */
export const me = new Hono<HttpEnv>().get(
  "/",
  may("me.read"),
  described({ summary: "Who is asking", answers: { 200: Me } }),
  async (c) => {
    const { viewer, services } = c.var;
    const network = await ownNetwork(c);
    const own = await findOrganization(groundOf(c).db, viewer.network_id, viewer.organization_id);
    assert(own, "a viewer's organization exists");
    const { id, kind, name, timezone } = own;
    const person = viewer.via === "user" ? await personOf(services, c.req.raw.headers) : null;
    const mine = person ? await membershipsOf(services, person.id) : [];
    const answer: Me = {
      organization: { id, kind, name, timezone },
      network: { id: network.id, name: network.name, timezone: network.timezone },
      role: viewer.role,
      via: viewer.via,
      user: person,
      organizations:
        mine.length === 0
          ? [{ id, kind, name }]
          : mine.map((one) => ({
              id: one.organization_id,
              kind: one.organization_kind,
              name: one.organization_name,
            })),
      demo: services.config.demo,
    };
    return c.json(answer, 200);
  },
);
