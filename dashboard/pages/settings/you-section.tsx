import { Section } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { forgetAnswers } from "../../query.ts";
import { signOut, switchOrganization, useMe } from "../../session.ts";
import { useUrl } from "../../url-state.ts";

/** Who is signed in, in which organizations, and the way out. */
export function YouSection() {
  const me = useMe();
  const url = useUrl();
  const leave = async () => {
    await signOut().catch(() => {});
    url.go("/sign-in");
  };
  const change = async (id: string) => {
    try {
      await switchOrganization(id);
      forgetAnswers();
      // The whole page belongs to the organization: it is loaded anew.
      location.assign("/");
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Section
      id="you"
      title="You"
      tools={
        me.via === "user" && (
          <button class="btn" type="button" onClick={leave}>
            Sign out
          </button>
        )
      }
    >
      <dl class="facts">
        {me.user && (
          <>
            <dt>Signed in as</dt>
            <dd>
              {me.user.name}, {me.user.email}
            </dd>
          </>
        )}
        <dt>Role</dt>
        <dd>
          {me.role} of {me.organization.name}
        </dd>
        {me.organizations.length > 1 && (
          <>
            <dt>Organizations</dt>
            <dd>
              {me.organizations.map(({ id, name, kind }) => (
                <p key={id}>
                  {id === me.organization.id ? (
                    <b>{name}</b>
                  ) : (
                    <button class="link" type="button" onClick={() => change(id)}>
                      {name}
                    </button>
                  )}
                  , {kind}
                  {id === me.organization.id && ", looked at now"}
                </p>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}
