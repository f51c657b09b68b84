/** A program to be killed: it reads a picture that never ends, and prints the id of its reading process. */
import { createPhotoReader } from '../../../services/coupons/read-photo/photo-reader.ts';

const silent = (): void => undefined;
const reader = createPhotoReader({
  log: { info: silent, warn: silent, error: silent },
  program: new URL('flaky-photo-worker.ts', import.meta.url),
});
const [TELLS_PID, HANGS] = [7, 2];
const asker = { person: 'a', practice: false };
const reading = await reader.read(Uint8Array.of(TELLS_PID), asker);
void reader.read(Uint8Array.of(HANGS), asker);
process.stdout.write(reading.kind === 'read' ? (reading.sure[0] ?? '') : reading.kind);
