/** Reads the envelope of WeCom's answers: every errcode but 0 is a fault without secrets. */
import { parseJson } from '../../services/platforms/json-http.ts';
import type { Answered } from './http.ts';
import { WecomFault } from './fault.ts';

/** WeCom's answer; integers of 16 digits and more are strings. Check each field where it is read. */
export type Answer = Readonly<Record<string, unknown>>;

/** Gives the answer with errcode 0; anything else is a fault. An answer that is no JSON leaves the outcome unknown. */
export function judge(about: string, { bytes }: Answered, secrets: readonly string[]): Answer {
  let json: unknown;
  try {
    json = parseJson(bytes.toString('utf8'));
  } catch {
    throw new WecomFault(about, 'the answer is not JSON', { outcome: 'unknown' });
  }
  const errcode = isAnswer(json) ? json['errcode'] : undefined;
  if (!isAnswer(json) || typeof errcode !== 'number')
    throw new WecomFault(about, 'an answer without errcode', { outcome: 'unknown' });
  if (errcode === 0) return json;
  const said = typeof json['errmsg'] === 'string' ? json['errmsg'] : '';
  const seenIp = /from ip: ?([0-9a-f.:]+)/i.exec(said)?.[1];
  let words = said.split(/, ?hint:|, ?from ip:/, 1)[0]!.slice(0, 100);
  for (const hidden of secrets) words = words.replaceAll(hidden, '****');
  throw new WecomFault(about, `${errcode} ${words}`.trim(), { errcode, ...(seenIp !== undefined && { seenIp }) });
}

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the media id of an upload. */
export function mediaIdIn(about: string, { media_id: id }: Answer): string {
  if (typeof id !== 'string' || id === '') throw new WecomFault(about, 'an answer without a media id');
  return id;
}
