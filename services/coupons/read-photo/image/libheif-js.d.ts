/** Types of the parts used of libheif, compiled to WebAssembly: it decodes HEIC. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  /** An error of libheif's: `code` 0 is none. What succeeds may have no `code`. */
  export interface Outcome {
    readonly code?: { readonly value: number } | undefined;
  }
  export interface Decoded extends Outcome {
    readonly channels?: readonly {
      readonly width: number;
      readonly height: number;
      /** Bytes per row. */
      readonly stride: number;
      readonly data: Uint8Array;
    }[];
  }
  /** The part of libheif's interface that is used here; the names are libheif's. */
  export interface Libheif {
    heif_context_alloc(): object | null;
    /** The square of it is the most pixels of an image. */
    heif_context_set_maximum_image_size_limit(context: object, side: number): void;
    heif_context_read_from_memory(context: object, bytes: Uint8Array): Outcome;
    heif_js_context_get_primary_image_handle(context: object): Outcome;
    heif_js_decode_image2(handle: object, colorspace: unknown, chroma: unknown): Promise<Decoded>;
    readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGB: unknown };
  }
  const libheif: () => Libheif;
  // oxlint-disable-next-line import/no-default-export -- The package's own.
  export default libheif;
}
