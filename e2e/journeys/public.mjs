// Those who look: a journalist, a citizen, a visitor with wishes about language and letters.
import { expect } from '../lib/cases.mjs';
import { follow, reach, type } from '../lib/keyboard.mjs';

/** From a delivery backward to the gifts in it, and the list downloaded. */
export async function journalistFollowsBackward({ page, house }) {
  const state = house.states.find((one) => one.route === '/movements/{id}' && one.shape?.has('id:evidence') && one.shape.has('id:sources'));
  const campaigns = await fetch(`${house.origin}/campaigns`).then((answer) => answer.text());
  let found = null;
  for (const [path] of campaigns.matchAll(/\/campaigns\/[A-Za-z0-9_]+(?=")/g)) {
    await page.goto(house.origin + path);
    const delivery = page.locator('#deliveries ~ * a[href^="/movements/"], section[aria-labelledby=deliveries] a[href^="/movements/"]').first();
    if (await delivery.count()) {
      found = delivery;
      break;
    }
  }
  if (found) await follow(page, found, 'a delivery');
  else await page.goto(house.origin + state.path);
  const gift = page.locator('main a[href^="/donations/"]').first();
  expect(await gift.count(), `the delivery ${page.url()} names no gift`);
  const movement = page.url();
  await follow(page, gift, 'a gift in the delivery');
  const back = new URL(movement).pathname;
  const way = await page.locator(`main a[href="${back}"]`).count();
  expect(/\/donations\//.test(page.url()), `the gift leads to ${page.url()}`);
  expect(way > 0, `the receipt does not lead forward to ${back} again`);
}

/** A list is downloaded and holds what the screen shows. */
export async function journalistDownloads({ page, house }) {
  let tried = 0;
  for (const list of ['/campaigns/table', '/organisations', '/log/entries']) {
    await page.goto(house.origin + list);
    const link = page.locator('main a[href*=".csv"]').first();
    if (!(await link.count())) continue;
    tried += 1;
    await reach(page, link, 'the download');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    const stream = await download.createReadStream();
    const parts = [];
    for await (const part of stream) parts.push(part);
    const file = Buffer.concat(parts).toString('utf8');
    expect(file.trim().split(/\r?\n/).length > 1, `${list}: the file has no rows`);
    const name = (await page.locator('main tbody tr a').first().innerText()).trim();
    expect(file.includes(name), `${list}: “${name}” is on the screen and not in the file`);
  }
  expect(tried > 0, 'no list offers a download as CSV');
}

/** What people type: two characters, pinyin, initials, traditional characters, one wrong one. */
export async function citizenSearches({ page, house }) {
  const wanted = '热乎午餐';
  const missed = [];
  for (const [how, query] of [['two characters', '午餐'], ['pinyin', 'wucan'], ['initials', 'rhwc'], ['traditional', '熱乎午餐'], ['one wrong character', '热呼午餐']]) {
    await page.goto(house.origin);
    await type(page, page.locator('input[type=search]').first(), query, 'the search');
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState('load');
    if (!(await page.locator('main').innerText()).includes(wanted)) missed.push(`${how} “${query}” does not find “${wanted}”`);
  }
  expect(missed.length === 0, missed.join('\n'));
}

/** Language, theme and large letters are chosen once and stay. */
export async function wishesAreRemembered({ page, house }) {
  await page.goto(house.origin);
  await page.context().clearCookies();
  await page.goto(house.origin);
  const lang = () => page.evaluate(() => document.documentElement.lang);
  expect((await lang()) === 'zh-CN', `without a wish the language is ${await lang()}`);
  await press(page, /English/i);
  expect((await lang()) === 'en', `after choosing English the language is ${await lang()}`);
  await page.goto(`${house.origin}/campaigns`);
  expect((await lang()) === 'en', 'English is forgotten on the next page');
  await press(page, /繁[體体]/);
  expect((await lang()) === 'zh-Hant', `after choosing 繁體 the language is ${await lang()}`);
  const letters = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main p, main')).fontSize));
  const before = await letters();
  await press(page, /長輩模式|长辈模式/);
  expect((await letters()) > before, `elder mode does not enlarge: ${before} px, then ${await letters()} px`);
  await page.goto(`${house.origin}/log`);
  expect((await letters()) >= 18, `elder mode is forgotten on the next page (${await letters()} px)`);
}

/** A control by its accessible name, reached by keyboard; in a menu if need be. */
async function press(page, name) {
  const control = page.getByRole('button', { name }).or(page.getByRole('link', { name }));
  if (!(await control.filter({ visible: true }).count())) {
    for (const menu of await page.locator('header summary').all()) {
      await reach(page, menu, 'a menu');
      await page.keyboard.press('Enter');
      if (await control.filter({ visible: true }).count()) break;
    }
  }
  const shown = control.filter({ visible: true }).first();
  expect(await shown.count(), `no control “${name}” on ${page.url()}`);
  await follow(page, shown, String(name));
}

/** Photographs of a delivery are seen on its page, small and late, and open large; the page stays light. */
export async function photographsAreSeen({ page, house }) {
  await page.goto(`${house.origin}/`);
  const campaigns = await page.locator('main a[href^="/campaigns/cam_"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
  const seen = new Set();
  for (const campaign of campaigns.slice(0, 8)) {
    await page.goto(house.origin + campaign);
    for (const path of await page.locator('main a[href^="/movements/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')))) seen.add(path);
  }
  for (const path of seen) {
    await page.goto(house.origin + path);
    const picture = page.locator('.pictures img').first();
    if (!(await picture.count())) continue;
    const marks = await picture.evaluate((img) => [img.getAttribute('loading'), img.getAttribute('width'), img.alt.length > 3]);
    expect(marks.join() === 'lazy,120,true', `the picture says ${marks}`);
    await picture.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('.pictures img').naturalWidth > 0);
    const small = await page.request.get(house.origin + (await picture.getAttribute('src')));
    expect((await small.body()).length < 30_000, `a small picture has ${(await small.body()).length} bytes`);
    const large = await page.request.get(house.origin + (await page.locator('.pictures a').first().getAttribute('href')));
    expect(large.headers()['content-type'] === 'image/jpeg', 'the large picture is none');
    return;
  }
  throw new Error(`no photograph on ${seen.size} movements`);
}

/** A name that nobody has is proved to be nobody's; a page that says so of a name that is there is red. */
export async function citizenAsksForNobody({ page, house }) {
  const state = () => page.locator('section[data-proof]').getAttribute('data-proof');
  const settled = () => page.waitForFunction(() => !['unchecked', 'checking'].includes(document.querySelector('section[data-proof]').dataset.proof));
  await page.goto(`${house.origin}/search?q=${encodeURIComponent('无此名称救助总会')}`);
  await settled();
  expect((await state()) === 'verified', `the badge says ${await state()}: ${await page.locator('section[data-proof]').innerText()}`);
  const known = (await fetch(`${house.origin}/api/v1/organisations`).then((answer) => answer.json())).rows[0].name;
  await page.route('**/search?*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/(data-unknown[^>]*>)[^<]*/, `$1${known}`) });
  });
  await page.goto(`${house.origin}/search?q=${encodeURIComponent('无此名称救助总会')}`);
  await settled();
  expect((await state()) === 'mismatch', `a page that denies “${known}” is ${await state()}`);
}

