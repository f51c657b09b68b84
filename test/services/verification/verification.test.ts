import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { move, STATES, statesBefore, usedUp, type Event, type State } from '../../../services/verification/verification.ts';

const ENDS: readonly State[] = ['dropped', 'refused', 'undone'];

/** What may happen, written down a second time: state, event, next state. */
const DESIGN = `
  open        confirm     submitting
  open        drop        dropped
  submitting  yes         verified
  submitting  no          refused
  submitting  lost        unsure
  unsure      yes         verified
  unsure      no          refused
  unsure      unclear     person
  person      yes         verified
  person      no          refused
  person      decide-yes  verified
  person      decide-no   refused
  verified    undo        undoing
  verified    late-yes    verified
  verified    late-undo-yes undone
  refused     late-yes    verified
  undoing     undo-yes    undone
  undoing     undo-no     verified
  undoing     undo-lost   undo-unsure
  undo-unsure undo-yes    undone
  undo-unsure undo-no     verified
  undo-unsure decide-yes  undone
  undo-unsure decide-no   verified`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [State, Event, State]);

const EVENTS = [...new Set(DESIGN.map(([, event]) => event))];
const path = fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 });
const walk = (events: readonly Event[]): State => events.reduce<State>((state, event) => move(state, event) ?? state, 'open');

describe('the states of a verification', () => {
  it('change by the designed transitions and no others', () => {
    for (const state of STATES)
      for (const event of EVENTS) {
        const designed = DESIGN.find(([from, by]) => from === state && by === event)?.[2];
        expect([state, event, move(state, event)]).toEqual([state, event, designed]);
      }
  });

  it('are listed by event', () => {
    for (const event of EVENTS)
      expect(statesBefore(event).toSorted()).toEqual(
        DESIGN.filter(([, by]) => by === event)
          .map(([from]) => from)
          .toSorted(),
      );
  });

  it('do not change after a final state, but by the late truth', () => {
    fc.assert(
      fc.property(path, path, (before, after) => {
        const end = walk(before);
        fc.pre(ENDS.includes(end));
        return walk([...before, ...after.filter((event) => event !== 'late-yes')]) === end;
      }),
    );
    const ways = ENDS.flatMap((state) => EVENTS.flatMap((event) => (move(state, event) ? [`${state} ${event}`] : [])));
    expect(ways).toEqual(['refused late-yes']);
  });

  it('all reach a final state by the platform or a person', () => {
    for (const start of STATES) {
      const reached = new Set<State>([start]);
      for (const state of reached) for (const event of EVENTS) reached.add(move(state, event) ?? state);
      expect([start, ENDS.some((end) => reached.has(end))]).toEqual([start, true]);
    }
  });

  it('become verified only by a yes, by a decision, or by an undo that failed', () => {
    const ways = DESIGN.filter(([, , to]) => to === 'verified').map(([from, event]) => `${from} ${event}`);
    expect(ways).toEqual([
      'submitting yes',
      'unsure yes',
      'person yes',
      'person decide-yes',
      'verified late-yes',
      'refused late-yes',
      'undoing undo-no',
      'undo-unsure undo-no',
      'undo-unsure decide-no',
    ]);
  });

  it('mean used up only when every use was verified', () => {
    const coupon = (remaining: number) => ({ kind: 'coupon', code: '1', title: '', remaining }) as const;
    for (const state of STATES)
      for (const count of [1, 2, 3])
        expect([state, count, usedUp({ state, count, coupon: coupon(2) } as never)]).toEqual([
          state,
          count,
          state === 'verified' && count >= 2,
        ]);
  });
});
