/** Puts together what the books in the browser show: for a reader whose session holds, and of the stores that they own now. */
import { createWriteDownload } from './download.ts';
import { createReadFilter } from './filter.ts';
import { createShowOverview } from './overview.ts';
import { createOpenShelf } from './reader.ts';
import { createTellStory } from './story.ts';
import { createNamesOf, createShowRecords } from './records.ts';

export type BooksParts = Parameters<typeof createOpenShelf>[0] &
  Parameters<typeof createShowOverview>[0] &
  Parameters<typeof createReadFilter>[0] &
  Parameters<typeof createNamesOf>[0] &
  Parameters<typeof createShowRecords>[0] &
  Parameters<typeof createTellStory>[0] &
  Parameters<typeof createWriteDownload>[0];

export function createBooks(parts: BooksParts) {
  return {
    openShelf: createOpenShelf(parts),
    showOverview: createShowOverview(parts),
    readFilter: createReadFilter(parts),
    namesOf: createNamesOf(parts),
    showRecords: createShowRecords(parts),
    tellStory: createTellStory(parts),
    writeDownload: createWriteDownload(parts),
  };
}

export type Books = ReturnType<typeof createBooks>;