/** Open data are found from the foot of the page, and a file has the digest that the page says. */
export async function researcherTakesOpenData({ page, house }) {
  await page.goto(house.origin);
  await follow(page, page.locator('footer a[href="/open"]'), 'open data');
  const row = page.locator('main table tbody tr').filter({ hasText: 'movements.csv' }).first();
  const [path, digest] = [await row.locator('a').getAttribute('href'), (await row.locator('code').innerText()).trim()];
  const bytes = new Uint8Array(await fetch(house.origin + path).then((answer) => answer.arrayBuffer()));
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  expect(hash === digest, `${path} has the digest ${hash}, not ${digest}`);
}

/** Something seems wrong on a page: who is asked first, who next, and what to write down. */
export async function citizenComplains({ page, house }) {
  const campaign = house.states.find((one) => one.route === '/campaigns/{id}' && one.person === 'public');
  await page.goto(house.origin + campaign.path);
  await follow(page, page.locator('main a[href^="/help/report"]').last(), 'where to complain');
  const words = await page.locator('main').innerText();
  expect(words.includes(`${house.origin}${campaign.path}`) || words.includes(campaign.path), `the page is not named: ${words}`);
  expect(await page.locator('main section[aria-labelledby=whom]').count(), 'the organisation is not named');
  expect(await page.locator('main a[href^="/log/leaves/"]').count(), 'the place in the log is not named');
  expect(!(await page.locator('main form').count()), 'there is a form that nobody reads');
}
