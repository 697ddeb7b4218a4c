// A visitor without a mouse: only Tab, Enter, Space, arrows and letters.
import { expect } from './cases.mjs';

/** No page has more stops than this before what somebody came for. */
const STOPS_MAX = 260;

/** Tabs until the element has the focus. */
export async function reach(page, locator, what = String(locator)) {
  const wanted = await locator.first().elementHandle({ timeout: 10_000 });
  expect(wanted, `${what} is not on ${page.url()}`);
  const stands = () => page.evaluate((node) => node === document.activeElement || (node.type === 'radio' && document.activeElement?.type === 'radio' && document.activeElement.name === node.name), wanted);
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await stands()) return;
    await page.keyboard.press('Tab');
  }
  expect(false, `${what} is not reached by Tab on ${page.url()}`);
}

/** Reaches and presses Enter, and waits for the page that follows. */
export async function follow(page, locator, what) {
  await reach(page, locator, what);
  const gone = page.waitForEvent('framenavigated', { predicate: (frame) => frame === page.mainFrame() });
  await page.keyboard.press('Enter');
  await gone;
  await page.waitForLoadState('load');
}

/** Types into a field, whatever stood there before. */
export async function type(page, locator, text, what) {
  await reach(page, locator, what);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text);
}

/** Chooses one of several radio buttons by arrows. */
export async function choose(page, locator, what) {
  await reach(page, locator, what);
  const wanted = await locator.first().elementHandle();
  const isOn = () => page.evaluate((node) => node.checked, wanted);
  if (!(await isOn())) await page.keyboard.press('Space');
  for (let step = 0; step < 30 && !(await isOn()); step += 1) await page.keyboard.press('ArrowDown');
  expect(await isOn(), `${what ?? locator} cannot be chosen by arrows`);
}

/** Chooses from a list by arrows, or, where few are all visible, from radio buttons. */
export async function pick(page, name, label) {
  const select = page.locator(`select[name="${name}"]`);
  if (await select.count()) {
    await reach(page, select, name);
    const fits = () => select.evaluate((node, text) => node.selectedOptions[0]?.textContent.includes(text), label);
    await page.keyboard.press('Home');
    for (let step = 0; step < 60 && !(await fits()); step += 1) await page.keyboard.press('ArrowDown');
    expect(await fits(), `“${label}” is not in the list ${name}`);
    return;
  }
  await choose(page, page.locator('label', { hasText: label }).locator(`input[name="${name}"]`), `${name}: ${label}`);
}

/** The button that goes on with the form. */
export const goOn = (page, form = 'main form.ask') => page.locator(`${form} button[type=submit]:not(.quiet)`).first();
