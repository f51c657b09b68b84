/** Which Node runs this program, and whether it should. */

/** The first versions without the hole in the Brotli decoder (CVE-2026-111497, runs foreign code), by major version. */
const PATCHED: Readonly<Record<number, readonly [number, number]>> = { 24: [22, 1], 26: [12, 1] };

/** Whether this version (`26.10.0`) has a known hole. Ours are guarded against it: no compressed answer is ever decoded. */
export function hasKnownHole(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const patched = PATCHED[major];
  // 25 ended before the hole was mended; what comes after 26 was born without it.
  if (!patched) return major < 26;
  return minor < patched[0] || (minor === patched[0] && patch < patched[1]);
}
