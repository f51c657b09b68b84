/** Stands for the thread that reads pictures: the first byte of a picture says what becomes of it. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ([mood = 0]: Uint8Array) => {
  switch (mood) {
    case 1:
      return process.exit(7);
    case 2:
      for (;;);
    case 3:
      throw new Error('out of order');
    case 4: {
      const heap: number[][] = [];
      for (;;) heap.push(Array.from({ length: 10_000 }, (_, n) => n));
    }
    default:
      parentPort?.postMessage({ kind: 'read', sure: [String(mood)], unsure: [] });
  }
});
