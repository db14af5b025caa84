import { expect, it } from "vitest";
import { byJoining, type Membership } from "../../edge/accounts/people/people.ts";

const joined = (organization_id: string, role: Membership["role"], created_at: number): Membership => ({
  user_id: "p",
  organization_id,
  organization_kind: role === "owner" ? "network" : "advertiser",
  organization_name: organization_id,
  network_id: "org_z",
  role,
  created_at,
});

it("lets a person begin where he joined first, and of two joined at once in the one that is his own", () => {
  const [guest, own, later] = [
    joined("org_a", "admin", 5),
    joined("org_z", "owner", 5),
    joined("org_b", "owner", 6),
  ];
  for (const mine of [
    [later, guest, own],
    [guest, own, later],
    [own, later, guest],
  ]) {
    expect(mine.sort(byJoining).map(({ organization_id }) => organization_id)).toEqual([
      "org_z",
      "org_a",
      "org_b",
    ]);
  }
});
