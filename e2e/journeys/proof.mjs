// The badge and the verify page do what they say: true things are green, changed ones red, unreachable ones grey.
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isChecked } from '../../browser/number.js';
import { downloadProof, give } from './donor.mjs';

const BADGE = 'section.proof-badge';
const WAIT_MS = 30000;

/** Waits for the badge to come to a verdict. */
async function verdict(page) {
  const badge = page.locator(`${BADGE}[data-proof=verified], ${BADGE}[data-proof=cannot], ${BADGE}[data-proof=mismatch]`);
  await badge.waitFor({ timeout: WAIT_MS });
  // The reasons may stand in a part that is folded up.
  return { state: await badge.getAttribute('data-proof'), text: `${await badge.innerText()} ${await badge.locator('[data-steps]').textContent()}` };
}

async function expectVerdict(page, want, about) {
  const { state, text } = await verdict(page);
  assert.equal(state, want, `${about}: ${text}`);
}

/** The first address on the page that begins so. */
async function firstLink(page, start) {
  return page.locator(`main a[href^="${start}"]`).first().getAttribute('href');
}

/** Every address on the page that begins so, once. */
function linksOn(page, start) {
  return page.locator(`main a[href^="${start}"]`).evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')))]);
}

/** A receipt, and pages of every kind that it leads to. */
async function pagesWithBadges(page, house) {
  await page.goto(`${house.origin}/`);
  const donation = await firstLink(page, '/donations/');
  // The latest gift may belong to no campaign: money that is held does not.
  const campaign = await firstLink(page, '/campaigns/cam_');
  await page.goto(house.origin + donation);
  const [fund, organisation, movement, leaf] = [
    await firstLink(page, '/funds/'),
    await firstLink(page, '/organisations/'),
    await firstLink(page, '/movements/'),
    await firstLink(page, '/log/leaves/'),
  ];
  await page.goto(house.origin + organisation);
  const day = await firstLink(page, `${organisation}/days/`);
  return [donation, fund, organisation, campaign, movement, leaf, day].filter((path) => path !== null);
}

/** Every kind of page is verified in the browser. */
export async function pagesAreVerified({ page, house }) {
  for (const path of await pagesWithBadges(page, house)) {
    await page.goto(house.origin + path);
    await expectVerdict(page, 'verified', path);
  }
}

/** Every campaign of the house and its funds: whatever was booked on them, nothing true is called false. */
export async function everyCampaignIsVerified({ page, house }) {
  await page.goto(`${house.origin}/campaigns`);
  const hrefs = (start) => linksOn(page, start);
  const campaigns = (await hrefs('/campaigns/cam_')).filter((href) => /^[/]campaigns[/]cam_[0-9A-Z]{14}$/.test(href));
  assert.ok(campaigns.length > 5, `${campaigns.length} campaigns`);
  for (const campaign of campaigns) {
    await page.goto(house.origin + campaign);
    await expectVerdict(page, 'verified', campaign);
    const [funds, gifts, movements] = [await hrefs('/funds/'), await hrefs('/donations/don_'), await hrefs('/movements/')];
    for (const path of [...funds, ...gifts.slice(-2), ...movements.slice(0, 2)]) {
      await page.goto(house.origin + path);
      await expectVerdict(page, 'verified', path);
    }
  }
  await page.goto(`${house.origin}/organisations`);
  for (const path of await hrefs('/organisations/org_')) {
    await page.goto(house.origin + path);
    // An organisation without statements has no badge.
    if ((await page.locator(BADGE).count()) > 0) await expectVerdict(page, 'verified', path);
  }
}

