/** Formats a time as the platforms do: `YYYY-MM-DD HH:mm:ss`, UTC+8. */
export const chinaTime = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
