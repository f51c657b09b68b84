/** A fair queue of pictures: one per person, round robin, pictures of practice stores after all others. */
import type { PhotoRefusal } from './photo-reading.ts';

/** The sender of a picture. */
export interface PhotoOwner {
  readonly person: string;
  /** The picture belongs to a practice store, which anybody can have. */
  readonly practice: boolean;
}

export interface PhotoTurns<Job> {
  /** Enqueues a picture or gives the reason for refusing it. A practice store's picture makes room for a merchant's. */
  join(job: Job): PhotoRefusal | undefined;
  /** Dequeues the next. Nobody comes twice in a row while somebody else of the same kind waits. */
  next(): Job | undefined;
  leave(job: Job): void;
  /** Puts a dequeued picture back at the front. */
  back(job: Job): void;
  /** Dequeues all. */
  clear(): readonly Job[];
}

interface Waiting extends PhotoOwner {
  readonly bytes: Uint8Array;
}

export interface PhotoTurnsParts<Job> {
  /** The most pictures in the queue, and their bytes together. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Called with a picture that had to make room. */
  readonly displaced: (job: Job) => void;
}

export function createPhotoTurns<Job extends Waiting>({
  waiting,
  waitingBytes,
  displaced,
}: PhotoTurnsParts<Job>): PhotoTurns<Job> {
  const jobs: Job[] = [];
  let last: string | undefined;

  const room = ({ bytes }: Job): boolean =>
    jobs.length < waiting && jobs.reduce((sum, job) => sum + job.bytes.byteLength, bytes.byteLength) <= waitingBytes;

  const leave = (job: Job | undefined): Job | undefined => {
    if (job && jobs.includes(job)) jobs.splice(jobs.indexOf(job), 1);
    return job;
  };

  return {
    join(job) {
      if (jobs.some(({ person }) => person === job.person)) return 'one-waits';
      while (!room(job)) {
        const least = job.practice ? undefined : leave(jobs.findLast(({ practice }) => practice));
        if (!least) return 'busy';
        displaced(least);
      }
      jobs.push(job);
      return undefined;
    },
    next() {
      const merchants = jobs.filter(({ practice }) => !practice);
      const now = merchants.length > 0 ? merchants : jobs;
      const job = leave(now.find(({ person }) => person !== last) ?? now[0]);
      last = job?.person ?? last;
      return job;
    },
    leave: (job) => void leave(job),
    back: (job) => void jobs.unshift(job),
    clear: () => jobs.splice(0),
  };
}
