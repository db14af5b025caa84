import { type ApiPath, type Query, queryString } from "../api.ts";

/**
 * Downloads what is shown as CSV: the same path and the same filters, every row instead of a page.
 * @param props.path below `/api/v1`: "/calls", "/reports", "/ledger"
 * @param props.query the filters of the list; `limit` and `cursor` are left out
 * @param props.says what is downloaded, where the label alone does not tell
 */
export function CsvLink(props: {
  path: ApiPath;
  query: Query;
  label?: string;
  name?: string;
  says?: string;
  bare?: boolean;
}) {
  const { path, query, label = "Export CSV", name, says, bare } = props;
  const search = queryString({ ...query, limit: null, cursor: null, format: "csv" });
  return (
    <a
      class={bare ? "btn bare" : "btn"}
      href={`/api/v1${path}${search}`}
      download={name ?? `${path.slice(1)}.csv`}
      aria-label={says}
    >
      {label}
    </a>
  );
}
