/** Writes rows as CSV for spreadsheets: UTF-8 with a byte order mark, and no text that a spreadsheet would run as a formula. */

/** Tells Excel that the file is UTF-8. */
export const BOM = '\uFEFF';

/** A text that begins like a formula: https://owasp.org/www-community/attacks/CSV_Injection. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line, as RFC 4180 has it. A text that begins like a formula gets an apostrophe in front; amounts are given as numbers. */
export const csvLine = (cells: readonly (string | number | undefined)[]): string => `${cells.map(field).join(',')}\r\n`;

function field(cell: string | number | undefined): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
