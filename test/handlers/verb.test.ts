import { describe, expect, it } from 'vitest';
import { decodeAction, encodeAction, type Button } from '../../handlers/message.ts';
import type { Presses } from '../../handlers/handler.ts';
import type { Verb } from '../../handlers/verb.ts';

/** Every verb as it is spelled in messages that were sent. One that is missing here, or renamed, does not compile. */
const SPELLING: Record<Verb, Verb> = {
  use: 'use',
  drop: 'drop',
  'was-us': 'was-us',
  'not-us': 'not-us',
  find: 'find',
  open: 'open',
  again: 'again',
  'find-all': 'find-all',
  'use-all': 'use-all',
  'drop-all': 'drop-all',
  undo: 'undo',
  'undo-yes': 'undo-yes',
  'undo-all': 'undo-all',
  'undo-no': 'undo-no',
  'ask-owner': 'ask-owner',
  'owner-yes': 'owner-yes',
  'owner-no': 'owner-no',
  'bind-platform': 'bind-platform',
  'bind-account': 'bind-account',
  'bind-store': 'bind-store',
  'bind-page': 'bind-page',
  'bind-retry': 'bind-retry',
  'bind-change': 'bind-change',
  'bind-leave': 'bind-leave',
  store: 'store',
  may: 'may',
  unbind: 'unbind',
  'listing-add': 'listing-add',
  'listing-instead': 'listing-instead',
  'listing-stay': 'listing-stay',
  'listing-remove': 'listing-remove',
  'join-yes': 'join-yes',
  'join-no': 'join-no',
  'staff-invite': 'staff-invite',
  'staff-digits': 'staff-digits',
  'staff-page': 'staff-page',
  'staff-remove': 'staff-remove',
  'owner-remove': 'owner-remove',
  'owner-remove-all': 'owner-remove-all',
  report: 'report',
  'report-group': 'report-group',
  'report-remove': 'report-remove',
  'shift-over': 'shift-over',
  'shift-take': 'shift-take',
  records: 'records',
  'history-older': 'history-older',
  'history-newer': 'history-newer',
  story: 'story',
  'api-read': 'api-read',
  'api-verify': 'api-verify',
  'api-undo': 'api-undo',
  'api-revoke': 'api-revoke',
  'api-revoke-yes': 'api-revoke-yes',
  language: 'language',
  run: 'run',
  keep: 'keep',
  'listing-drop': 'listing-drop',
  'staff-drop': 'staff-drop',
  'apply-again': 'apply-again',
  'apply-skip': 'apply-skip',
  'apply-practice': 'apply-practice',
  'apply-leave': 'apply-leave',
  'apply-yes': 'apply-yes',
  'apply-no': 'apply-no',
  'apply-why': 'apply-why',
  'apply-back': 'apply-back',
  hook: 'hook',
  'hook-test': 'hook-test',
  'hook-log': 'hook-log',
  'hook-replay': 'hook-replay',
  'hook-rotate': 'hook-rotate',
  'hook-on': 'hook-on',
  'hook-off': 'hook-off',
  'hook-remove': 'hook-remove',
  'hook-remove-yes': 'hook-remove-yes',
  'here-yes': 'here-yes',
  'here-no': 'here-no',
  self: 'self',
  'self-on': 'self-on',
  'self-off': 'self-off',
  'self-stop': 'self-stop',
  'self-add': 'self-add',
  'self-place': 'self-place',
  'self-name': 'self-name',
  'self-words': 'self-words',
  'self-rotate': 'self-rotate',
  'self-rotate-yes': 'self-rotate-yes',
  'self-remove': 'self-remove',
  'self-remove-yes': 'self-remove-yes',
  'self-codes': 'self-codes',
  'self-sheet': 'self-sheet',
  'self-code': 'self-code',
  'self-hours': 'self-hours',
  'self-week': 'self-week',
  'self-days': 'self-days',
  'self-limits': 'self-limits',
  'self-limit': 'self-limit',
  'self-today': 'self-today',
};

/** The longest id behind a button: sixteen characters of an id, and an index. */
const LONGEST_ID = `${'x'.repeat(16)}-10`;

describe('a button’s verb', () => {
  it.each(Object.values(SPELLING))('%s travels with its id in at most 40 bytes', (verb) => {
    const action = { verb, id: LONGEST_ID };
    expect(Buffer.byteLength(encodeAction(action))).toBeLessThanOrEqual(40);
    expect(decodeAction(encodeAction(action))).toEqual(action);
  });

  it('that no handler answers does not compile, nor a conversation that leaves one of its verbs unanswered', () => {
    // @ts-expect-error A typo.
    const typo: Button = { verb: 'undo-yess', id: '1', label: '确认撤销' };
    // @ts-expect-error `join-no` is missing.
    const half: Presses<'join-yes' | 'join-no'> = { async *'join-yes'() {} };
    expect([typo, half]).toHaveLength(2);
  });
});
