/** What lies on the digits of a code: a finger, a sticker, glare on the glass, a fold; drawn onto the page. */
import type { Chance } from './chance.ts';
import type { Place, Screen } from './screens.ts';

export type Where = 'first' | 'middle' | 'last';

/** The part of the line that is hidden: some digits at that end or in the midst, the outermost perhaps by half. */
export function hidden(chance: Chance, { digits }: Screen, where: Where): Place {
  const count = chance.whole(1, 5);
  const from = { first: 0, middle: chance.whole(2, digits.length - count - 2), last: digits.length - count }[where];
  const [first, last] = [digits[from]!, digits[from + count - 1]!];
  const beyond = first.width * 0.6;
  const bite = (): number => chance.between(-0.15, 0.6) * first.width;
  const left = where === 'first' ? first.x - beyond : first.x + (where === 'middle' ? bite() : -bite());
  const right = where === 'last' ? last.x + last.width + beyond : last.x + last.width + bite();
  return { x: left, y: first.y, width: Math.max(0.4 * first.width, right - left), height: first.height };
}

const SKIN = ['#d9a07e', '#c68863', '#e8bfa2', '#8d5a3c'];

/** From below or from the side; what it hides may be the lower part of the digits only. */
export function finger(chance: Chance, { x, y, width, height }: Place): string {
  const skin = chance.pick(SKIN);
  const thick = Math.max(width, 1.2 * height);
  const reach = chance.often(0.35) ? chance.between(0.3, 0.75) : 1.4;
  const tip = y + height - reach * height;
  const lean = chance.between(-18, 18);
  const middle = x + width / 2;
  return [
    `<defs><linearGradient id="skin"><stop offset="0" stop-color="#000" stop-opacity="0.35"/><stop offset="0.35" stop-color="#fff" stop-opacity="0.18"/>`,
    `<stop offset="1" stop-color="#000" stop-opacity="0.4"/></linearGradient></defs>`,
    `<g transform="rotate(${lean} ${middle} ${y})">`,
    `<rect x="${middle - thick / 2}" y="${tip}" width="${thick}" height="900" rx="${thick / 2}" fill="${skin}"/>`,
    `<rect x="${middle - thick / 2}" y="${tip}" width="${thick}" height="900" rx="${thick / 2}" fill="url(#skin)"/>`,
    chance.often(0.4)
      ? `<ellipse cx="${middle}" cy="${tip + thick * 0.55}" rx="${thick * 0.3}" ry="${thick * 0.38}" fill="#f2d6c8" opacity="0.8"/>`
      : '',
    '</g>',
  ].join('');
}

/** Coloured, or white with the shadow of its edge; higher than the line, or a strip over it. */
export function sticker(chance: Chance, { x, y, width, height }: Place): string {
  const colour = chance.pick(['#f4e04d', '#cfcfcf', '#ffffff', '#fbfbf7', '#222222', '#e85d4a', '#9ad0f5']);
  const strip = chance.often(0.25);
  const top = strip ? y + chance.between(0.1, 0.6) * height : y - chance.between(0.1, 0.8) * height;
  const tall = strip ? chance.between(0.25, 0.6) * height : height * chance.between(1.3, 2.4);
  const box = `x="${x}" y="${top}" width="${width}" height="${tall}" transform="rotate(${chance.between(-4, 4)} ${x} ${y})"`;
  return (
    `<defs><filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="3"/></filter></defs>` +
    `<rect ${box} fill="#000" opacity="${chance.between(0.25, 0.5)}" filter="url(#soft)"/><rect ${box} fill="${colour}"/>`
  );
}

/** White light that swallows what is under it and fades out over about a digit. */
export function glare(chance: Chance, { x, y, width, height }: Place): string {
  const streak = chance.often(0.4);
  const [rx, ry] = streak ? [width * 0.7, height * 9] : [width * 0.75, height * chance.between(0.9, 2.5)];
  const full = chance.between(0.55, 0.85);
  return (
    `<defs><radialGradient id="light"><stop offset="0" stop-color="#fff"/><stop offset="${full}" stop-color="#fff" stop-opacity="${chance.between(0.9, 1)}"/>` +
    `<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>` +
    `<ellipse cx="${x + width / 2}" cy="${y + height / 2}" rx="${rx}" ry="${ry}" fill="url(#light)" transform="rotate(${streak ? chance.between(-30, 30) : 0} ${x + width / 2} ${y})"/>`
  );
}

/** A crease through the digits: worn white, dark on one side and light on the other. */
export function fold(chance: Chance, { x, y, width, height }: Place, { width: page }: Screen): string {
  const upright = chance.often(0.6);
  const worn = chance.between(0.03, 0.3) * height;
  const at = upright ? x + width / 2 : y + chance.between(0.2, 0.8) * height;
  const along = upright
    ? {
        one: `x="${at - 60}" y="0" width="60" height="2000"`,
        other: `x="${at}" y="0" width="60" height="2000"`,
        crease: `x="${at - worn / 2}" y="0" width="${worn}" height="2000"`,
      }
    : {
        one: `x="0" y="${at - 60}" width="${page}" height="60"`,
        other: `x="0" y="${at}" width="${page}" height="60"`,
        crease: `x="0" y="${at - worn / 2}" width="${page}" height="${worn}"`,
      };
  const turn = `transform="rotate(${chance.between(-8, 8)} ${x} ${y})"`;
  const direction = upright ? '' : ' x1="0" y1="0" x2="0" y2="1"';
  return [
    `<defs><linearGradient id="shade"${direction}><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity="${chance.between(0.1, 0.45)}"/></linearGradient>`,
    `<linearGradient id="shine"${direction}><stop offset="0" stop-color="#fff" stop-opacity="${chance.between(0.2, 0.7)}"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient></defs>`,
    `<g ${turn}><rect ${along.one} fill="url(#shade)"/><rect ${along.other} fill="url(#shine)"/><rect ${along.crease} fill="#f4f2ee" opacity="${chance.between(0.7, 1)}"/></g>`,
  ].join('');
}
