/** Whose picture is read next: people take turns, with one waiting picture each, and those of practice stores come after all others. */
import type { PhotoRefusal } from './photo-reading.ts';

/** Whose picture it is. */
export interface PhotoOwner {
  readonly person: string;
  /** Belongs to a practice store, which anybody can have. */
  readonly practice: boolean;
}

export interface PhotoTurns<Job> {
  /** Takes a picture in, or says why it cannot wait. One of a practice store that waits makes room for a merchant's. */
  join(job: Job): PhotoRefusal | undefined;
  /** The next one, taken out. Nobody comes twice in a row while somebody else of the same kind waits. */
  next(): Job | undefined;
  leave(job: Job): void;
  /** Takes one in again that was taken out, before all others of its kind. */
  back(job: Job): void;
  /** All that wait, taken out. */
  clear(): readonly Job[];
}

interface Waiting extends PhotoOwner {
  readonly bytes: Uint8Array;
}

export interface PhotoTurnsParts<Job> {
  /** People that may wait, and the bytes of their pictures altogether. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Told of one that had to make room. */
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
