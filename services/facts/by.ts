/** By whom something was done. */
import type { PrincipalKind } from '../database/schema/tables.ts';

/** Who acts in a store, whose rights and limits are checked: a person, a customer of a place, a key of the API, or a rule. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** Of a person or customer the id in the chat; of a key or rule its own. */
  readonly id: string;
  readonly name: string;
  /** Of a person who linked several identities: the one he acts by, where that is not the first. Facts name it. */
  readonly via?: string;
}

/** A principal, or what acts by itself: the platform with its answers, and this program. */
export type By =
  Principal | { readonly kind: 'platform' | 'program'; readonly id: string; readonly name: string; readonly via?: never };

/** A person as the author of what he does. */
export const asPerson = ({ id, name, via }: Omit<Principal, 'kind'>): Principal & { readonly kind: 'person' } => ({
  kind: 'person',
  id,
  name,
  ...(via !== undefined && { via }),
});

/** The platform a verification went through: its answer decided. */
export const BY_PLATFORM: By = { kind: 'platform', id: '', name: '' };
/** This program: an answer that did not come, an asking that was given up. */
export const BY_PROGRAM: By = { kind: 'program', id: '', name: '' };
