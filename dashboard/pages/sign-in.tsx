import { useState } from "preact/hooks";
import { auth, loadAuthOptions } from "../api.ts";
import { DoorPage, doorSentence, NameField, PasswordField, refused, Wrong } from "../parts/door.tsx";
import { forgetAnswers, useResource } from "../query.ts";
import { signOut } from "../session.ts";
import { safeNext, useUrl } from "../url-state.ts";

type Way = "sign-in" | "sign-up";

/** Sign-in and sign-up (which starts a network); in the demo also its three doors. */
export default function SignIn() {
  const url = useUrl();
  const way: Way = url.params.get("way") === "sign-up" ? "sign-up" : "sign-in";
  const options = useResource("auth options", loadAuthOptions);
  const member_of = options.data?.organizations ?? 0;
  const alone = member_of === 0 ? (options.data?.signed_in_as ?? null) : null;
  if (alone !== null) return <Alone email={alone} left={options.retry} />;
  return (
    <DoorPage
      name={way === "sign-in" ? "Sign in" : "Start a network"}
      says={way === "sign-in" ? "Sign in to follow your calls" : "Start a network"}
    >
      <Credentials key={way} way={way} />
      <Other way={way} />
      {options.data?.demo && (
        <div class="ways">
          <p class="hint">Local demo, invented data. Sign in as</p>
          <ul>
            {(["network", "advertiser", "publisher"] as const).map((kind) => (
              <li key={kind}>
                <a class="btn" href={`/demo/sign-in?as=${kind}`}>
                  {kind.charAt(0).toUpperCase() + kind.slice(1)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </DoorPage>
  );
}

/** Signed in, and a member of nothing: not invited yet, or removed. */
function Alone({ email, left }: { email: string; left: () => void }) {
  const url = useUrl();
  const [wrong, setWrong] = useState<string | null>(null);
  const leave = async () => {
    await signOut().catch(() => {});
    left();
  };
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    try {
      await auth("/network", Object.fromEntries(new FormData(event.currentTarget)));
      forgetAnswers();
      url.go("/", { replace: true });
    } catch (error) {
      setWrong(doorSentence(error));
    }
  };
  return (
    <DoorPage name="No organization" says="You belong to no organization">
      <p>
        You are signed in as {email}. Ask for an invitation to this address and open its link, or start a
        network of your own.
      </p>
      <form onSubmit={start}>
        <NetworkField />
        <Wrong text={wrong} />
        <button class="btn main" type="submit">
          Start a network
        </button>
      </form>
      <p class="hint">
        <button class="link" type="button" onClick={leave}>
          Sign out
        </button>
      </p>
    </DoorPage>
  );
}

function NetworkField() {
  return (
    <div class="field">
      <label for="network">Name of your network</label>
      <input
        class="input"
        id="network"
        name="network_name"
        autocomplete="organization"
        required
        maxLength={100}
      />
    </div>
  );
}

function Other({ way }: { way: Way }) {
  const url = useUrl();
  return way === "sign-in" ? (
    <p class="hint">
      New here? <a href={url.href({ way: "sign-up" })}>Start a network</a>
    </p>
  ) : (
    <p class="hint">
      Already have a login? <a href={url.href({ way: null })}>Sign in</a>
    </p>
  );
}

function Credentials({ way }: { way: Way }) {
  const url = useUrl();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setWrong(null);
    try {
      await auth(`/${way}/email`, form);
      forgetAnswers();
      url.go(safeNext(url.search), { replace: true });
    } catch (error) {
      setWrong(doorSentence(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <Fields way={way} wrong={wrong} />
      <Wrong text={wrong} />
      <button class="btn main" type="submit" disabled={busy}>
        {way === "sign-in" ? "Sign in" : "Start a network"}
      </button>
    </form>
  );
}

function Fields({ way, wrong }: { way: Way; wrong: string | null }) {
  return (
    <>
      {way === "sign-up" && (
        <>
          <NetworkField />
          <NameField />
        </>
      )}
      <div class="field">
        <label for="email">Email</label>
        <input
          class="input"
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          required
          {...refused(wrong)}
        />
      </div>
      <PasswordField isNew={way === "sign-up"} wrong={wrong} />
    </>
  );
}
