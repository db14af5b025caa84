import { callerNumber } from "../../calls/model/caller.ts";
import { write } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import { isStale, saveCallerType } from "../../routing/caller-types.ts";
import type { Services } from "../../services.ts";
import { apiOfAccount } from "./account-api.ts";
import type { Line } from "./line.ts";

/**
 * Has a caller's type looked up once the call has been answered, for a campaign that wishes it and a caller of whom
 * nothing fresh is known: the next call knows it. Each lookup costs the network a fee. Nobody waits for it, and whatever
 * fails, the type stays unknown. Never throws.
 */
export async function learnCallerType(services: Services, line: Line): Promise<void> {
  const { plan, parties, usage, looked_up = null, visitor, at } = line;
  const number = callerNumber(parties.from);
  if (!plan?.campaign.routing.look_up_callers || usage === null || number === null) return;
  // A line from memory has not asked what is known: some other call of this caller will have.
  if (line.is_recalled) return;
  if (!isStale(looked_up, at)) return;
  const { network_id } = visitor.account;
  try {
    const api = await apiOfAccount(services, visitor.account);
    if (!api?.lookUpType) return;
    const found = await api.lookUpType(number);
    if (!found.ok) {
      services.log.error("caller not looked up", { failure: found.error.kind });
      return;
    }
    const { db } = services.network(network_id);
    const from_hash = await services.vault.fingerprint(number, network_id);
    await write(db, saveCallerType(db, { network_id, from_hash }, { type: found.value, looked_up_at: at }));
  } catch (error) {
    services.log.error("caller not looked up", errorFields(error));
  }
}
