// The volunteer of a partner reports a delivery from the village, with the telephone.
import { expect } from '../lib/cases.mjs';
import { choose, follow, reach, type } from '../lib/keyboard.mjs';
import { phonePhoto, saysWhere } from '../lib/photo.mjs';

/** Opens the form, fills it, and puts a photograph with its place into it. */
async function report(page, house, payee) {
  await page.goto(`${house.origin}/desk`);
  await page.waitForURL(/\/desk\/organisations\//);
  await follow(page, page.locator('main a[href$="/delivery"]').first(), 'the link to report a delivery');
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  for (const [name, text] of [['amount', '1.23'], ['payee', payee], ['scheme', '下乡送米'], ['persons', '12']]) await type(page, page.locator(`[name=${name}]`), text, name);
  await page.locator('[name=reached_on]').fill(today);
  const photo = await phonePhoto(page, payee);
  expect(saysWhere(photo), 'the photograph of the test says no place');
  await page.locator('[name=evidence]').setInputFiles({ name: 'IMG_2026.jpg', mimeType: 'image/jpeg', buffer: photo });
  await choose(page, page.locator('[name=consent]'), 'the consent');
}

/** The photograph is public at once, without the place where it was taken. */
export async function deliveryFromThePhone({ page, house, name }) {
  const payee = `石桥村（${name}）`;
  await report(page, house, payee);
  await reach(page, page.locator('main form button[type=submit]').last(), 'the button');
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForLoadState('load');
  const done = page.locator('main [role=status] a[href^="/movements/"]').first();
  expect(await done.count(), `nothing is said after the delivery: ${(await page.locator('main').innerText()).slice(0, 1500)}`);
  await page.goto(house.origin + (await done.getAttribute('href')));
  expect((await page.locator('main').innerText()).includes(payee), `${page.url()} does not name ${payee}`);
  const links = await page.locator('.pictures a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  expect(links.length === 1, `${links.length} photographs on ${page.url()}`);
  const small = await page.locator('.pictures img').getAttribute('src');
  for (const path of [links[0], small]) {
    const file = await page.request.get(house.origin + path);
    expect(file.headers()['content-type'] === 'image/jpeg', `${path} is ${file.headers()['content-type']}`);
    expect(!saysWhere(await file.body()), `${path} still says where it was taken`);
  }
}
