/** Sends the QR codes of all places of a store as one PDF to print and cut. */
import { LOCALES, words as wordsIn } from '../../locales/index.ts';
import { placeSheet, type PlaceCard } from '../../services/printing/place-sheet.ts';
import { say } from '../handler.ts';
import type { SendCodes } from './codes.ts';
import { labelOf, type PlaceLinks } from './place-links.ts';

/** A customer reads the card, whatever language its owner has chosen. */
const HOW = LOCALES.map((locale) => wordsIn(locale).say('sheet-how'));

export function createSendSheet({ placeLinks }: { placeLinks: PlaceLinks }): SendCodes {
  return async function* sendSheet(store, places, { words }) {
    const cards: PlaceCard[] = [];
    for (const place of places) {
      const links = await placeLinks(place);
      if (typeof links === 'string') return yield say(words.say(links));
      const codes = links.map(({ channel, name, url }) => ({ label: labelOf(channel, name, words), url }));
      if (codes.length > 0) cards.push({ store: store.name, place: place.name, codes, how: HOW });
    }
    if (cards.length === 0) return;
    const title = words.say('sheet-title', { store: store.name });
    const bytes = await placeSheet(title, cards);
    yield {
      kind: 'file',
      name: `${title}.pdf`,
      type: 'application/pdf',
      bytes: bytes.toString('base64'),
      caption: words.say('sheet-caption', { count: cards.length }),
      sorry: words.say('sheet-sorry'),
      about: { storeId: store.id, for: 'owners' },
    };
  };
}
