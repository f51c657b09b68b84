/** Tokens of the fake Douyin: one is valid for the whole application, and a new one ends it. */
import type { Arrival } from './requests.ts';

export const APP = { clientKey: 'awtestkey0000000', clientSecret: '0123456789abcdef0123456789abcdef' } as const;

const LIFE_MS = 7_200_000;

export function createTokens(now: () => number) {
  let issued = 0;
  let current: { readonly token: string; readonly until: number } | undefined;
  const say = (code: number, description: string, token = ''): object => ({
    data: {
      access_token: token,
      expires_in: LIFE_MS / 1000,
      error_code: code,
      description,
      captcha: '',
      desc_url: '',
      log_id: 'L0',
    },
    message: code === 0 ? 'success' : 'error',
  });
  const issue = (): string => {
    current = { token: `clt.${(issued += 1)}`, until: now() + LIFE_MS };
    return current.token;
  };
  return {
    /** Whether the call is there that repeats a valid token. */
    stable: true,
    /** Somebody else fetches a token with this application's key, as from a test set-up. */
    end: (): void => void issue(),
    isValid: (token: string): boolean => current?.token === token && current.until > now(),
    answer(this: { readonly stable: boolean }, { call, body }: Arrival): object {
      if (call === 'stable_client_token' && !this.stable) return { err_no: 404, message: 'not found' };
      const right = body['client_key'] === APP.clientKey && body['client_secret'] === APP.clientSecret;
      if (!right || body['grant_type'] !== 'client_credential') return say(10013, 'client_key或client_secret报错');
      const kept = call === 'stable_client_token' && current && current.until > now() ? current.token : issue();
      return say(0, '', kept);
    },
  };
}

export type Tokens = ReturnType<typeof createTokens>;
