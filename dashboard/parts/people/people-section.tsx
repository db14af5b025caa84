import { useState } from "preact/hooks";
import type { Role } from "../../../shared/api/organizations.ts";
import type { NewUser, User } from "../../../shared/api/users.ts";
import { ask, client } from "../../api.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { useMe } from "../../session.ts";
import { useAct } from "../form/act.ts";
import { Confirm } from "../form/confirm.tsx";
import type { Doing } from "../form/use-do.ts";
import { RowMenu } from "../manage/row-menu.tsx";
import { Status } from "../manage/status.tsx";
import { dayAndMinute } from "../manage/when.ts";
import { MenuItem } from "../menu.tsx";
import { Section } from "../page.tsx";
import { Loaded, TableSkeleton } from "../states.tsx";
import { type Column, Table } from "../table.tsx";
import { toast } from "../toast.tsx";
import { InviteForm, LinkShownOnce } from "./invite-form.tsx";
import { rolesToGive } from "./roles.ts";

type Organization = { id: string; name: string };

/**
 * Who may sign in to an organization and who is invited to: roles, removal, and the link that is shown once.
 * For those who administer it: the viewer's own, or one that the viewer's network manages.
 */
export function PeopleSection(props: { organization: Organization; zone: string; doing: Doing }) {
  const { organization, zone, doing } = props;
  const me = useMe();
  const people = useWhole(LISTS.users, { organization_id: organization.id });
  const [made, setMade] = useState<NewUser | null>(null);
  const [removing, setRemoving] = useState<User | null>(null);
  const roles = rolesToGive(me, organization.id);
  const isOwn = organization.id === me.organization.id;
  const all = people.data?.data;
  const isFirst = !isOwn && all?.length === 0;
  const give = useRoles(organization.id, people.retry);
  return (
    <Section
      id="people"
      title="People"
      tools={
        doing.what !== "invite" && (
          <button class="btn" type="button" onClick={() => doing.open("invite")}>
            {isFirst ? "Invite its first person" : "Invite a person"}
          </button>
        )
      }
    >
      {made && <LinkShownOnce made={made} zone={zone} done={() => setMade(null)} />}
      {doing.what === "invite" && all && (
        <InviteForm
          organization={organization}
          roles={roles}
          role={isFirst ? "owner" : "analyst"}
          leave={doing.close}
          done={(user) => {
            doing.close();
            setMade(user);
            people.retry();
          }}
        />
      )}
      <Loaded
        of={people}
        what="The people"
        zone={zone}
        skeleton={<TableSkeleton caption="People" columns={["Email", "Name", "Role", "Stands"]} rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <Nobody isOwn={isOwn} name={organization.name} />
          ) : (
            <Table
              caption={`People of ${organization.name}`}
              columns={columnsOf({ zone, roles, me_id: me.user?.id, give, remove: setRemoving })}
              rows={data}
              rowKey={({ id }) => id}
              keys={false}
            />
          )
        }
      </Loaded>
      {removing && (
        <RemoveUser
          user={removing}
          organization={organization}
          isMe={removing.id === me.user?.id}
          leave={() => setRemoving(null)}
          done={people.retry}
        />
      )}
    </Section>
  );
}

function Nobody({ isOwn, name }: { isOwn: boolean; name: string }) {
  return (
    <p class="note">
      {isOwn
        ? "Nobody: this organization is worked by API keys alone."
        : `Nobody of ${name} can sign in yet.`}
    </p>
  );
}

/** Gives another role, with an Undo in its toast; `after` asks for the people anew. */
function useRoles(organization_id: string, after: () => void): (user: User, role: Role) => void {
  const me = useMe();
  const { act } = useAct(after);
  const patch = (user: User, role: Role) =>
    ask(client.users[":id"].$patch, {
      param: { id: user.id },
      query: { organization_id },
      json: { role },
    });
  return (user, role) =>
    act(async () => {
      await patch(user, role);
      // The whole page is another one for who is less than before.
      if (user.id === me.user?.id) location.reload();
      return {
        said: `${user.name ?? user.email} is ${role} now.`,
        undo: () => patch(user, user.role),
      };
    });
}

function RemoveUser(props: {
  user: User;
  organization: Organization;
  isMe: boolean;
  done: () => void;
  leave: () => void;
}) {
  const { user, organization, isMe, done, leave } = props;
  const isMember = user.status === "active";
  const name = user.name ?? user.email;
  return (
    <Confirm
      title={isMember ? `Remove ${name} from ${organization.name}?` : `Revoke the invitation of ${name}?`}
      act={isMember ? "Remove 1 person" : "Revoke 1 invitation"}
      keep={isMember ? "Keep" : "Keep it"}
      onClose={leave}
      run={async () => {
        const query = { organization_id: organization.id };
        await ask(client.users[":id"].$delete, { param: { id: user.id }, query });
        if (isMe) return location.assign("/");
        toast(isMember ? `${name} is removed.` : `The invitation of ${name} is revoked.`);
        done();
      }}
    >
      <p class="note">
        {isMember
          ? `At once: the next thing ${isMe ? "you ask" : "they ask"} for is refused, and what ${isMe ? "you" : "they"} invited to and nobody accepted is revoked. API keys stay; revoke those that ${isMe ? "you know" : "they know"}.`
          : "At once: its link opens no more."}
      </p>
    </Confirm>
  );
}

function standing(user: User, zone: string) {
  const { status, created_at, expires_at } = user;
  if (status === "active") return <Status glyph="fact">Member since {dayAndMinute(created_at, zone)}</Status>;
  if (status === "expired") return <Status glyph="open">Invitation expired</Status>;
  return <Status glyph="pending">Invited, until {dayAndMinute(expires_at ?? created_at, zone)}</Status>;
}

function columnsOf(props: {
  zone: string;
  roles: readonly Role[];
  me_id: string | undefined;
  give: (user: User, role: Role) => void;
  remove: (user: User) => void;
}): Column<User>[] {
  const { zone, roles, me_id, give, remove } = props;
  return [
    { id: "email", label: "Email", cell: ({ email }) => email },
    {
      id: "name",
      label: "Name",
      fold: 2,
      class: "soft",
      cell: ({ id, name }) => (id === me_id ? `${name}, you` : (name ?? "")),
    },
    { id: "role", label: "Role", fold: 1, cell: ({ role }) => role },
    { id: "stands", label: "Stands", fold: 2, class: "nowrap", cell: (user) => standing(user, zone) },
    {
      id: "change",
      label: "Change",
      numeric: true,
      class: "acts-cell",
      cell: (user) =>
        !roles.includes(user.role) ? null : user.status === "active" ? (
          <RowMenu of={user.name ?? user.email}>
            {(close) => (
              <>
                {roles.map((role) => (
                  <MenuItem
                    key={role}
                    checked={role === user.role}
                    run={() => {
                      close();
                      if (role !== user.role) give(user, role);
                    }}
                  >
                    {role}
                  </MenuItem>
                ))}
                <hr />
                <MenuItem
                  run={() => {
                    close();
                    remove(user);
                  }}
                >
                  Remove…
                </MenuItem>
              </>
            )}
          </RowMenu>
        ) : (
          <button
            class="link"
            type="button"
            aria-label={`Revoke the invitation of ${user.email}`}
            onClick={() => remove(user)}
          >
            Revoke…
          </button>
        ),
    },
  ];
}
