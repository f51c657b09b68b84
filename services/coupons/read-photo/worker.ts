/** The thread that reads pictures, one after the other. It knows nothing of the program but what it is sent. */
import { parentPort } from 'node:worker_threads';
import { createFindBarcodes } from './barcodes.ts';
import { createFindText } from './text/find-text.ts';
import { createReadPage } from './text/page.ts';
import { createReadLine } from './text/read-line.ts';
import { createReadPicture } from './read-picture.ts';

const readLine = await createReadLine();
const readPage = createReadPage(await createFindText(), readLine);
const readPicture = createReadPicture({ findBarcodes: createFindBarcodes(), readPage, readLine });

parentPort?.on('message', (bytes: Uint8Array) => {
  void readPicture(bytes).then(
    (reading) => parentPort?.postMessage(reading),
    // Nothing of the picture is in the reason: it is logged.
    (error: unknown) => parentPort?.postMessage({ kind: 'fault', why: error instanceof Error ? error.message : 'unknown' }),
  );
});
