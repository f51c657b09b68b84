/** Reads a picture and goes on as with a typed code, or says how to make a better picture. */
import { groupCode } from '../../services/coupons/mask.ts';
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';
import type { PhotoOwner } from '../../services/coupons/read-photo/photo-turns.ts';
import { readingOfPhoto } from '../../services/coupons/reading.ts';
import { readCodes, readRequest } from '../../services/coupons/read-text.ts';
import type { Beside } from '../../services/verification/lookup.ts';
import type { FindCoupon } from './find-coupon.ts';
import type { OfferCodes } from './offer-codes.ts';
import type { ChatId, Incoming, Reply } from '../message.ts';
import { noStoreForCodes, type ReportedTo } from '../unbound.ts';
import { say, type Asker } from '../handler.ts';

/** Fetches a picture's bytes by the channel's handle; `gone` where the channel has them no more. */
export type FetchFile = (chat: ChatId, file: string) => Promise<Uint8Array | 'gone' | 'too-large'>;

export interface ReadPhotoParts {
  readonly fetchFile: FetchFile;
  readonly read: (bytes: Uint8Array, asker: PhotoOwner) => Promise<PhotoReading>;
  readonly findCoupon: Pick<FindCoupon, 'read' | 'one' | 'scanned'>;
  readonly offerCodes: Pick<OfferCodes, 'ask' | 'several'>;
  readonly reportedTo: ReportedTo;
}

export type ReadPhoto = (file: string, caption: string, incoming: Incoming, asker: Asker) => AsyncIterable<Reply>;

export function createReadPhoto({ fetchFile, read, findCoupon, offerCodes, reportedTo }: ReadPhotoParts): ReadPhoto {
  return async function* readPhoto(file, caption, incoming, asker) {
    const { words } = asker;
    const written = readCodes(caption);
    const quiet = incoming.group && !incoming.addressed;
    // Only pictures of people who may verify here are read.
    if (!asker.store || asker.role === 'stranger') {
      if (written.codes.length > 0) return yield* findCoupon.read(written, incoming, asker);
      if (quiet) return;
      return yield asker.store
        ? say(words.say(incoming.group ? 'stranger-group' : 'stranger'))
        : await noStoreForCodes(asker, reportedTo);
    }
    const bytes = await fetchFile(incoming.chat, file);
    const reading =
      typeof bytes === 'string' ? bytes : await read(bytes, { person: asker.person.id, practice: asker.store.practice === true });
    if (typeof reading !== 'string' && reading.kind === 'read') {
      const sure = [...new Set([...reading.sure, ...written.codes])];
      const unsure = reading.unsure.filter(({ code }) => !sure.includes(code));
      // An unsure reading of a picture that was not sent to the bot may be anything.
      if (!quiet || sure.length > 0 || unsure.some(({ why }) => why === 'digits' || why === 'conflict'))
        return yield* reply(sure, unsure, incoming, asker, {
          ...readRequest(caption),
          reading: readingOfPhoto({ ...reading, sure, unsure }, caption, incoming),
        });
      return;
    }
    if (written.codes.length > 0 || written.doubtful.length > 0) return yield* findCoupon.read(written, incoming, asker);
    if (quiet) return;
    if (typeof reading === 'string' || reading.kind === 'refused')
      return yield say(words.say(`photo-${typeof reading === 'string' ? reading : reading.why}`));
    if (reading.scanned === undefined) return yield say(words.say('photo-none'));
    yield* findCoupon.scanned(
      reading.scanned,
      incoming,
      asker,
      readingOfPhoto({ sure: [reading.scanned], unsure: [] }, caption, incoming),
      readCodes(reading.scanned).douyin === undefined ? 'photo-none' : 'douyin-link',
    );
  };

  async function* reply(
    sure: readonly string[],
    unsure: Extract<PhotoReading, { kind: 'read' }>['unsure'],
    incoming: Incoming,
    asker: Asker,
    beside: Beside,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    const codes = [...sure, ...unsure.map(({ code }) => code)];
    const [code = ''] = codes;
    const shown = groupCode(code);
    const [doubt] = unsure;
    if (codes.length === 1 && (!doubt || doubt.why === 'digits'))
      return yield* findCoupon.one(
        code,
        incoming,
        asker,
        words.say(doubt ? 'photo-check' : 'photo-read', { code: shown }),
        beside,
      );
    if (codes.length === 1)
      return yield* offerCodes.ask(
        words.say(doubt?.why === 'doubtful' ? 'photo-doubtful' : 'photo-unclear', { code: shown }),
        code,
        asker,
        beside,
      );
    const question = unsure.some(({ why }) => why === 'conflict')
      ? words.say('photo-conflict')
      : unsure.length > 0
        ? words.say('photo-choose', { count: codes.length })
        : undefined;
    yield* offerCodes.several(codes, asker, question);
  }
}
