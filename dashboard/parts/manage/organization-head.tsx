import type { ComponentChildren } from "preact";
import type { Organization } from "../../../shared/api/organizations.ts";
import { ask } from "../../api.ts";
import { mayManage } from "../../may.ts";
import { type Resource, useResource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { useUrl } from "../../url-state.ts";
import { type Doing, useDo } from "../form/use-do.ts";
import { Page } from "../page.tsx";
import { PeopleSection } from "../people/people-section.tsx";
import { RangePicker } from "../range-picker.tsx";
import { Fault, Skeleton } from "../states.tsx";
import { RenameOrganization, RetireOrganization, SIDES, type SideKind } from "./organization-forms.tsx";
import { RetireLink } from "./retire-link.tsx";
import { Status } from "./status.tsx";
import { useRange } from "./use-range.ts";

/** The range of an organization's page and the moment it was read at. */
export type PageRange = ReturnType<typeof useRange>;

/**
 * The page of one advertiser or publisher as its network sees it: head, range, its people, rename and retire; `children` is
 * asked for the rest once the organization is there.
 */
export function OrganizationPage(props: {
  kind: SideKind;
  id: string;
  children: (organization: Organization, page: PageRange) => ComponentChildren;
}) {
  const { kind, id, children } = props;
  const me = useMe();
  const doing = useDo();
  const page = useRange(me.network.timezone);
  const organization = useResource(`${kind} ${id}`, (signal) =>
    ask(SIDES[kind][":id"].$get, { param: { id } }, signal),
  );
  const gone = organization.problem?.status === 404;
  const shown = organization.data;
  const may = mayManage(me) && shown?.retired_at === null;
  return (
    <Page
      title={shown?.name ?? (gone ? `No such ${kind}` : capital(kind))}
      crumb={<a href={`/${kind}s`}>{capital(kind)}s</a>}
      meta={
        <>
          {page.words}
          {shown?.retired_at != null && (
            <>
              {" · "}
              <Status glyph="open">Retired</Status>
            </>
          )}
        </>
      }
      tools={
        <>
          <RangePicker range={page.range} now={page.now} />
          {may && (
            <button class="btn" type="button" onClick={() => doing.open("rename")}>
              Rename
            </button>
          )}
        </>
      }
    >
      {gone ? (
        <p class="note">
          It does not exist, or it belongs to another network. Go to <a href={`/${kind}s`}>all {kind}s</a>.
        </p>
      ) : (
        <Fault what={`The ${kind}`} of={organization} zone={page.range.zone} />
      )}
      {shown ? (
        <>
          {may && <Doings kind={kind} of={organization} organization={shown} doing={doing} />}
          {children(shown, page)}
          {may && <PeopleSection organization={shown} zone={page.range.zone} doing={doing} />}
          {may && <RetireLink what={kind} doing={doing} />}
        </>
      ) : (
        organization.slow && <Skeleton height="6rem" />
      )}
    </Page>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Doings(props: {
  kind: SideKind;
  of: Resource<Organization>;
  organization: Organization;
  doing: Doing;
}) {
  const { kind, of, organization, doing } = props;
  const url = useUrl();
  if (doing.what === "rename") {
    const done = () => {
      doing.close();
      of.retry();
    };
    return <RenameOrganization kind={kind} organization={organization} done={done} leave={doing.close} />;
  }
  if (doing.what !== "retire") return null;
  const done = () => url.go(`/${kind}s`);
  return <RetireOrganization kind={kind} organization={organization} done={done} leave={doing.close} />;
}