/** Shows a changed page and expects red. */
async function expectRed(page, address, body, about) {
  await page.route(address, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await page.goto(address);
  await expectVerdict(page, 'mismatch', about);
  await page.unroute(address);
}

/** Replaces what `pattern` finds, which must be there; the pattern has what stands before and what is changed. */
function withChange(html, pattern, to) {
  const found = pattern.exec(html);
  assert.ok(found !== null, `${pattern} is on the page`);
  const from = found.index + found[1].length;
  return html.slice(0, from) + to(found[2]) + html.slice(from + found[2].length);
}

const plusOne = (digit) => String((Number(digit) + 1) % 10);

/** The story of a gift that was spent in part: each of its figures, what became of it and when. */
export async function changedStoryIsRed({ page, house }) {
  const address = house.origin + (await spentGift(page, house));
  await page.goto(address);
  await expectVerdict(page, 'verified', address);
  assert.match(await page.locator(`${BADGE} [data-steps]`).textContent(), /沿资金磁带追踪了 [1-9]/);
  const html = await (await page.request.get(address)).text();
  const delivered = /(<li class="delivered"[^>]*>(?:(?!<[/]li>)[^])*?data-part="end"[^>]*>)([^<]+)/;
  for (const [what, body] of [
    ['a share', withChange(html, /(data-part="share"[^>]*>[^<]*?)([0-9])/, plusOne)],
    ['a share with its hidden length', html.replace(/data-length="([0-9]+)"/, (_, length) => `data-length="${Number(length) + 1}"`)],
    ['what became of it', withChange(html, delivered, () => '尚未使用')],
    ['the day', withChange(html, /(data-part="day"[^>]*>[^<]*?)([0-9])(?=日)/, plusOne)],
    ['the headline', withChange(html, /(<h1 data-among="gift"[^>]*>[^<]*?)([0-9])(?=[.])/, plusOne)],
    ['a sum', withChange(html, /(data-addend="gift"[^>]*>[^<]*?)([0-9])/, plusOne)],
    ['the total', withChange(html, /(data-total="gift"[^>]*>[^<]*?)([0-9])/, plusOne)],
    ['a way through another statement', html.replace(/data-walk="([0-9]+)/, (_, leaf) => `data-walk="${Number(leaf) - 1}`)],
  ]) {
    assert.notEqual(body, html, what);
    await expectRed(page, address, body, what);
  }
}

/** The address of a gift that reached somebody as money. */
async function spentGift(page, house) {
  await page.goto(`${house.origin}/campaigns`);
  const campaigns = await linksOn(page, '/campaigns/cam_');
  for (const campaign of campaigns) {
    const gifts = await (await page.request.get(`${house.origin}${campaign}/gifts?sort=leaf&rows=20`)).text();
    for (const [address] of gifts.matchAll(/[/]donations[/]don_[0-9A-Z]{14}/g)) {
      const receipt = await (await page.request.get(house.origin + address)).text();
      const isMoney = !/data-walk="/.test(receipt.replaceAll(/data-unit="fen" data-walk="/g, ''));
      if (isMoney && /<li class="delivered"/.test(receipt)) return address;
    }
  }
  return assert.fail('no gift of the house was spent');
}

/** Figures of a campaign that belong together, and words of its reports, payments and answers. */
export async function changedSumIsRed({ page, house }) {
  await page.goto(`${house.origin}/campaigns`);
  const campaigns = await linksOn(page, '/campaigns/cam_');
  const pages = await Promise.all(campaigns.map(async (path) => [house.origin + path, await (await page.request.get(house.origin + path)).text()]));
  const marks = [
    ['raised', /(data-total="raised made"[^>]*>(?:<[^>]*>|[^<0-9])*)([0-9])/, plusOne],
    ['a part', /(data-addend="raised"[^>]*>[^<0-9]*)([0-9])/, plusOne],
    ['a share', /(data-ratio="[a-z]+ raised"[^>]*>[^<0-9]*)([0-9])/, plusOne],
    ['the progress', /(data-ratio="raised target"[^>]*>[^<0-9]*)([0-9])/, plusOne],
    ['the steps', /(data-addend="made"[^>]*>[^<0-9]*)([0-9])/, plusOne],
    ['a fund', /(data-addend="fund"[^>]*>[^<0-9]*)([0-9])/, plusOne],
    ['a report', /(data-says="word body"[^>]*>)([^<])/, () => '不'],
    ['an answer', /(data-says="word answer"[^>]*>)([^<])/, () => '不'],
    ['a purpose', /(data-says="word purpose"[^>]*>)([^<])/, () => '不'],
    ['a receiver', /(data-says="text d.payee"[^>]*>)([^<])/, () => '不'],
  ];
  for (const [what, pattern, to] of marks) {
    const found = pages.find(([, html]) => pattern.test(html));
    assert.ok(found !== undefined, `${what} is on a page`);
    const [address, html] = found;
    await expectRed(page, address, withChange(html, pattern, to), what);
  }
  // What stands there instead is said in the form of the page, of words what was published.
  const [address, html] = pages.find(([, body]) => /data-says="word promise"/.test(body) && /data-says="amount d[.]target"/.test(body));
  const target = /data-says="amount d[.]target"[^>]*>([^<]*)</.exec(html)[1];
  const promise = /data-says="word promise"[^>]*>([^<]{1,20})/.exec(html)[1];
  const both = withChange(withChange(html, /(data-says="amount d[.]target"[^>]*>)([^<]*)/, () => '900.00元'), /(data-says="word promise"[^>]*>)([^<])/, () => '不');
  await expectRed(page, address, both, 'a target and a promise');
  const said = page.locator(`${BADGE} [data-steps]`);
  assert.ok((await said.textContent()).includes(`“${target}”`), await said.textContent());
  await page.waitForFunction((words) => document.querySelector('section.proof-badge [data-steps]').textContent.includes(words), `原文是“${promise}`, { timeout: WAIT_MS }).catch(async () => assert.fail(await said.textContent()));
}

/** One digit that the server, a proxy or an extension changed turns the badge red; so does one changed later. */
export async function changedFigureIsRed({ page, house }) {
  for (const path of await pagesWithBadges(page, house)) {
    await page.route(house.origin + path, async (route) => {
      const answer = await route.fetch();
      const body = await answer.text();
      await route.fulfill({ response: answer, body: withOneDigitChanged(body) });
    });
    await page.goto(house.origin + path);
    await expectVerdict(page, 'mismatch', `changed ${path}`);
    assert.ok((await page.locator('.proof-differs').count()) > 0, path);
    await page.unroute(house.origin + path);
    await page.goto(house.origin + path);
    await expectVerdict(page, 'verified', path);
    const changed = await page.locator('[data-leaf] [data-says], [data-leaf][data-says]').first().evaluate((mark) => {
      mark.textContent = mark.textContent.replace(/.$/, '9') + '7';
      return mark.outerHTML.slice(0, 300);
    });
    const red = page.locator(`${BADGE}[data-proof=mismatch]`).waitFor({ timeout: WAIT_MS });
    await red.catch(() => assert.fail(`${path} is not red after a change to ${changed}`));
  }
}

/** Changes the first digit or letter inside of the first marked figure. */
function withOneDigitChanged(html) {
  const marked = /(data-says="(?:amount|text|code|count|day) (?!(?:in|out|rest)")[^"]*"[^>]*>(?:<[^>]*>)?)([^<]*?)([0-9])/.exec(html);
  if (marked === null) return html.replace(/(data-says="text [^"]*"[^>]*>)/, '$1X');
  const at = marked.index + marked[1].length + marked[2].length;
  return html.slice(0, at) + String((Number(html[at]) + 1) % 10) + html.slice(at + 1);
}

/** Changed bytes of the statement, of the tiles or of the checkpoint are no longer what was signed. */
export async function changedLogIsRed({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const id = donation.split('/').pop();
  const PROOFS = '**/log/proof/leaves?*';
  // A letter of the statement, and one of the first hash behind it.
  const changes = [
    [PROOFS, (body) => [body.indexOf(id) + id.length - 1]],
    [PROOFS, (body) => [body.indexOf('}\n') + 5]],
    ['**/log/tile/entries/**', (body) => [body.indexOf(id) + id.length - 1]],
    // A proof needs few hashes of a tile: one byte of each is changed.
    ['**/log/tile/0/**', (body) => Array.from({ length: body.length / 32 }, (_, at) => at * 32)],
    // Within the signature.
    ['**/log/checkpoint', (body) => [body.length - 20]],
  ];
  for (const [files, places] of changes) {
    // Where a log does not prove single leaves, its files are read.
    if (files !== PROOFS) await page.route(PROOFS, (route) => route.fulfill({ status: 404, body: '' }));
    await page.route(files, async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      for (const at of places(body)) body[at] ^= 1;
      await route.fulfill({ response: answer, body });
    });
    await page.goto(house.origin + donation);
    await expectVerdict(page, 'mismatch', files);
    await page.unroute(files);
    await page.unroute(PROOFS);
  }
}

/** A log that became shorter than this browser saw it is an alarm, and stays one until a person says otherwise. */
export async function shorterLogIsRed({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  await page.goto(house.origin + donation);
  await expectVerdict(page, 'verified', donation);
  const feed = await (await page.request.get(`${house.origin}/log/feed.atom`)).text();
  const notes = [...feed.matchAll(/<content type="text">([^<]*)<\/content>/g)].map((found) => found[1]);
  assert.ok(notes.length > 1, 'the feed has an earlier checkpoint');
  const older = notes.at(-1).replaceAll('&#38;', '&').replaceAll('&#60;', '<').replaceAll('&#34;', '"').replaceAll('&#39;', "'");
  await page.route('**/log/checkpoint', (route) => route.fulfill({ body: older, contentType: 'text/plain; charset=utf-8' }));
  await page.goto(house.origin + donation);
  await expectVerdict(page, 'mismatch', 'an older checkpoint');
  await page.unroute('**/log/checkpoint');
  await page.goto(house.origin + donation);
  await expectVerdict(page, 'verified', 'the log as it is');
}

/** Without a line nothing is claimed. */
export async function withoutLineIsGrey({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  await page.route('**/log/**', (route) => route.abort('internetdisconnected'));
  await page.goto(house.origin + donation);
  await expectVerdict(page, 'cannot', 'no line');
  await page.unroute('**/log/**');
  await page.locator(`${BADGE} summary`).click();
  await page.locator(`${BADGE} [data-again]`).click();
  await page.locator(`${BADGE}[data-proof=verified]`).waitFor({ timeout: WAIT_MS });
}

/** A well written number that belongs to no gift: another body with its check letter. */
function numberOfNobody(id) {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const begin = id.slice(0, 5) + [...id.slice(5, -1)].reverse().join('');
  const last = [...letters].find((letter) => isChecked(begin.slice(4) + letter));
  return begin + last;
}

/** A receipt is verified on the verify page by its number, and by its file. */
export async function receiptIsVerified({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const result = page.locator('[data-result]');
  await page.goto(`${house.origin}/verify`);
  await page.locator('#verify-q').fill(house.origin + donation);
  await page.locator('[data-verify] button[type=submit]').click();
  await page.locator('[data-result][data-proof=verified]').waitFor({ timeout: WAIT_MS });
  assert.ok((await result.innerText()).includes(donation.split('/').pop()));
  const id = donation.split('/').pop();
  const swapped = id.slice(0, 8) + (id[8] === '0' ? '1' : '0') + id.slice(9);
  for (const [typed, state, says] of [
    // What cannot be read says nothing about the log.
    ['12345', 'cannot', /看不懂/],
    // A number that nobody has is said to be one.
    [swapped, 'mismatch', /没有这张凭据[^]*编号有一处写错了/],
    [id.slice(0, -1), 'mismatch', /没有这张凭据[^]*编号的位数不对/],
    [numberOfNobody(id), 'mismatch', /没有这张凭据/],
    [`https://evil.example/donations/${id}`, 'verified', /另一个网站“evil[.]example”/],
    [id.replace('don_', 'mov_'), 'cannot', /搜索框/],
  ]) {
    await page.locator('#verify-q').fill(typed);
    await page.locator('[data-verify] button[type=submit]').click();
    await page.locator(`[data-result][data-proof=${state}]`).waitFor({ timeout: WAIT_MS });
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('[data-result]').innerText), says.source, { timeout: WAIT_MS }).catch(async () => assert.fail(`${typed}: ${await result.innerText()}`));
    assert.doesNotMatch(await result.innerText(), /没有发现问题[^]*没有这张凭据/);
  }
  // The fingerprint is written like on the receipt.
  const printed = /<code class="long">([0-9a-f]{64})</.exec(await (await page.request.get(house.origin + donation)).text())[1];
  await page.locator('#verify-q').fill(house.origin + donation);
  await page.locator('[data-verify] button[type=submit]').click();
  await page.locator('[data-result][data-proof=verified]').waitFor({ timeout: WAIT_MS });
  assert.ok((await result.innerText()).includes(printed), 'the fingerprint is written otherwise');
}

/** The page that was saved to disk judges a proof file without any network. */
export async function savedPageWorksOffline({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const folder = await mkdtemp(join(tmpdir(), 'shanji-offline-'));
  const saved = join(folder, 'shanji-verify.html');
  const html = await (await page.request.get(`${house.origin}/verify/offline.html`)).body();
  await writeFile(saved, html);
  const proof = await (await page.request.get(`${house.origin}${donation}/proof`)).body();
  const changed = Buffer.from(proof);
  changed[proof.indexOf('index ') - 30] ^= 1;
  await page.context().setOffline(true);
  try {
    await page.goto(pathToFileURL(saved).href);
    for (const [bytes, want] of [[proof, 'verified'], [changed, 'mismatch'], [Buffer.from('hello'), 'cannot']]) {
      await page.locator('#verify-file').setInputFiles({ name: 'a.tlog-proof', mimeType: '', buffer: bytes });
      await page.locator(`[data-result][data-proof=${want}]`).waitFor({ timeout: WAIT_MS });
    }
  } finally {
    await page.context().setOffline(false);
  }
}

/** The receipt that people keep as a page is judged like its proof, on the site and on the page saved to disk; what is
 * for reading only gets a sentence that names the right file. */
export async function savedReceiptIsVerified({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const folder = await mkdtemp(join(tmpdir(), 'shanji-offline-'));
  const saved = join(folder, 'shanji-verify.html');
  const body = async (path) => (await page.request.get(house.origin + path)).body();
  await writeFile(saved, await body('/verify/offline.html'));
  const receipt = await body(`${donation}/receipt.html`);
  const changed = Buffer.from(receipt);
  const at = receipt.indexOf('data:text/plain;base64,') + 200;
  changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
  const unsealed = Buffer.from('<!doctype html><p>这笔捐赠</p>');
  const edited = (pattern, to) => Buffer.from(withChange(receipt.toString(), pattern, to));
  const files = [
    ['a.html', receipt, 'verified', /没有核验/],
    ['a.html', changed, 'mismatch', /不可信/],
    ['a.html', edited(/(<h1[^>]*>[^0-9]*)([0-9])/, plusOne), 'mismatch', /网页写“/],
    ['a.html', edited(/(大写：)(.)/, (digit) => (digit === '玖' ? '捌' : '玖')), 'mismatch', /网页写“/],
    ['a.html', edited(/(data-says="place log">[^<]*?第[0-9,]*)([0-9])(?=条)/, plusOne), 'mismatch', /网页写“/],
    ['a.html', edited(/(SHA-256）：<code>)([0-9a-f])/, (digit) => (digit === '0' ? '1' : '0')), 'mismatch', /网页写“/],
    ['a.html', edited(/(data-says="(?:day t|moment at)">)([0-9])/, plusOne), 'mismatch', /网页写“/],
    // What no proof knows is named under the verdict.
    ['a.html', edited(/(状态<[/]th><td>)([^<]+)/, () => '已被改写'), 'verified', /没有核验：[^]*状态：已被改写/],
    ['a.html', edited(/(<h1[^>]*>)([^<]+)/, (words) => words.replace(/还没有用出去|已经[^。，]*/, '全都送到了')), 'verified', /没有核验：[^]*全都送到了/],
    ['a.html', edited(/()( data-says="words sum")/, () => ''), 'cannot', /网页没有核验/],
    ['a.pdf', await body(`${donation}/receipt.pdf`), 'cannot', /存成离线文件/],
    ['b.html', unsealed, 'cannot', /存成离线文件/],
  ];
  for (const address of [`${house.origin}/verify`, pathToFileURL(saved).href]) {
    await page.goto(address);
    await page.context().setOffline(true);
    try {
      for (const [name, buffer, want, says] of files) {
        await page.locator('#verify-file').setInputFiles({ name, mimeType: '', buffer });
        const result = page.locator(`[data-result][data-proof=${want}]`);
        await result.waitFor({ timeout: WAIT_MS });
        const text = await result.innerText();
        assert.match(text, says);
        if (want === 'verified') assert.ok(text.includes(donation.split('/').pop()), text);
        if (address.startsWith('file:')) assert.doesNotMatch(text, /粘贴/);
      }
    } finally {
      await page.context().setOffline(false);
    }
  }
}

/** What the page shows is not sealed yet: the badge waits for the checkpoint that covers it instead of giving up. */
export async function sealIsWaitedFor({ page, house }) {
  const early = await (await page.request.get(`${house.origin}/log/checkpoint`)).text();
  const { receipt } = await give(page, house.origin);
  await page.goto(receipt);
  await downloadProof(page);
  const fund = house.origin + (await firstLink(page, '/funds/'));
  // A browser that has seen the newer checkpoint would not take the early one.
  await page.evaluate(() => localStorage.clear());
  let asked = 0;
  await page.route('**/log/checkpoint', (route) => (asked++ < 2 ? route.fulfill({ body: early, contentType: 'text/plain; charset=utf-8' }) : route.continue()));
  await page.goto(fund);
  await expectVerdict(page, 'verified', fund);
  assert.ok(asked > 2, `the checkpoint was asked for ${asked} times`);
}

/** A page of a fund is proved to show the newest movement; yesterday's page is found out, and so is a shortened answer. */
export async function newestIsProved({ page, house }) {
  const { receipt } = await give(page, house.origin);
  await page.goto(receipt);
  await downloadProof(page);
  const fund = house.origin + (await firstLink(page, '/funds/'));
  await page.goto(fund);
  await expectVerdict(page, 'verified', fund);
  const steps = page.locator(`${BADGE} [data-steps]`);
  assert.match(await steps.textContent(), /最新一次流转/);
  const yesterday = await (await page.request.get(fund)).text();
  await page.goto((await give(page, house.origin)).receipt);
  await downloadProof(page);
  await page.route(fund, (route) => route.fulfill({ body: yesterday, contentType: 'text/html; charset=utf-8' }));
  await page.goto(fund);
  await expectVerdict(page, 'verified', 'an older page');
  assert.match(await page.locator(BADGE).innerText(), /又有 [1-9][0-9]* 条更新的记录/);
  await page.unroute(fund);
  // A page that claims to be of now and leaves the newest movement out.
  const now = await (await page.request.get(fund)).text();
  const [sealed, count] = ['sealed', 'count'].map((part) => new RegExp(`(data-part="${part}">[^<0-9]*)([0-9,]+)`).exec(now));
  const stale = [sealed, count].reduce((text, [, , number], at) => text.replace(new RegExp(`(data-part="${['sealed', 'count'][at]}">[^<0-9]*)[0-9,]+`), (_, before) => before + number), yesterday);
  await page.route(fund, (route) => route.fulfill({ body: stale, contentType: 'text/html; charset=utf-8' }));
  await page.goto(fund);
  await expectVerdict(page, 'mismatch', 'a page that leaves the newest movement out');
  await page.unroute(fund);
  await page.goto(fund);
  await expectVerdict(page, 'verified', 'the newest page');

  const name = `fund/${fund.split('fnd_').pop()}`;
  const answer = (query) => page.request.get(`${house.origin}/log/index/stream?${query}`).then((found) => found.body());
  await judgeFile(page, house, await answer(`name=${name}&from=-3`), 'verified', /中间没有漏掉任何一条/);
  await judgeFile(page, house, await answer('name=fund/00000000000000'), 'verified', /一条也没有/);
  const changed = await answer(`name=${name}&from=-3`);
  changed[changed.indexOf('extra ') + 400] ^= 1;
  await judgeFile(page, house, changed, 'mismatch', /不可信/);
}

/** The page of a campaign names the newest record about it: another one, or one too few, is found out; a page that is
 * merely old says how many came since. */
export async function newestRecordIsProved({ page, house }) {
  const { receipt } = await give(page, house.origin);
  await page.goto(receipt);
  await downloadProof(page);
  const campaign = house.origin + (await firstLink(page, '/campaigns/cam_'));
  const organisation = house.origin + (await firstLink(page, '/organisations/org_'));
  const steps = page.locator(`${BADGE} [data-steps]`);
  for (const address of [organisation, campaign]) {
    await page.goto(address);
    await expectVerdict(page, 'verified', address);
    assert.match(await steps.textContent(), /最新的就是这一页写的那一条/);
  }
  const body = await (await page.request.get(campaign)).text();
  const line = /data-part="count">[^<]*?([0-9,]+)/.exec(body);
  const fewer = (Number(line[1].replaceAll(',', '')) - 1).toString();
  const changed = body.slice(0, line.index) + line[0].replace(line[1], fewer) + body.slice(line.index + line[0].length);
  // One letter of the promise is another one.
  const promise = /data-says="word promise"[^>]*>([^<])/.exec(body);
  const forged = body.slice(0, promise.index) + promise[0].slice(0, -1) + '不' + body.slice(promise.index + promise[0].length);
  for (const [what, text] of [['a page that leaves the newest record out', changed], ['a forged promise', forged]]) {
    await page.route(campaign, (route) => route.fulfill({ body: text, contentType: 'text/html; charset=utf-8' }));
    await page.goto(campaign);
    await expectVerdict(page, 'mismatch', what);
    await page.unroute(campaign);
  }

  // A checkpoint that nobody can see is no way around the proof.
  const unseen = body.replace(/(data-part="sealed">[^<0-9]*)[0-9,]+/, (_, before) => `${before}99,999,999`);
  await page.route(campaign, (route) => route.fulfill({ body: unseen, contentType: 'text/html; charset=utf-8' }));
  await page.goto(campaign);
  await expectVerdict(page, 'cannot', 'a page of a checkpoint that nobody can see');
  await page.unroute(campaign);

  await page.goto((await give(page, house.origin)).receipt);
  await downloadProof(page);
  await page.route(campaign, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await page.goto(campaign);
  await expectVerdict(page, 'verified', 'an older page');
  assert.match(await page.locator(BADGE).innerText(), /又有 [1-9][0-9]* 条更新的记录/);
}

async function judgeFile(page, house, bytes, state, says) {
  await page.goto(`${house.origin}/verify`);
  await page.locator('#verify-file').setInputFiles({ name: 'answer.tlog-proof', mimeType: 'text/plain', buffer: bytes });
  const result = page.locator(`[data-result][data-proof=${state}]`);
  await result.waitFor({ timeout: WAIT_MS });
  assert.match(await result.innerText(), says);
}

/** A photo of a receipt's QR code is read on the verify page, also in a browser that has no reader of its own; a picture
 * without a code says so; the reader is fetched once where the browser has none, so that it is there without a network. */
export async function photoIsRead({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const own = await page.evaluate(async () => (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []))?.includes('qr_code') ?? false);
  const fetched = [];
  page.on('request', (request) => /qr-reader/.test(request.url()) && fetched.push(request.url()));
  await page.goto(house.origin + donation);
  const code = page.locator('.receipt svg.qr, .receipt .qr').first();
  await code.scrollIntoViewIfNeeded();
  const straight = await code.screenshot();
  // As a photo: turned, smaller, grey and in a corner of something larger.
  const photo = await page.evaluate(async (png) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
    const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
    const pen = canvas.getContext('2d');
    const light = pen.createLinearGradient(0, 0, 1600, 1200);
    light.addColorStop(0, '#e9e4d8');
    light.addColorStop(1, '#8f8a80');
    pen.fillStyle = light;
    pen.fillRect(0, 0, 1600, 1200);
    pen.translate(900, 600);
    pen.rotate(0.35);
    pen.transform(1, 0.06, -0.08, 0.94, 0, 0);
    pen.drawImage(picture, -190, -190, 380, 380);
    return canvas.toDataURL('image/jpeg', 0.7).split(',')[1];
  }, straight.toString('base64'));
  await page.goto(`${house.origin}/verify`);
  const result = page.locator('[data-result]');
  for (const [name, buffer] of [['straight.png', straight], ['photo.jpg', Buffer.from(photo, 'base64')]]) {
    for (const input of ['#verify-photo', '#verify-file']) {
      await page.locator(input).setInputFiles({ name, mimeType: name.endsWith('png') ? 'image/png' : 'image/jpeg', buffer });
      await page.locator('[data-result][data-proof=verified]').waitFor({ timeout: WAIT_MS }).catch(async () => assert.fail(`${name} by ${input}: ${await result.innerText()}`));
      assert.ok((await result.innerText()).includes(donation.split('/').pop()), name);
      await page.reload();
    }
  }
  const empty = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 300 });
    canvas.getContext('2d').fillRect(20, 20, 100, 100);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  await page.locator('#verify-photo').setInputFiles({ name: 'empty.png', mimeType: 'image/png', buffer: Buffer.from(empty, 'base64') });
  await page.locator('[data-result][data-proof=cannot]').waitFor({ timeout: WAIT_MS });
  assert.match(await result.innerText(), /没有找到二维码/);
  assert.ok(own || fetched.length > 0, 'this browser cannot read codes, yet no reader was fetched');
}

/** What engineers look for stands folded up under the verdict: statement, path, checkpoint, command; and the file there
 * is the one that the command line takes. */
export async function engineersSeeAll({ page, house }) {
  const [donation] = await pagesWithBadges(page, house);
  const id = donation.split('/').pop();
  await page.goto(`${house.origin}/verify`);
  await page.locator('#verify-q').fill(house.origin + donation);
  await page.locator('[data-verify] button[type=submit]').click();
  await page.locator('[data-result][data-proof=verified]').waitFor({ timeout: WAIT_MS });
  const details = page.locator('details.engineers');
  assert.equal(await details.getAttribute('open'), null, 'the details are open unasked');
  await details.locator('summary').click();
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `the open details stick out by ${wide} px`);
  const saved = await details.locator('a[download]').getAttribute('href');
  const proof = Buffer.from(saved.split(',')[1], 'base64').toString();
  // Another journey may have made the log grow since: then the house's file has a newer checkpoint and the same statement.
  const served = await (await page.request.get(`${house.origin}${donation}/proof`)).text();
  assert.deepEqual(proof.split('\n').slice(0, 3), served.split('\n').slice(0, 3), 'the saved file is about another statement');
  const text = await details.evaluate((node) => node.textContent);
  const [head, note] = [proof.slice(0, proof.indexOf('\n\n')), proof.slice(proof.indexOf('\n\n') + 2)];
  for (const hash of head.split('\n').slice(3)) assert.ok(text.includes(hash), `the hash ${hash} is not shown`);
  assert.ok(text.includes(note), 'the checkpoint with its signatures is not shown');
  assert.ok(text.includes(`shanji verify ${id}.tlog-proof --vkey log.vkey`), text);
  const leaf = JSON.parse(Buffer.from(head.split('\n')[1].slice('extra '.length), 'base64').toString()).leaf;
  const shown = await details.locator('pre').first().textContent();
  assert.deepEqual(JSON.parse(shown), JSON.parse(Buffer.from(leaf, 'base64url').toString()), 'the statement is another one');
}
