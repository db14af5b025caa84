import type { Pool } from "../../../shared/api/inventory.ts";
import { ask, client } from "../../api.ts";
import { counted } from "../../format.ts";
import { Confirm } from "../../parts/form/confirm.tsx";
import { toast } from "../../parts/toast.tsx";

/** Asks before a pool is taken out of use for good; refused while numbers or sites belong to it. */
export function RetirePool({ pool, done, leave }: { pool: Pool; done: () => void; leave: () => void }) {
  return (
    <Confirm
      title={`Retire pool “${pool.name}”?`}
      act="Retire 1 pool"
      keep="Keep it"
      onClose={leave}
      run={async () => {
        await ask(client.pools[":id"].$delete, { param: { id: pool.id } });
        toast(`Pool “${pool.name}” is retired.`);
        done();
      }}
    >
      <p class="note">
        It cannot be taken back.{" "}
        {pool.numbers > 0
          ? `Its ${counted(pool.numbers, "number")} must be moved or retired first, and its sites too.`
          : "Sites that draw from it must be retired first."}
      </p>
    </Confirm>
  );
}
