import { useEffect, useRef, useState } from "preact/hooks";
import type { Call, CallRecording } from "../../../shared/api/calls.ts";
import { request } from "../../api.ts";
import { duration, seconds, time } from "../../format.ts";

/** What was recorded. Each is fetched when somebody asks to hear it, and that is written down. */
export function Recordings({ call, zone }: { call: Call; zone: string }) {
  const recordings = call.recordings ?? [];
  if (recordings.length === 0) return null;
  return (
    <div class="recordings">
      {recordings.map((recording) => (
        <Recording key={recording.id} call_id={call.id} recording={recording} zone={zone} />
      ))}
      <p class="note">Every time somebody listens is kept in the audit log.</p>
    </div>
  );
}

const WHAT_WORDS = { call: "Recording", voicemail: "Message that was left" } as const;

function Recording(props: { call_id: string; recording: CallRecording; zone: string }) {
  const { call_id, recording, zone } = props;
  const { id, of, duration_s, recorded_at } = recording;
  const [sound, setSound] = useState<string | null>(null);
  const [standing, setStanding] = useState<"idle" | "loading" | "failed">("idle");
  useEffect(() => () => (sound ? URL.revokeObjectURL(sound) : undefined), [sound]);
  const load = async () => {
    setStanding("loading");
    try {
      const response = await request(`/api/v1/calls/${call_id}/recordings/${encodeURIComponent(id)}`);
      setSound(URL.createObjectURL(await response.blob()));
      setStanding("idle");
    } catch {
      setStanding("failed");
    }
  };
  return (
    <div class="recording">
      <span>
        <b>{WHAT_WORDS[of]}</b>
        {duration_s !== null && `, ${seconds(duration_s)}`}
        <span class="quiet"> since {time(recorded_at, zone)}</span>
      </span>
      {sound ? (
        <Player src={sound} name={WHAT_WORDS[of]} length_s={duration_s ?? 0} />
      ) : (
        <button class="btn" type="button" disabled={standing === "loading"} onClick={load}>
          {standing === "loading" ? "Fetching…" : "Listen"}
        </button>
      )}
      {standing === "failed" && (
        <span class="wrong" role="alert">
          It could not be fetched: the phone company may keep it no more.
        </span>
      )}
    </div>
  );
}

/** Play, pause and a place to jump to. It begins at once: whoever fetched it wants to hear it. */
function Player({ src, name, length_s }: { src: string; name: string; length_s: number }) {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [at_s, setAt] = useState(0);
  const [whole_s, setWhole] = useState(length_s);
  const [isPlaying, setPlaying] = useState(false);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const player = new Audio(src);
    audio.current = player;
    player.ontimeupdate = () => setAt(player.currentTime);
    player.ondurationchange = () => Number.isFinite(player.duration) && setWhole(player.duration);
    player.onplay = () => setPlaying(true);
    player.onpause = () => setPlaying(false);
    player.onerror = () => setBroken(true);
    // A browser may want a click of its own; then the button waits for it.
    player.play().catch(() => setPlaying(false));
    return () => player.pause();
  }, [src]);
  const toggle = () => {
    const player = audio.current;
    if (player?.paused) player.play().catch(() => setBroken(true));
    else player?.pause();
  };
  if (isBroken) return <span class="wrong">This browser cannot play it.</span>;
  return (
    <span class="player">
      <button class="btn" type="button" onClick={toggle}>
        {isPlaying ? "Pause" : "Play"}
      </button>
      <input
        type="range"
        min="0"
        max={Math.max(1, Math.ceil(whole_s))}
        step="1"
        value={Math.floor(at_s)}
        aria-label={`Place in the ${name.toLowerCase()}`}
        aria-valuetext={duration(Math.floor(at_s))}
        onInput={(event) => {
          if (audio.current) audio.current.currentTime = Number(event.currentTarget.value);
        }}
      />
      <span class="quiet">
        {duration(Math.floor(at_s))} of {duration(Math.round(whole_s))}
      </span>
    </span>
  );
}
