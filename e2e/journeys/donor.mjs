// A donor: gives without an account, keeps the proof, comes back later, follows the money.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '../lib/cases.mjs';
import { choose, follow, goOn, reach, type } from '../lib/keyboard.mjs';

/** The most screens between the campaign and the receipt. */
const SCREENS_MAX = 3;
/** The log is signed within this time even on a busy machine. */
const SEALED_MS = 40_000;

/** The address of a campaign that takes gifts. */
export async function openCampaign(page, origin) {
  await page.goto(`${origin}/campaigns`);
  const links = await page.locator('main a[href^="/campaigns/"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
  for (const link of links.filter((one) => /^\/campaigns\/[^/?]+$/.test(one))) {
    await page.goto(origin + link);
    if (await page.locator(`a[href$="/give"]`).count()) return link;
  }
  throw new Error('no campaign takes gifts');
}

/** The answer to one screen of giving, by keyboard; says what was on it. */
async function answerScreen(page, amount, name) {
  const preset = page.locator(`input[type=radio][name=preset][value="${amount}"]`);
  if (await preset.count()) await choose(page, preset, `${amount} yuan`);
  const donor = page.locator('input[name=donor_name]:not([type=hidden])');
  if (name && (await donor.count())) await type(page, donor, name, 'the name');
  await follow(page, goOn(page), 'the button that goes on');
}

/** Gives `amount` yuan; returns the address of the receipt. */
export async function give(page, origin, amount = '50', name = '钟离采') {
  const campaign = await openCampaign(page, origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  let screens = 0;
  while (!/\/donations\//.test(page.url()) && screens < 6) {
    screens += 1;
    await answerScreen(page, amount, name);
    const receipt = page.locator('main a[href*="/donations/"]').first();
    if (/\/intents\//.test(page.url()) && !(await goOn(page).count()) && (await receipt.count())) await follow(page, receipt, 'the link to the receipt');
  }
  expect(/\/donations\//.test(page.url()), `no receipt after ${screens} screens: ${page.url()}`);
  expect(screens <= SCREENS_MAX, `${screens} screens, ${SCREENS_MAX} at most`);
  return { campaign, receipt: page.url() };
}

/** Waits for the seal as a donor does, by looking again, and downloads the proof. */
export async function downloadProof(page) {
  const link = page.locator('main a[download][href*="/proof"]').first();
  const until = Date.now() + SEALED_MS;
  while (!(await link.count())) {
    expect(Date.now() < until, `not sealed after ${SEALED_MS / 1000} s`);
    await page.waitForTimeout(500);
    await page.reload();
  }
  await reach(page, link, 'the proof');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  return readFile(await download.path());
}

/** What `shanji verify` says about a file. */
export function verify(house, file) {
  return new Promise((resolve) => {
    const child = execFile(house.binary, ['verify', file, '--vkey', join(house.folder, 'log.vkey')], (error, stdout, stderr) => resolve({ code: error ? (error.code ?? 1) : 0, text: stdout + stderr }));
    child.stdin?.end();
  });
}

/** The key of the log, written down from the page as a careful donor would. */
export async function keepKey(page, house) {
  await page.goto(`${house.origin}/verify`);
  const key = /yunshan\.example\/log\+[0-9a-f]+\+[A-Za-z0-9+/=]+/.exec(await page.locator('[data-key-input]').inputValue())?.[0];
  expect(key, 'the verify page shows no key of the log');
  await writeFile(join(house.folder, 'log.vkey'), `${key}\n`);
}

/** From the campaign to a proof that holds, and does not when one byte is changed. */
export async function givesAndVerifies({ page, house, name }) {
  const { receipt } = await give(page, house.origin);
  const words = await page.locator('main').innerText();
  expect(/50(\.00)?/.test(words), 'the receipt does not say 50 yuan');
  expect(/伍拾元整/.test(words), 'the receipt does not say 伍拾元整');
  const proof = await downloadProof(page);
  await keepKey(page, house);
  const file = join(house.folder, `${name}.tlog-proof`);
  await writeFile(file, proof);
  const good = await verify(house, file);
  expect(good.code === 0, `verify refuses a good proof (${good.code}): ${good.text}`);
  for (const at of [Math.floor(proof.length / 2), proof.length - 20]) {
    const bad = Buffer.from(proof);
    bad[at] ^= 1;
    await writeFile(file, bad);
    const refused = await verify(house, file);
    expect(refused.code !== 0, `verify accepts a proof whose byte ${at} was changed`);
  }
  await page.goto(receipt);
  expect((await page.locator('h1').innerText()).length > 4, 'the receipt is gone after a reload');
}

/** The receipt is kept as paper and as one file, and the file still speaks when there is no network. */
export async function keepsTheReceipt({ page, house, name }) {
  await give(page, house.origin);
  for (const [ending, begins] of [['receipt.pdf', '%PDF-'], ['receipt.html', '<!doctype html>']]) {
    const link = page.locator(`main a[href*="${ending}"]`).first();
    expect(await link.count(), `the receipt offers no ${ending}`);
    await reach(page, link, ending);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(0, begins.length).toString('latin1').toLowerCase() === begins.toLowerCase(), `${ending} does not begin with ${begins}`);
    if (ending.endsWith('.html')) await writeFile(join(house.folder, `${name}.html`), bytes);
  }
  await page.context().setOffline(true);
  await page.goto(`file://${join(house.folder, `${name}.html`)}`);
  expect(/伍拾元整/.test(await page.locator('body').innerText()), 'the kept file does not say 伍拾元整 without a network');
  await page.context().setOffline(false);
}

/** Days later: the number from the receipt, typed into the search of the first page. */
export async function comesBackLater({ page, house }) {
  const { receipt } = await give(page, house.origin, '20');
  const id = new URL(receipt).pathname.split('/').pop();
  await page.context().clearCookies();
  await page.goto(house.origin);
  await type(page, page.locator('input[type=search]').first(), id, 'the search');
  const gone = page.waitForEvent('framenavigated');
  await page.keyboard.press('Enter');
  await gone;
  await page.waitForLoadState('load');
  if (!page.url().includes(`/donations/${id}`)) await follow(page, page.locator(`main a[href*="/donations/${id}"]`), 'the receipt among the results');
  expect(page.url().includes(`/donations/${id}`), `the search for ${id} ended at ${page.url()}`);
  expect(/20(\.00)?/.test(await page.locator('main').innerText()), 'the receipt found again does not say 20 yuan');
  await lostNumbersAreExplained(page, house.origin, id);
}

/** What is wrong with a number is said as the search box says it. */
async function lostNumbersAreExplained(page, origin, id) {
  const misread = id.slice(0, 8) + (id[8] === '0' ? '1' : '0') + id.slice(9);
  for (const [typed, says] of [
    ['', /请填写凭据编号/],
    [misread, /编号有一处写错了/],
    [id.slice(0, -1), /编号的位数不对/],
    [id.replace('don_', 'int_').slice(0, -1), /编号的位数不对/],
  ]) {
    await page.goto(`${origin}/donations?number=${encodeURIComponent(typed)}`);
    const said = await page.locator('main').innerText();
    expect(says.test(said), `for “${typed}” it is said: ${said}`);
  }
  const spread = id.slice(4).match(/.{1,4}/g).join(' ').toLowerCase();
  await page.goto(`${origin}/donations?number=${encodeURIComponent(spread)}`);
  expect(page.url().includes(`/donations/${id}`), `${spread} ended at ${page.url()}`);
}

/** Goes back from the summary to look again: what was typed is still there, and goes on as it was. */
export async function goesBackToLookAgain({ page, house }) {
  await openCampaign(page, house.origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  await type(page, page.locator('input[name=amount]'), '33', 'an amount of her own');
  await type(page, page.locator('input[name=contact]'), 'old@example.org', 'how to reach her');
  await follow(page, goOn(page), 'the button that goes on');
  expect(/33\.00/.test(await page.locator('main').innerText()), 'the summary does not say 33.00');
  await page.goBack();
  for (const [name, want] of [['amount', '33'], ['contact', 'old@example.org']]) {
    const kept = await page.locator(`input[name=${name}]`).inputValue();
    expect(kept === want, `after going back ${name} is “${kept}”`);
  }
  await follow(page, goOn(page), 'the button that goes on again');
  expect(/33\.00/.test(await page.locator('main').innerText()), 'after going back the summary does not say 33.00');
}

/** A gift with something wrong, put right; going back leads over the refusal to the first form, and never to a page of the browser. */
export async function goesBackOverARefusal({ page, house }) {
  await openCampaign(page, house.origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  const first = page.url();
  await type(page, page.locator('input[name=amount]'), '很多', 'no amount');
  await type(page, page.locator('input[name=contact]'), 'back@example.org', 'how to reach her');
  await follow(page, goOn(page), 'the button that goes on');
  expect(await page.locator('#problems').count(), 'no amount was not refused');
  await type(page, page.locator('input[name=amount]'), '33', 'an amount');
  await follow(page, goOn(page), 'the button that goes on');
  expect(/33\.00/.test(await page.locator('main').innerText()), 'the summary does not say 33.00');
  await page.goBack({ waitUntil: 'load' });
  expect(page.url().startsWith(house.origin), `Back leads to ${page.url()}`);
  const kept = await page.locator('input[name=contact]').inputValue();
  expect(kept === 'back@example.org', `after going back the contact is “${kept}”`);
  await page.goBack({ waitUntil: 'load' });
  expect(page.url() === first, `Back once more leads to ${page.url()}`);
}

/** Goes back in the browser after paying and pays again: one gift, the same receipt. */
export async function goesBackAndPaysAgain({ page, house }) {
  await openCampaign(page, house.origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  await answerScreen(page, '20', '');
  await answerScreen(page, '20', '');
  const order = page.url();
  await answerScreen(page, '20', '');
  if (!page.url().includes('/donations/')) await follow(page, page.locator('main a[href*="/donations/"]').first(), 'the receipt');
  const receipt = new URL(page.url()).pathname;
  await page.goto(order);
  const button = goOn(page);
  if (await button.count()) await follow(page, button, 'paying again');
  const link = page.locator(`a[href^="${receipt}"]`).first();
  expect(page.url().includes(receipt) || (await link.count()) > 0, `after going back the order shows no link to ${receipt}: ${page.url()}`);
}

/** Two clicks at once on the button that pays. */
export async function clicksTwice({ page, house }) {
  await openCampaign(page, house.origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  await answerScreen(page, '20', '');
  const before = page.url();
  await goOn(page).dblclick({ noWaitAfter: true });
  await page.waitForURL((url) => url.href !== before, { timeout: 10_000 }).catch(() => {});
  await page.waitForLoadState('load');
  expect(/\/intents\//.test(page.url()), `a double click on “confirm” ended at ${page.url()}: ${(await page.locator('body').innerText()).slice(0, 400)}`);
  await goOn(page).dblclick({ noWaitAfter: true });
  await page.waitForURL(/\/(donations|intents)\//);
  await page.waitForLoadState('load');
  if (!page.url().includes('/donations/')) await page.locator('main a[href*="/donations/"]').first().click();
  expect(/\/donations\//.test(page.url()), `a double click on “pay” ended at ${page.url()}`);
}

/** The line is cut while the form is sent; sent again, the gift is there once. */
export async function losesTheLine({ page, house }) {
  await openCampaign(page, house.origin);
  await follow(page, page.locator('main a[href$="/give"]:visible'), 'the link to give');
  await type(page, page.locator('input[name=donor_name]'), '断线的人', 'the name');
  await page.context().setOffline(true);
  await goOn(page).press('Enter');
  await page.waitForURL(/^chrome-error:/, { timeout: 5_000 }).catch(() => {});
  await page.context().setOffline(false);
  // The page may have kept the form and said so; else the browser's own “try again” sends it once more.
  if (page.url().startsWith('chrome-error:')) await page.reload({ waitUntil: 'load' });
  const kept = page.locator('[name=donor_name]');
  expect(await kept.count(), `after the line was cut what was typed is not on ${page.url()}`);
  expect((await kept.first().inputValue()) === '断线的人', `after the line was cut the name is “${await kept.first().inputValue()}”`);
  for (let screen = 0; screen < SCREENS_MAX && !page.url().includes('/donations/') && (await goOn(page).count()); screen += 1) await answerScreen(page, '20', '');
  expect(/\/(donations|intents)\//.test(page.url()), `after the line came back: ${page.url()}`);
}
