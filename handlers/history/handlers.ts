/** Puts the handlers of history together: pages of records and of the audit trail, the stories of single records, and the export of many. */
import type { Collections } from '../../services/collection.ts';
import { asksTrail } from '../../services/facts/read-trail.ts';
import type { Handler, Presses } from '../handler.ts';
import type { HistoryVerb, StoryVerb, TrailVerb } from '../verb.ts';
import { createHistory, PAGES_MS, type HistoryParts, type Turning } from './history.ts';
import { createExport, type ExportParts } from './export.ts';
import { createReadable } from './read-rights.ts';
import { createStory, type StoryParts } from './story.ts';
import { createTrailHandlers, type TrailParts, type TurningTrail } from './trail.ts';

export interface HistoryHandlersParts extends Omit<
  HistoryParts & StoryParts & ExportParts & TrailParts,
  'readable' | 'turning' | 'turningTrail'
> {
  readonly collections: Collections;
}

export interface HistoryHandlers {
  /** `/history [words]`; with 操作 the audit trail. */
  readonly command: Handler;
  readonly exported: ReturnType<typeof createExport>;
  readonly presses: Presses<HistoryVerb | StoryVerb | TrailVerb>;
}

export function createHistoryHandlers({ collections, ...parts }: HistoryHandlersParts): HistoryHandlers {
  const readable = createReadable(parts);
  const history = createHistory({ ...parts, readable, turning: collections<Turning>('history', PAGES_MS) });
  const trail = createTrailHandlers({ ...parts, turningTrail: collections<TurningTrail>('trail', PAGES_MS) });
  return {
    command: (incoming, asker, rest) => (asksTrail(rest) ? trail : history).command(incoming, asker, rest),
    exported: createExport(parts),
    presses: { ...history.presses, ...trail.presses, ...createStory({ ...parts, readable }) },
  };
}
