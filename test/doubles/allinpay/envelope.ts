/** Wraps and signs the answers of the fake Allinpay. */
import { randomBytes } from 'node:crypto';
import { signatureOf } from './signature.ts';
import { chinaTime } from '../china-time.ts';

/** How answers go out; tests change it at run time. */
export interface Seal {
  /** As the pages of the single calls have it, `published` as the example of the rules has it, or that one in ciphertext. */
  envelope: 'plain' | 'published' | 'encrypted';
  sign: 'right' | 'wrong' | 'none' | 'of-another-answer';
  /** Whether the published envelope names the request that it answers. */
  reqSeq: 'own' | 'another';
}

export const sealOfExamples = (): Seal => ({ envelope: 'plain', sign: 'right', reqSeq: 'own' });

/** The answer as it goes out, with its signature as the last member. */
export function sealed(body: object, parameters: Readonly<Record<string, string>>, seal: Seal, now: number): object {
  const { signType } = parameters;
  const out = seal.envelope === 'plain' ? body : published(body, parameters, seal, now);
  const sign = signatureOf(seal.sign === 'of-another-answer' ? '{"code":0}' : JSON.stringify(out), signType);
  if (sign === undefined || seal.sign === 'none') return out;
  return { ...out, sign: seal.sign === 'wrong' ? `${sign.startsWith('A') ? 'B' : 'A'}${sign.slice(1)}` : sign };
}

function published(body: object, { appId, method, reqSeq }: Readonly<Record<string, string>>, seal: Seal, now: number): object {
  const encrypted = seal.envelope === 'encrypted';
  return {
    appId,
    bizContent: encrypted ? randomBytes(112).toString('base64') : JSON.stringify(body),
    charset: 'UTF-8',
    format: 'JSON',
    method,
    timestamp: chinaTime(now),
    ...(encrypted ? { token: randomBytes(16).toString('base64') } : {}),
    version: '1.0',
    reqSeq: seal.reqSeq === 'own' ? reqSeq : '1451283028312393',
    respSeq: '1764893872302',
  };
}
