import type { ComponentChildren } from "preact";
import { time } from "../format.ts";
import type { Resource } from "../query.ts";
import { TableFrame } from "./table-frame.tsx";

/** A grey bar in place of words that are not here yet. Widths vary so that a column looks like itself. */
export function Skeleton({ width = "100%", height }: { width?: string; height?: string }) {
  return <i class={height ? "skel block" : "skel"} style={height ? { width, height } : { width }} />;
}

const WIDTHS = ["70%", "55%", "80%", "62%", "74%"];

/**
 * A table's own shape while its rows are not here.
 * @param props.columns header words; one that begins with `>` is right-aligned
 */
export function TableSkeleton(props: { columns: readonly string[]; rows?: number; caption: string }) {
  const { columns, rows = 6, caption } = props;
  return (
    <TableFrame busy>
      <table>
        <caption class="vh">{caption}, loading</caption>
        <thead>
          <tr>
            {columns.map((label) => (
              <th key={label} scope="col" class={label.startsWith(">") ? "num" : undefined}>
                {label.replace(">", "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {columns.map((label, column) => (
                <td key={label} class={label.startsWith(">") ? "num" : undefined}>
                  <Skeleton width={WIDTHS[(row + column) % WIDTHS.length] ?? "70%"} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/**
 * What failed, from when the shown figures are, a way to try again, and the request's id.
 * @param props.what "The figures", "The call": begins the sentence "… did not load."
 * @param props.zone for "What you see is from 14:31:12."
 */
export function Fault<T>(props: { what: string; of: Resource<T>; zone: string }) {
  const { what, of, zone } = props;
  if (!of.problem) return null;
  if (of.problem.status === 403) {
    return (
      <div class="fault">
        <b>
          {what} {what.endsWith("s") ? "are" : "is"} not for you to see here.
        </b>
        <span>Only another side of the network, or another role, is shown this.</span>
        <a href="/">Go to the overview</a>
      </div>
    );
  }
  return (
    <div class="fault" role="alert">
      <b>{what} did not load.</b>
      {of.as_of !== null && of.data !== null ? (
        <span>What you see is from {time(of.as_of, zone)}.</span>
      ) : (
        <span>{of.problem.message}</span>
      )}
      <button class="link" type="button" onClick={of.retry}>
        Try again
      </button>
      {of.problem.request_id && <code>{of.problem.request_id}</code>}
    </div>
  );
}

/**
 * A part by the state of its resource: the skeleton after 200 ms, the failure beside what is still shown,
 * else `children` with the data. The old answer stays until the new one comes.
 */
export function Loaded<T>(props: {
  of: Resource<T>;
  what: string;
  zone: string;
  skeleton: ComponentChildren;
  children: (data: T) => ComponentChildren;
}) {
  const { of, what, zone, skeleton, children } = props;
  return (
    <>
      <Fault what={what} of={of} zone={zone} />
      {of.data !== null ? children(of.data) : of.slow && skeleton}
    </>
  );
}

/**
 * Nothing to show: says so, and what to do about it.
 * @param props.title "No call matches these three filters."
 */
export function Blank({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="blank">
      <b>{title}</b>
      {children}
    </div>
  );
}
