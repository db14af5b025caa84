import { useState } from "preact/hooks";
import type { Campaign } from "../../../../shared/api/campaigns.ts";
import type { TargetGroup } from "../../../../shared/api/routing.ts";
import type { Target } from "../../../../shared/api/targets.ts";
import { displayNumber } from "../../../../shared/phone-number.ts";
import { ask, client } from "../../../api.ts";
import { NOTHING } from "../../../format.ts";
import { groupsOf, targetsOf, useWhole } from "../../../lists.ts";
import { useAct } from "../../../parts/form/act.ts";
import { RowMenu } from "../../../parts/manage/row-menu.tsx";
import { Status } from "../../../parts/manage/status.tsx";
import { MenuItem } from "../../../parts/menu.tsx";
import { Section } from "../../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { useMe } from "../../../session.ts";
import { PauseTarget } from "../pause-forms.tsx";
import { GroupForm } from "./group-form.tsx";
import { TargetForm } from "./target-form.tsx";
import {
  groupWords,
  isFull,
  openWords,
  standingWords,
  targetName,
  targetsSentence,
  usedWords,
} from "./words.ts";

const SKELETON = (
  <TableSkeleton caption="Targets" columns={["Target", ">Priority", "Open", "Used", "Stands"]} rows={3} />
);

type Doing =
  | { form: "target"; before: Target | null }
  | { form: "pause"; target: Target }
  | { form: "group" }
  | null;

/** Who answers a campaign's calls: its targets with what they have taken, and how each stands. */
export function TargetsSection({ campaign, may }: { campaign: Campaign; may: boolean }) {
  const { id, timezone: zone } = campaign;
  const targets = useWhole(targetsOf(id), {}, { every_s: 30 });
  const isNetwork = useMe().organization.kind === "network";
  const groups = useWhole(isNetwork ? groupsOf(id) : null);
  const [doing, setDoing] = useState<Doing>(null);
  const { act } = useAct(targets.retry);
  const close = () => setDoing(null);
  const done = () => {
    close();
    targets.retry();
    groups.retry();
  };
  const resume = (target: Target) =>
    act(async () => {
      await ask(client.targets[":id"].resume.$post, { param: { id: target.id }, json: {} });
      return { said: `${targetName(target)} takes calls again.` };
    });
  const retire = (target: Target) =>
    act(async () => {
      await ask(client.targets[":id"].$delete, { param: { id: target.id } });
      return { said: `${targetName(target)} is taken out of use.` };
    });
  const grouped = groups.data?.data ?? [];
  return (
    <Section
      id="targets"
      title="Who answers"
      aside={targets.data && targetsSentence(targets.data.data, campaign.destination_number)}
      tools={may && doing === null && <Tools open={setDoing} />}
    >
      {may && <OpenForm doing={doing} campaign={campaign} groups={grouped} done={done} leave={close} />}
      <Loaded of={targets} what="The targets" zone={zone} skeleton={SKELETON}>
        {({ data }) =>
          data.length > 0 && (
            <Table
              caption="Targets"
              columns={columnsOf(grouped, zone, may ? { open: setDoing, resume, retire } : null)}
              rows={data.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)}
              rowKey={(target) => target.id}
              keys={false}
              tall
            />
          )
        }
      </Loaded>
      {grouped.length > 0 && (
        <p class="note foot-note">
          Groups: {grouped.map((group) => `${groupWords(group)} (${usedWords(group)})`).join("; ")}.
        </p>
      )}
    </Section>
  );
}

function Tools({ open }: { open: (doing: Doing) => void }) {
  return (
    <>
      <button class="btn" type="button" onClick={() => open({ form: "group" })}>
        Add a group
      </button>
      <button class="btn" type="button" onClick={() => open({ form: "target", before: null })}>
        Add a target
      </button>
    </>
  );
}

function OpenForm(props: {
  doing: Doing;
  campaign: Campaign;
  groups: readonly TargetGroup[];
  done: () => void;
  leave: () => void;
}) {
  const { doing, campaign, groups, done, leave } = props;
  const { id: campaign_id, timezone: zone } = campaign;
  switch (doing?.form) {
    case "target": {
      const { before } = doing;
      const shared = { campaign_id, zone, before, groups, done, leave };
      return <TargetForm key={before?.id ?? "new"} {...shared} />;
    }
    case "pause":
      return (
        <PauseTarget key={doing.target.id} target={doing.target} zone={zone} done={done} leave={leave} />
      );
    case "group":
      return <GroupForm campaign_id={campaign_id} done={done} leave={leave} />;
    default:
      return null;
  }
}

type Acts = {
  open: (doing: Doing) => void;
  resume: (target: Target) => void;
  retire: (target: Target) => void;
};

function columnsOf(groups: readonly TargetGroup[], zone: string, acts: Acts | null): Column<Target>[] {
  const columns: (Column<Target> | false)[] = [
    {
      id: "target",
      label: "Target",
      cell: (target) => (
        <>
          <b>{targetName(target)}</b>
          {target.name !== null && <small class="soft"> {displayNumber(target.number)}</small>}
        </>
      ),
    },
    {
      id: "group",
      label: "Group",
      fold: 3,
      words: null,
      cell: ({ group_id }) => groups.find(({ id }) => id === group_id)?.name ?? NOTHING,
    },
    {
      id: "priority",
      label: "Priority",
      numeric: true,
      fold: 2,
      words: ({ priority, weight }) => `Priority ${priority}, weight ${weight}`,
      cell: ({ priority, weight }) => (weight === 1 ? priority : `${priority} (weight ${weight})`),
    },
    { id: "open", label: "Open", fold: 2, class: "soft", cell: openWords },
    {
      id: "used",
      label: "Used",
      fold: 1,
      words: (target) => (usedWords(target) === NOTHING ? null : usedWords(target)),
      cell: usedWords,
    },
    {
      id: "standing",
      label: "Stands",
      fold: 1,
      cell: (target) => (
        <Status glyph={target.paused_at !== null ? "ring" : isFull(target) ? "open" : "fact"}>
          {standingWords(target, zone)}
        </Status>
      ),
    },
    acts !== null && {
      id: "menu",
      label: "Change",
      numeric: true,
      class: "acts-cell",
      cell: (target) => <Menu target={target} acts={acts} />,
    },
  ];
  return columns.filter((column) => column !== false);
}

function Menu({ target, acts }: { target: Target; acts: Acts }) {
  const item = (words: string, run: () => void, close: () => void) => (
    <MenuItem
      run={() => {
        close();
        run();
      }}
    >
      {words}
    </MenuItem>
  );
  return (
    <RowMenu of={targetName(target)}>
      {(close) => (
        <>
          {item("Change", () => acts.open({ form: "target", before: target }), close)}
          {target.paused_at === null
            ? item("Pause…", () => acts.open({ form: "pause", target }), close)
            : item("Resume", () => acts.resume(target), close)}
          {item("Take out of use", () => acts.retire(target), close)}
        </>
      )}
    </RowMenu>
  );
}
