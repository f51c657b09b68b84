/** Pixels, and what is done with them without a decoder. */

/** Red, green and blue, eight bits each, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** So many of its rows. */
export function cut({ width, data }: Raster, top: number, height: number): Raster {
  return { width, height, data: data.subarray(top * width * 3, (top + height) * width * 3) };
}
