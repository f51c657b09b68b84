/** The buttons of the binding dialogue: platforms, a person's own accounts, stores by the page, who may verify. */
import type { Words } from '../../locales/index.ts';
import type { Account } from '../../services/accounts/accounts.ts';
import { SIMULATED } from '../../services/platforms/names.ts';
import type { PlatformName, PlatformStore } from '../../services/platforms/platform.ts';
import type { Button } from '../message.ts';

/** Stores on one page. */
const PAGE = 8;

export function platformButtons(names: readonly PlatformName[], dialogue: string, words: Words): Button[][] {
  return names.map((name) => [{ verb: 'bind-platform', id: `${dialogue}-${name}`, label: platformLabel(name, words) }]);
}

const platformLabel = (name: PlatformName, words: Words): string =>
  words.say(name === SIMULATED ? 'button-practice' : `platform-${name}`);

export function accountButtons(own: readonly Account[], dialogue: string, words: Words): Button[][] {
  const shown = own.slice(0, 9).map((account, n): Button[] => [
    {
      verb: 'bind-account',
      id: `${dialogue}-${n}`,
      label: [platformLabel(account.platform, words), ...(account.platform === SIMULATED ? [] : [told(account.identity)])].join(
        ' ',
      ),
    },
  ]);
  return [...shown, [{ verb: 'bind-account', id: `${dialogue}-new`, label: words.say('button-new-account') }]];
}

export function storeButtons(stores: readonly PlatformStore[], page: number, dialogue: string, words: Words): Button[][] {
  const from = page * PAGE;
  const shown = stores
    .slice(from, from + PAGE)
    .map((store, n): Button[] => [{ verb: 'bind-store', id: `${dialogue}-${from + n}`, label: store.name }]);
  const turn: Button[] = [];
  if (page > 0) turn.push({ verb: 'bind-page', id: `${dialogue}-${page - 1}`, label: words.say('button-previous') });
  if (from + PAGE < stores.length)
    turn.push({ verb: 'bind-page', id: `${dialogue}-${page + 1}`, label: words.say('button-next') });
  return turn.length > 0 ? [...shown, turn] : shown;
}

/** The two answers to 谁可以核销. */
export function whoMayButtons(words: Words): Button[] {
  return [
    { verb: 'may', id: 'invited', label: words.say('button-may-invited') },
    { verb: 'may', id: 'everyone', label: words.say('button-may-everyone') },
  ];
}

/** Masks an account's name so that its owner still recognises it. */
const told = (identity: string): string => (identity.includes('@') ? maskEmail(identity) : `…${identity.slice(-4)}`);

/** Masks an address as `ow***@example.com`, which may be shown in a group. */
export function maskEmail(email: string): string {
  const at = email.indexOf('@');
  return `${email.slice(0, Math.min(2, at))}***${email.slice(at)}`;
}
