/** Puts together what people read about their business: the summary, the records, deals, figures, hand-overs and reconciliation. */
import { createReconcileCommand } from '../reconcile/reconcile.ts';
import { createHistory } from './history.ts';
import { createReportGroups } from './owner-groups.ts';
import { createPlatformRecords } from './platform-records.ts';
import { createProducts } from './products.ts';
import { createReport } from './report.ts';
import { createShift } from './shift.ts';
import { createStats } from './stats.ts';
import { createSummary } from './summary.ts';

/** What all of them together take. */
export type ReportHandlersParts = Parameters<typeof createHistory>[0] &
  Parameters<typeof createReconcileCommand>[0] &
  Parameters<typeof createReportGroups>[0] &
  Omit<Parameters<typeof createReport>[0], 'groups'> &
  Parameters<typeof createShift>[0];

export function createReportHandlers(parts: ReportHandlersParts) {
  const groups = createReportGroups(parts);
  const report = createReport({ ...parts, groups });
  const shift = createShift(parts);
  return {
    commands: {
      history: createHistory(parts),
      products: createProducts(parts),
      stats: createStats(parts),
      reconcile: createReconcileCommand(parts),
      shift: shift.command,
      summary: createSummary(parts),
      report: report.command,
    },
    presses: { ...createPlatformRecords(parts), ...report.presses, ...groups.presses, ...shift.presses },
  };
}
