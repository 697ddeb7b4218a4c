// The camera on the verify page: a browser of its own whose camera shows a film that we made.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../lib/browser.mjs';

const WAIT_MS = 30_000;
/** The film: size in pixels, pictures without the code before those with it. */
const FILM = { width: 640, height: 480, empty: 4, shown: 20 };

/** The brightness of each pixel of two pictures, as a phone's camera sees them: a table, and the printed code on it. */
async function pictures(page, png) {
  const both = await page.evaluate(
    async ({ png, width, height }) => {
      const code = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      const brightness = () => {
        const { data } = pen.getImageData(0, 0, width, height);
        const grey = Array.from({ length: width * height }, (_, i) => Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]));
        return btoa(grey.map((one) => String.fromCharCode(one)).join(''));
      };
      pen.fillStyle = '#cfc8ba';
      pen.fillRect(0, 0, width, height);
      const table = brightness();
      pen.translate(width / 2, height / 2);
      pen.rotate(0.12);
      pen.drawImage(code, -170, -170, 340, 340);
      return [table, brightness()];
    },
    { png: png.toString('base64'), ...FILM },
  );
  return both.map((text) => Buffer.from(text, 'base64'));
}

/** A film without colours (YUV4MPEG2) of the table, then of the code. */
function film([table, code]) {
  const grey = Buffer.alloc((FILM.width / 2) * (FILM.height / 2) * 2, 128);
  const frame = (brightness) => [Buffer.from('FRAME\n'), brightness, grey];
  const frames = [...Array.from({ length: FILM.empty }, () => frame(table)), ...Array.from({ length: FILM.shown }, () => frame(code))];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${FILM.width} H${FILM.height} F10:1 Ip A1:1 C420jpeg\n`), ...frames.flat()]);
}

/** The verify page in a browser with these flags, after the button for the camera was pressed. */
async function pressScan(house, flags, look) {
  const browser = await openBrowser(flags);
  try {
    const page = await browser.newPage({ locale: 'zh-CN' });
    await page.goto(`${house.origin}/verify`);
    await page.getByRole('button', { name: '用摄像头扫二维码' }).click();
    await look(page);
  } finally {
    await browser.close();
  }
}

/** A receipt that is held before the camera is verified, and the camera is off again; a camera that may not be used is
 * said in a sentence. */
export async function cameraReads({ page, house }) {
  await page.goto(`${house.origin}/`);
  const donation = await page.locator('main a[href^="/donations/"]').first().getAttribute('href');
  await page.goto(house.origin + donation);
  const code = page.locator('.receipt svg.qr, .receipt .qr').first();
  await code.scrollIntoViewIfNeeded();
  const folder = await mkdtemp(join(tmpdir(), 'shanji-camera-'));
  const path = join(folder, 'receipt.y4m');
  try {
    await writeFile(path, film(await pictures(page, await code.screenshot())));
    const camera = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];
    await pressScan(house, [...camera, '--use-fake-ui-for-media-stream'], async (seen) => {
      const result = seen.locator('[data-result]');
      await seen.locator('[data-result][data-proof=verified]').waitFor({ timeout: WAIT_MS }).catch(async () => assert.fail(`by camera: ${await result.innerText()}`));
      assert.ok((await result.innerText()).includes(donation.split('/').pop()), 'another receipt than the one that was shown');
      assert.equal(await seen.locator('[data-camera]').isVisible(), false, 'the camera still runs');
      assert.equal(await seen.evaluate(() => document.querySelector('video').srcObject), null, 'the camera still runs');
    });
    await pressScan(house, ['--deny-permission-prompts'], async (seen) => {
      await seen.locator('[data-result][data-proof=cannot]').waitFor({ timeout: WAIT_MS });
      assert.match(await seen.locator('[data-result]').innerText(), /摄像头打不开或没有允许使用/);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
