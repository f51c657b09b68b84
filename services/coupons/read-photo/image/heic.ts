/** HEIC, as iPhones store photographs: sharp's own decoder has no HEVC, libheif as WebAssembly has. */
import libheif from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import type { Raster } from './raster.ts';

/** Of HEIC and AVIF. An iPhone's usual photographs have 12 or 24 million; decoded, each takes nine bytes for a while, in AVIF more. */
export const MOST_HEIF_PIXELS = 25_000_000;

/** The picture, upright as the file says; nothing where it is broken. */
export async function decodeHeic(bytes: Uint8Array): Promise<Raster | undefined> {
  // An instance of its own: what it took is free when it is gone. (One that is kept never gives memory back.)
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
