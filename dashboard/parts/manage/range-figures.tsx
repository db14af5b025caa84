import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { labelled, MEASURES, METRICS, writtenShort } from "../../pages/overview/measures.ts";
import type { Resource } from "../../query.ts";
import type { Range } from "../../range.ts";
import { type Report, type ReportQuery, useReport } from "../../report.ts";
import { Figures } from "../figures.tsx";
import { Section } from "../page.tsx";
import { Fault, Skeleton } from "../states.tsx";

/** The figures of a range for what the filters let through: those of the viewer's side. */
export function useRangeReport(kind: OrganizationKind, range: Range, filters: ReportQuery): Resource<Report> {
  return useReport({
    metrics: METRICS[kind].join(","),
    timezone: range.zone,
    from: range.from,
    to: range.to,
    ...filters,
  });
}

/** The six figures of one campaign, publisher or advertiser over the page's range. */
export function RangeFigures(props: { kind: OrganizationKind; report: Resource<Report>; zone: string }) {
  const { kind, report, zone } = props;
  const totals = report.data?.totals;
  const currency = report.data?.currency ?? null;
  return (
    <Section id="figures" title="Figures of the range" hidden>
      <Fault what="The figures" of={report} zone={zone} />
      {totals ? (
        <Figures
          label="Figures of the range"
          figures={MEASURES[kind].map((measure) => ({
            id: measure.id,
            label: labelled(measure, currency),
            value: writtenShort(measure, measure.read(totals)),
          }))}
        />
      ) : (
        report.slow && <Skeleton height="4.5rem" />
      )}
    </Section>
  );
}
