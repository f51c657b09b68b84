/** What other programs read of a verification, in every state. */
import { describe, expect, it } from 'vitest';
import { REFUSAL_CODES, refusalCode, statusOf, verificationJson } from '../../../handlers/api/verification-json.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import { STATES, type State } from '../../../services/verification/verification.ts';
import { EVENING, STORE, verificationIn } from '../../fixtures/cards.ts';

const words = wordsIn('zh-CN');
const json = (state: State, changes = {}) => verificationJson(verificationIn(state, changes), STORE, 'umember', words);

describe('a verification for other programs', () => {
  it('has a plain status in every state: what is not known is unsure, and an undo under way has undone nothing', () => {
    expect(Object.fromEntries(STATES.map((state) => [state, statusOf(state)]))).toMatchObject({
      submitting: 'unsure',
      unsure: 'unsure',
      person: 'unsure',
      verified: 'verified',
      undoing: 'verified',
      'undo-unsure': 'verified',
      undone: 'undone',
      refused: 'refused',
    });
  });

  it('tells money in fen, times with the offset of the store, and who and where', () => {
    const changes = {
      place: { id: 'p3', name: '3 号桌' },
      note: '小王的',
      amount: 4900,
      settledAt: EVENING,
      certainty: 'listed',
    };
    expect(json('verified', changes)).toMatchObject({
      status: 'verified',
      code: '0158082330',
      amount: 4900,
      store: 's1',
      platform: 'umember',
      place: '3 号桌',
      note: '小王的',
      by: { kind: 'person', name: '小王' },
      verified_at: '2026-11-22T18:30:00.000+08:00',
      certainty: 'listed',
      refusal: null,
    });
  });

  it('tells a refusal by a code for programs and words for people, and no success before the yes', () => {
    const refused = json('refused', { refusal: { kind: 'refused', reason: 'expired' } });
    expect(refused.refusal).toMatchObject({ code: 'expired', message: expect.stringContaining('已过期') as string });
    expect(refused).toMatchObject({ verified_at: null, certainty: null });
    expect(json('unsure', { settledAt: EVENING })).toMatchObject({ status: 'unsure', verified_at: null, refusal: null });
    expect(REFUSAL_CODES).toContain(refusalCode('risk'));
    expect(refusalCode('risk')).toBe('refused');
  });
});
