// A photograph as a telephone takes it: a JPEG whose EXIF block says where it was taken.

const PLACE = 'N 30 35';
const ascii = (text) => [...text].map((sign) => sign.charCodeAt(0));
const two = (number) => [number & 255, number >> 8];
const four = (number) => [...two(number & 65_535), ...two(number >>> 16)];
/** An entry of a directory of tags (TIFF 6.0): tag, type, count, value or place of the value. */
const entry = (tag, type, count, value) => [...two(tag), ...two(type), ...four(count), ...(Array.isArray(value) ? value : four(value))];

/** APP1: one directory that points to one of the place, with a reference, a latitude of three ratios and a name. */
function exif() {
  const gpsAt = 8 + 2 + 12 + 4;
  const after = gpsAt + 2 + 3 * 12 + 4;
  const name = ascii(`${PLACE}\0`);
  const gps = [...two(3), ...entry(1, 2, 2, [...ascii('N\0'), 0, 0]), ...entry(2, 5, 3, after), ...entry(0x1b, 2, name.length, after + 24), ...four(0)];
  const values = [30, 1, 35, 1, 0, 1].flatMap(four);
  const tiff = [...ascii('II'), ...two(42), ...four(8), ...two(1), ...entry(0x8825, 4, 1, gpsAt), ...four(0), ...gps, ...values, ...name];
  const body = [...ascii('Exif\0\0'), ...tiff];
  return [0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255, ...body];
}

/**
 * A coloured picture with the place in it.
 * @param {import('playwright-core').Page} page draws it
 * @param {string} words stand in the picture
 */
export async function phonePhoto(page, words) {
  const drawn = await page.evaluate((text) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1200, 900];
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#3a7d5c';
    pen.fillRect(0, 0, 1200, 900);
    pen.fillStyle = '#fff';
    pen.font = '36px sans-serif';
    pen.fillText(text, 60, 450);
    return canvas.toDataURL('image/jpeg', 0.9);
  }, words);
  const plain = Buffer.from(drawn.split(',')[1], 'base64');
  return Buffer.concat([plain.subarray(0, 2), Buffer.from(exif()), plain.subarray(2)]);
}

/** Whether a file still says where it was taken. */
export const saysWhere = (bytes) => bytes.includes(PLACE) || bytes.includes('Exif');
