/** A fake worker thread of the photo reader: the first byte of a picture selects its fault. */
import { parentPort } from 'node:worker_threads';

const kept: Buffer[] = [];
const say = (...sure: string[]): void => parentPort?.postMessage({ kind: 'read', sure, unsure: [] });

parentPort?.on('message', ([fault = 0]: Uint8Array) => {
  switch (fault) {
    case 1:
      return process.exit(7);
    case 2:
      for (;;);
    case 3:
      throw new Error('out of order');
    case 4: {
      const heap: number[][] = [];
      for (;;) heap.push(Array<number>(1_000_000).fill(1));
    }
    case 5: {
      const heap: Buffer[] = [];
      for (;;) heap.push(Buffer.alloc(1_000_000, 1));
    }
    case 6:
      return void process.kill(process.pid, 'SIGSEGV');
    case 7:
      return say(String(process.pid));
    case 8:
      return void setTimeout(() => say('8'), 300);
    case 9:
      return say(...Object.keys(process.env));
    case 20:
      kept.push(Buffer.alloc(60_000_000, 1));
      return void setTimeout(() => say('20'), 100);
    default:
      say(String(fault));
  }
});
