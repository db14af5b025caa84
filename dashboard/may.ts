import type { Me } from "../shared/api/organizations.ts";

/** True for the network's owners and admins, who alone change what is set up. The server refuses everybody else anyway. */
export function mayManage(me: Me): boolean {
  return me.organization.kind === "network" && mayAdminister(me);
}

/** True for owners and admins of any organization: they make and revoke its API keys. */
export function mayAdminister(me: Me): boolean {
  return me.role === "owner" || me.role === "admin";
}

/** True for those of a network who may say that a month was paid. */
export function mayPay(me: Me): boolean {
  return me.organization.kind === "network" && (mayAdminister(me) || me.role === "billing");
}

/** True for those who may read statements: all but viewers. */
export function mayReadMoney(me: Me): boolean {
  return me.role !== "viewer";
}

/** True for who may say what became of a call: the network's and an advertiser's owners and admins. */
export function mayReport(me: Me): boolean {
  return me.organization.kind !== "publisher" && mayAdminister(me);
}

/** True for who may ask whom a call would ring: everybody of the network but those who keep its accounts. */
export function mayTryRouting(me: Me): boolean {
  return me.organization.kind === "network" && me.role !== "billing";
}
