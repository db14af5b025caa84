import { useEffect, useState } from "preact/hooks";
import type { InvitationSeen } from "../../shared/api/users.ts";
import { type ApiProblem, auth, request } from "../api.ts";
import { DoorPage, doorSentence, NameField, PasswordField, Wrong } from "../parts/door.tsx";
import { Skeleton } from "../parts/states.tsx";
import { forgetAnswers, type Resource, useResource } from "../query.ts";
import { signOut } from "../session.ts";

/** The link's secret stands behind the `#`: the browser sends it nowhere by itself. */
const tokenHere = () => location.hash.slice(1);

async function look(token: string, signal: AbortSignal): Promise<InvitationSeen> {
  const headers = { "content-type": "application/json" };
  const answer = await request("/auth/invitation", {
    method: "POST",
    headers,
    body: JSON.stringify({ token }),
    signal,
  });
  return (await answer.json()) as InvitationSeen;
}

/** Joins as who is signed in; the dashboard then opens in the organization that was joined. */
async function join(token: string): Promise<void> {
  await auth("/invitation/accept", { token });
  forgetAnswers();
  location.assign("/");
}

/** Where the link of an invitation leads: who invites to what, and in with a new login or the one there is. */
export default function Invitation() {
  const token = tokenHere();
  const seen = useResource(`invitation ${token}`, (signal) => look(token, signal));
  useEffect(() => {
    const again = () => location.reload();
    addEventListener("hashchange", again);
    return () => removeEventListener("hashchange", again);
  }, []);
  if (seen.problem) return <Closed problem={seen.problem} retry={seen.retry} />;
  if (!seen.data) {
    return (
      <DoorPage name="Invitation" says="Your invitation">
        {seen.slow ? <Skeleton height="6rem" /> : null}
      </DoorPage>
    );
  }
  return <Open token={token} seen={seen.data} of={seen} />;
}

function Closed({ problem, retry }: { problem: ApiProblem; retry: () => void }) {
  const isOver = problem.status === 404 || problem.status === 410;
  const why =
    problem.status === 404
      ? "There is no such invitation. Perhaps the link was not copied whole: it ends in a long row of letters and digits."
      : doorSentence(problem);
  return (
    <DoorPage name="Invitation" says={isOver ? "This link does not open" : "The invitation did not load"}>
      <p role="alert">{why}</p>
      {isOver ? (
        <>
          <p class="hint">Ask who sent it for a new one.</p>
          <p class="hint">
            Already in? <a href="/sign-in">Sign in</a>
          </p>
        </>
      ) : (
        <button class="btn main" type="button" onClick={retry}>
          Try again
        </button>
      )}
    </DoorPage>
  );
}

type Opened = { token: string; seen: InvitationSeen; of: Resource<InvitationSeen> };

function Open({ token, seen, of }: Opened) {
  const { organization, network, role, email, signed_in_as } = seen;
  const side = organization.kind === "network" ? "" : `, ${organization.kind} with ${network.name}`;
  return (
    <DoorPage name={`Join ${organization.name}`} says={`Join ${organization.name}${side}, as ${role}`}>
      {signed_in_as === null ? (
        <Newcomer token={token} seen={seen} of={of} />
      ) : signed_in_as === email ? (
        <Known token={token} seen={seen} of={of} />
      ) : (
        <Somebody seen={seen} of={of} />
      )}
    </DoorPage>
  );
}

/** Does something with one button, and says why it failed. */
function useDoing(run: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const go = async () => {
    setBusy(true);
    setWrong(null);
    try {
      await run();
    } catch (error) {
      setWrong(doorSentence(error));
    }
    setBusy(false);
  };
  return { busy, wrong, go };
}

/** The invited address is signed in already. */
function Known({ token, seen }: Opened) {
  const { busy, wrong, go } = useDoing(() => join(token));
  return (
    <>
      <p class="hint">Signed in as {seen.email}</p>
      <Wrong text={wrong} />
      <button class="btn main" type="button" disabled={busy} onClick={go}>
        Join {seen.organization.name}
      </button>
    </>
  );
}

/** Another address is signed in: it cannot take this up. */
function Somebody({ seen, of }: Omit<Opened, "token">) {
  const { busy, wrong, go } = useDoing(async () => {
    await signOut();
    of.retry();
  });
  return (
    <>
      <p>
        This invitation is for {seen.email}. You are signed in as {seen.signed_in_as}.
      </p>
      <Wrong text={wrong} />
      <button class="btn main" type="button" disabled={busy} onClick={go}>
        Sign out, then join
      </button>
      <p class="hint">
        <a href="/">Stay signed in</a>
      </p>
    </>
  );
}

/** Nobody is signed in: a new login for the invited address, or the one there is. */
function Newcomer({ token, seen, of }: Opened) {
  const [isNew, setNew] = useState(true);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = Object.fromEntries(new FormData(event.currentTarget));
    const person = { ...form, email: seen.email };
    setBusy(true);
    setWrong(null);
    let isIn = false;
    try {
      if (isNew) await auth("/sign-up/email", { ...person, invitation: token });
      else await auth("/sign-in/email", person);
      isIn = true;
      await join(token);
    } catch (error) {
      setWrong(doorSentence(error));
      // The login is there; what is left is to join.
      if (isIn) of.retry();
    }
    setBusy(false);
  };
  const other = () => {
    setNew(!isNew);
    setWrong(null);
  };
  return (
    <>
      <form key={String(isNew)} onSubmit={submit}>
        <LoginFields email={seen.email} isNew={isNew} wrong={wrong} />
        <Wrong text={wrong} />
        <button class="btn main" type="submit" disabled={busy}>
          {isNew ? "Make a login and join" : "Sign in and join"}
        </button>
      </form>
      <p class="hint">
        {isNew ? "Already have a login with this address? " : "New here? "}
        <button class="link" type="button" onClick={other}>
          {isNew ? "Sign in" : "Make a login"}
        </button>
      </p>
    </>
  );
}

function LoginFields({ email, isNew, wrong }: { email: string; isNew: boolean; wrong: string | null }) {
  return (
    <>
      <div class="field">
        <label for="email">Email</label>
        <input class="input" id="email" type="email" autocomplete="username" value={email} readOnly />
      </div>
      {isNew && <NameField />}
      <PasswordField isNew={isNew} wrong={wrong} />
    </>
  );
}
