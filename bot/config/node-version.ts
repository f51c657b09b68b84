/** Checks the version of Node for a known security hole. */

/** The first versions without the hole in the Brotli decoder (CVE-2026-111497, remote code execution), by major version. */
const PATCHED: Readonly<Record<number, readonly [number, number]>> = { 24: [22, 1], 26: [12, 1] };

/** Whether a version (`26.10.0`) has the hole. This program is not exposed: it decodes no compressed answers. */
export function hasKnownHole(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const patched = PATCHED[major];
  // 25 reached its end of life before the fix; versions after 26 never had the hole.
  if (!patched) return major < 26;
  return minor < patched[0] || (minor === patched[0] && patch < patched[1]);
}
