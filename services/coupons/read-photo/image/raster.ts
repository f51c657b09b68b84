/** A raster of pixels, and a cut of it. */

/** Pixels row by row: red, green and blue, eight bits each. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Cuts rows out of a raster without copying. */
export function cut({ width, data }: Raster, top: number, height: number): Raster {
  return { width, height, data: data.subarray(top * width * 3, (top + height) * width * 3) };
}
