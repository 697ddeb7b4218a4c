// Debian's Chromium with nothing of its own: no updates, no sync, a fresh profile.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = [process.env.SHANJI_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is. */
export function chromiumPath() {
  const found = PLACES.find((place) => place && existsSync(place));
  if (!found) throw new Error('no Chromium; install the Debian package chromium');
  return found;
}

/** Starts the browser, with more flags where one journey needs them. */
export function openBrowser(more = []) {
  return chromium.launch({ executablePath: chromiumPath(), args: [...FLAGS, ...more], headless: true });
}

/** The screens that are tried: an old phone, a tablet, a desk. */
export const SCREENS = {
  320: { width: 320, height: 640 },
  768: { width: 768, height: 1024 },
  1440: { width: 1440, height: 900 },
};
