/** Puts the handlers of history together: pages of records, the stories of single ones, and the export of many. */
import type { Collections } from '../../services/collection.ts';
import type { Presses } from '../handler.ts';
import type { HistoryVerb, StoryVerb } from '../verb.ts';
import { createHistory, PAGES_MS, type History, type HistoryParts, type Turning } from './history.ts';
import { createExport, type ExportParts } from './export.ts';
import { createReadable } from './read-rights.ts';
import { createStory, type StoryParts } from './story.ts';

export interface HistoryHandlersParts extends Omit<HistoryParts & StoryParts & ExportParts, 'readable' | 'turning'> {
  readonly collections: Collections;
}

export interface HistoryHandlers {
  readonly command: History['command'];
  readonly exported: ReturnType<typeof createExport>;
  readonly presses: Presses<HistoryVerb | StoryVerb>;
}

export function createHistoryHandlers({ collections, ...parts }: HistoryHandlersParts): HistoryHandlers {
  const readable = createReadable(parts);
  const history = createHistory({ ...parts, readable, turning: collections<Turning>('history', PAGES_MS) });
  return {
    command: history.command,
    exported: createExport(parts),
    presses: { ...history.presses, ...createStory({ ...parts, readable }) },
  };
}
