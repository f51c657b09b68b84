/** Sends what is written piece by piece, as fast as it is taken, and tells when that is over. */

/** `over` is called once: at the end, after a failure, or when nobody takes the rest. */
export function streamOf(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  over: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const written = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await written.next();
        if (!next.done) return controller.enqueue(next.value);
        over();
        controller.close();
      } catch (error) {
        over();
        throw error;
      }
    },
    async cancel() {
      over();
      await written.return?.();
    },
  });
}
