/** A link as a QR code to be printed. */
import { encodeQR } from 'qr';

/** Modules around it that stay white, as ISO/IEC 18004 asks. */
const QUIET_ZONE = 4;
/** Pixels of a module: a link's code is some 800 pixels wide, 7 cm in print without a blur. */
const SCALE = 16;

/** The modules, dark ones true, with the quiet zone; a quarter of them may be dirty or torn off. Throws for more than some 1,600 bytes. */
export const qrModules = (text: string): readonly (readonly boolean[])[] =>
  encodeQR(text, 'raw', { ecc: 'quartile', border: QUIET_ZONE });

/** A PNG, black on white; a quarter of it may be dirty or torn off. Throws for more than some 1,600 bytes of text. */
export async function qrCode(text: string): Promise<Buffer> {
  const modules = qrModules(text);
  const width = modules.length;
  const pixels = Buffer.from(modules.flatMap((row) => row.map((dark) => (dark ? 0 : 255))));
  // Loaded with the first code: most processes never draw one.
  const { default: sharp } = await import('sharp');
  return await sharp(pixels, { raw: { width, height: width, channels: 1 } })
    .resize(width * SCALE, width * SCALE, { kernel: 'nearest' })
    .png({ colours: 2 })
    .toBuffer();
}
