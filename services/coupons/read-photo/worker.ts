/** The worker thread that reads pictures. It shares nothing with the program but messages. */
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
    // The reason is logged: it holds nothing of the picture.
    (error: unknown) => parentPort?.postMessage({ kind: 'fault', why: error instanceof Error ? error.message : 'unknown' }),
  );
});
