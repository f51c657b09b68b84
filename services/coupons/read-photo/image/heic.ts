/** Decodes HEIC, the format of iPhones, with libheif as WebAssembly: sharp's prebuilt decoder lacks HEVC. */
import libheif from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import type { Raster } from './raster.ts';

/** Pixel limit of HEIC and AVIF. An iPhone's usual photographs have 12 or 24 million; a pixel takes nine bytes while decoding, in AVIF more. */
export const MOST_HEIF_PIXELS = 25_000_000;

/** Decodes a picture, upright by its own metadata; undefined for a broken one. */
export async function decodeHeic(bytes: Uint8Array): Promise<Raster | undefined> {
  // One instance per picture, for its memory goes with it: a kept instance never gives memory back.
  const heif = libheif();
  const context = heif.heif_context_alloc();
  if (!context) return undefined;
  heif.heif_context_set_maximum_image_size_limit(context, Math.floor(Math.sqrt(MOST_HEIF_PIXELS)));
  if (heif.heif_context_read_from_memory(context, bytes).code?.value !== 0) return undefined;
  const handle = heif.heif_js_context_get_primary_image_handle(context);
  if (handle.code) return undefined;
  const { channels } = await heif.heif_js_decode_image2(
    handle,
    heif.heif_colorspace.heif_colorspace_RGB,
    heif.heif_chroma.heif_chroma_interleaved_RGB,
  );
  const [image] = channels ?? [];
  if (!image) return undefined;
  const { width, height, stride } = image;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) data.set(image.data.subarray(row * stride, row * stride + width * 3), row * width * 3);
  return { width, height, data };
}
