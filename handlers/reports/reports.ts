/** Puts together what people read about their business: the summary, the records and their export, deals, figures, hand-overs and reconciliation. */
import { createInviteReader } from '../books/invite.ts';
import { createHistoryHandlers } from '../history/handlers.ts';
import { createReconcileCommand } from '../reconcile/reconcile.ts';
import { createReportGroups } from './owner-groups.ts';
import { createPlatformRecords } from './platform-records.ts';
import { createProducts } from './products.ts';
import { createReport } from './report.ts';
import { createShift } from './shift.ts';
import { createStats } from './stats.ts';
import { createSummary } from './summary-command.ts';

/** What all of them together take. */
export type ReportHandlersParts = Parameters<typeof createSummary>[0] &
  Parameters<typeof createHistoryHandlers>[0] &
  Parameters<typeof createReconcileCommand>[0] &
  Parameters<typeof createInviteReader>[0] &
  Parameters<typeof createReportGroups>[0] &
  Omit<Parameters<typeof createReport>[0], 'groups'> &
  Parameters<typeof createShift>[0];

export function createReportHandlers(parts: ReportHandlersParts) {
  const groups = createReportGroups(parts);
  const report = createReport({ ...parts, groups });
  const shift = createShift(parts);
  const summary = createSummary(parts);
  const history = createHistoryHandlers(parts);
  return {
    commands: {
      history: history.command,
      export: history.exported,
      products: createProducts(parts),
      stats: createStats(parts),
      reconcile: createReconcileCommand(parts),
      shift: shift.command,
      books: createInviteReader(parts),
      summary: summary.command,
      report: report.command,
    },
    presses: {
      ...createPlatformRecords(parts),
      ...history.presses,
      ...report.presses,
      ...groups.presses,
      ...shift.presses,
      ...summary.presses,
    },
  };
}
