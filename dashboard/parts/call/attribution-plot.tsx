import { useState } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import { wallClock } from "../../../shared/wall-clock.ts";
import { counted, dayName, NBSP, shortDay, span, time } from "../../format.ts";
import { dayOf, daysBetween } from "../../zone.ts";
import { type CandidatePlot, type CandidateRow, candidatePlot, sayProbability } from "./candidate-rows.ts";
import { type Names, organizationName } from "./names.ts";
import { LABEL_ENDS_FROM, type Tick } from "./time-scale.ts";

type Reading = { names: Names; zone: string };

/** How far a zone's clock is ahead of UTC at a moment, in ms: puts the ticks on full local hours. */
function utcOffset(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

const percent = (value: number) => `${value.toFixed(2)}%`;

/** `13:30` on a clock; `−6 h` on the axis that counts back from the call. */
function tickLabel(tick: Tick, plot: CandidatePlot, call: Call, zone: string): string {
  if (plot.scale.kind === "before") return `−${span(call.started_at - tick.at)}`;
  return time(tick.at, zone).slice(0, 5);
}

/**
 * Who may have called: one row for each explanation, its lease as a bar on one time axis, the call as a line
 * through all of them, probabilities right-aligned. "Something else" is always a row. Everything the bars show is
 * also in the rows' words, so the plot is its own table.
 */
export function AttributionPlot({ call, names, zone }: Reading & { call: Call }) {
  const [all, setAll] = useState(false);
  const plot = candidatePlot(call, { utc_offset_ms: utcOffset(call.started_at, zone), all });
  const reading = { names, zone };
  const hidden = plot.hidden.reduce((sum, row) => sum + row.probability, 0);
  return (
    <div class="cand-plot">
      <ul
        class="cand"
        aria-label="Who may have called: visits that were shown the number, and something else"
      >
        <PlotHead plot={plot} call={call} zone={zone} />
        {plot.rows.map((row) => (
          <CandidateLine key={row.key} row={row} call={call} plot={plot} reading={reading} />
        ))}
      </ul>
      {plot.hidden.length > 0 && (
        <button class="link more" type="button" onClick={() => setAll(true)}>
          Show {counted(plot.hidden.length, "more visit")}, together {sayProbability(hidden)}
        </button>
      )}
      <Legend plot={plot} model={call.attribution.model_version} />
    </div>
  );
}

function PlotHead(props: { plot: CandidatePlot; call: Call; zone: string }) {
  const { plot, call, zone } = props;
  const x = percent(plot.call_percent);
  return (
    <li class="cand-row head">
      <p>Who may have called</p>
      <div class="lane">
        <svg aria-hidden="true">
          {plot.scale.ticks.map((tick) => (
            <text
              key={tick.at}
              class={tick.fine ? "fine" : undefined}
              x={percent(tick.percent)}
              y="20"
              text-anchor="middle"
            >
              {tickLabel(tick, plot, call, zone)}
            </text>
          ))}
          <line class="callline" x1={x} x2={x} y1="25" y2="100%" />
          <text
            class="strong"
            x={x}
            y="18"
            text-anchor={plot.call_percent > LABEL_ENDS_FROM ? "end" : "middle"}
          >
            {time(call.started_at, zone).slice(0, plot.scale.fine ? 8 : 5)}
          </text>
        </svg>
      </div>
      <p class="prob-head">Probability</p>
    </li>
  );
}

function CandidateLine(props: { row: CandidateRow; call: Call; plot: CandidatePlot; reading: Reading }) {
  const { row, call, plot, reading } = props;
  const [title, detail] = rowWords(row, call, reading);
  return (
    <li class={row.joined ? "cand-row top" : "cand-row"}>
      <p>
        {title}
        <small>{detail}</small>
      </p>
      <div class="lane">
        <Lane row={row} plot={plot} />
      </div>
      <p class="prob">
        <b>{sayProbability(row.probability)}</b>
        <span
          class={row.joined ? "bar" : "bar lo"}
          style={{ "--p": `${(100 * row.probability).toFixed(1)}%` }}
        />
      </p>
    </li>
  );
}

const BAR_PX = 10;
/** The least a bar is wide, and from when it has room for the mark of the last page view; in percent. */
const BAR_LEAST = 0.8;
const SEEN_FROM = 2;

function Lane({ row, plot }: { row: CandidateRow; plot: CandidatePlot }) {
  const { bar } = row;
  const x = percent(plot.call_percent);
  const place = { y: "50%", height: BAR_PX, transform: `translate(0 ${-BAR_PX / 2})` };
  // A lease is known up to the ring; what it was still good for afterwards is hatched.
  const ended = bar === null ? 0 : bar.live ? Math.min(bar.to, plot.call_percent) : bar.to;
  return (
    <svg aria-hidden="true">
      {plot.scale.ticks.map((tick) => (
        <line
          key={tick.at}
          class="grid"
          x1={percent(tick.percent)}
          x2={percent(tick.percent)}
          y1="0"
          y2="100%"
        />
      ))}
      {bar && (
        <>
          <rect
            class={bar.live ? "f-area" : "f-rest"}
            x={percent(bar.from)}
            width={percent(Math.max(BAR_LEAST, ended - bar.from))}
            {...place}
          />
          {bar.to > ended && (
            <rect class="f-later" x={percent(ended)} width={percent(bar.to - ended)} {...place} />
          )}
          {bar.seen !== null && ended - bar.from > SEEN_FROM && (
            <circle class="seen" cx={percent(bar.seen)} cy="50%" r="2.5" />
          )}
        </>
      )}
      <line class="callline" x1={x} x2={x} y1="0" y2="100%" />
    </svg>
  );
}

/** A row's own words: when the number was held and where the visitor came from, or what the row stands for. */
function rowWords(row: CandidateRow, call: Call, { names, zone }: Reading): [string, string] {
  if (row.kind === "none") return ["Something else", "misdial, printout, shared link"];
  const publisher =
    row.publisher_id === undefined
      ? ""
      : row.publisher_id === null
        ? "no publisher"
        : organizationName(row.publisher_id, names);
  const detail = [row.source, publisher].filter(Boolean).join(" · ");
  if (row.kind === "lump") {
    const title = row.count === null ? "Visits of others" : counted(row.count, "other visit");
    return [title, detail || "lumped together"];
  }
  const from = leaseStart(row.leased_at ?? 0, call.started_at, zone);
  const to = row.ended_at === null ? "still held" : time(row.ended_at, zone).slice(0, 5);
  return [row.ended_at === null ? `${from}, ${to}` : `${from} to ${to}`, detail || `${NBSP}`];
}

/** `13:50`, with its day when that is not the call's: `Thu 13:50`, `9 Nov 13:50`. */
function leaseStart(at: number, call_at: number, zone: string): string {
  const clock = time(at, zone).slice(0, 5);
  const [day, today] = [dayOf(at, zone), dayOf(call_at, zone)];
  if (day === today) return clock;
  return `${daysBetween(day, today) < 7 ? dayName(day).slice(0, 3) : shortDay(day)}${NBSP}${clock}`;
}

function Legend({ plot, model }: { plot: CandidatePlot; model: string }) {
  const bars = plot.rows.flatMap((row) => row.bar ?? []);
  return (
    <p class="meta legend">
      {bars.some((bar) => bar.live) && <Key words="leased when it rang" style="f-area" />}
      {bars.some((bar) => bar.live && bar.to > plot.call_percent) && (
        <Key words="good until" style="f-later" />
      )}
      {bars.some((bar) => !bar.live) && <Key words="leased, over" style="f-rest" />}
      {bars.some((bar) => bar.seen !== null && bar.to - bar.from > SEEN_FROM) && (
        <span class="key">
          <svg aria-hidden="true">
            <rect class="f-area" y="1" width="14" height="8" />
            <circle class="seen" cx="7" cy="5" r="2.5" />
          </svg>
          last seen
        </span>
      )}
      <span class="key">
        <svg aria-hidden="true">
          <line class="callline" x1="7" x2="7" y1="0" y2="10" />
        </svg>
        the call
      </span>
      {model !== "" && <span>Model {/^\d/.test(model) ? `v${model}` : model}</span>}
    </p>
  );
}

function Key({ words, style }: { words: string; style: string }) {
  return (
    <span class="key">
      <svg aria-hidden="true">
        <rect class={style} x="0.5" y="1.5" width="13" height="7" />
      </svg>
      {words}
    </span>
  );
}
