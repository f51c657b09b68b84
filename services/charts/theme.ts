/** Colours of charts and pictures, on light and on dark ground. Each text has a contrast of at least 4.5 : 1 to its ground. */
export type Theme = 'light' | 'dark';

export interface Colours {
  readonly ground: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly bar: string;
}

export const COLOURS: Readonly<Record<Theme, Colours>> = {
  light: { ground: '#ffffff', text: '#1c1c1e', faint: '#5f6368', line: '#d9dce1', bar: '#0b7a5b' },
  dark: { ground: '#17191c', text: '#f2f3f5', faint: '#a8adb5', line: '#3a3e45', bar: '#3fc79a' },
};
