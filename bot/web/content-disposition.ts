/** Names a file that is served, so that every browser keeps the name, whatever is in it. */

/** The header, with the name in both forms of RFC 6266: an ASCII fallback and the full name in UTF-8. */
export function contentDisposition(how: 'inline' | 'attachment', name: string): string {
  const ascii = name.replaceAll(/[^ -~]|[%"\\]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `${how}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
