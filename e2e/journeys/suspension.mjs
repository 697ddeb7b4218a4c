// A qualification is suspended and given back by two officials; the certificate that was issued before says both at once.
import assert from 'node:assert/strict';
import { openContext } from '../lib/dress.mjs';
import { choose, follow, goOn, type } from '../lib/keyboard.mjs';
import { phonePhoto } from '../lib/photo.mjs';

const CHARITY = '萤灯教育基金会';
const WAIT_MS = 30_000;

/** Whose qualification it is: printed id. */
async function charityId(page, house) {
  await page.goto(`${house.origin}/organisations?name=${encodeURIComponent(CHARITY)}`);
  const link = await page.locator('main a[href^="/organisations/org_"]').first().getAttribute('href');
  return link.split('/').at(-1);
}

/** What the browser says of a certificate's code once the log has signed what was just decided. */
async function verdictOf(page, house, payload, isIt) {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    await page.goto('about:blank');
    await page.goto(`${house.origin}/verify#${payload}`);
    const result = page.locator('[data-result]');
    await page.locator('[data-result][data-proof]:not([data-proof=checking])').waitFor({ timeout: WAIT_MS });
    const verdict = { proof: await result.getAttribute('data-proof'), words: await result.innerText() };
    if (isIt(verdict)) return;
    assert.ok(Date.now() < until, `the verdict stays ${JSON.stringify(verdict)}`);
    await page.waitForTimeout(500);
  }
}

/** Takes a step of a matter: its link, its fields, its button. */
async function take(page, matter, title, fields = {}) {
  await page.goto(matter);
  await follow(page, page.locator('main a', { hasText: title }).first(), title);
  for (const [name, text] of Object.entries(fields)) {
    const field = page.locator(`main form.ask [name=${name}]`);
    if ((await field.getAttribute('type')) === 'date') await field.fill(text);
    else await type(page, field, text, name);
  }
  await follow(page, goOn(page), `the button: ${title}`);
  assert.ok(page.url().includes('done=matter-step'), `${title} was not done: ${await page.locator('main').innerText()}`);
}

/** Begins a measure and writes it down; the address of the matter. */
async function propose(page, house, { organisation, procedure, reason, told }) {
  await page.goto(`${house.origin}/desk/measures/new?organisation=${organisation}`);
  await choose(page, page.locator(`[name=procedure][value=${procedure}]`), procedure);
  await follow(page, goOn(page), 'the button that begins');
  const matter = page.url().replace(/\/form.*$/, '');
  await type(page, page.locator('[name=facts]'), '检查笔录和账目附后。', 'the facts');
  await type(page, page.locator('[name=public_reason]'), reason, 'the public reason');
  const photo = { name: '笔录.jpg', mimeType: 'image/jpeg', buffer: await phonePhoto(page, '检查笔录') };
  await page.locator('[name=evidence]').setInputFiles(photo);
  if (told) await page.locator('[name=notice]').setInputFiles({ ...photo, name: '事先告知书.jpg' });
  await follow(page, page.locator('main form button[type=submit]').last(), 'the button that saves');
  await take(page, matter, '提出处理意见');
  if (told) await take(page, matter, '登记已事先告知', { dated: told, reason: '已送达告知书，当事人没有异议。' });
  return matter;
}

let turn = Promise.resolve();
let decisions = 0;

/** One at a time: two suspensions at once are one too many. */
export function suspendedAndGivenBack(journey) {
  const own = turn.then(() => suspendAndGiveBack(journey));
  turn = own.catch(() => {});
  return own;
}

async function suspendAndGiveBack({ page, house, dress }) {
  const organisation = await charityId(page, house);
  await page.goto(`${house.origin}/organisations/${organisation}/certificates/fundraising`);
  const payload = await page.locator('pre').textContent();
  const campaign = await liveCampaign(page, house, organisation);
  const contexts = [];
  const as = async (login) => {
    const context = await openContext(house.browser, house.origin, dress, { cookies: house.cookies.get(login) });
    contexts.push(context);
    return context.newPage();
  };
  try {
    const [clerk, leader] = [await as('handler'), await as('decider')];
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    decisions += 1;
    const number = `云民慈停〔2026〕${process.pid}${decisions}号`;
    const reason = '公示的账目与原始凭证不一致。';
    const suspension = await propose(clerk, house, { organisation, procedure: 'suspension', reason, told: today });
    await take(leader, suspension, '决定中止', { document: number, reason });
    await verdictOf(page, house, payload, ({ proof, words }) => proof !== 'certified' && words.includes('中止') && words.includes(number));
    await page.goto(`${house.origin}${campaign}`);
    const said = await page.locator('main').innerText();
    assert.ok(said.includes(reason), `the page of the campaign does not say why it takes no gifts: ${said}`);
    assert.equal(await page.locator('main a[href$="/give"]').count(), 0, 'gifts are still asked for');
    const lifting = await propose(clerk, house, { organisation, procedure: 'lifting', reason: '账目已更正并重新公示。' });
    await take(leader, lifting, '决定恢复', { document: `${number}之一`, reason: '账目已更正并重新公示。' });
    await verdictOf(page, house, payload, ({ proof, words }) => proof === 'certified' && !words.includes('中止'));
    await page.goto(`${house.origin}${campaign}`);
    assert.ok(await page.locator('main a[href$="/give"]').count(), 'the campaign asks for no gifts after the restoration');
  } finally {
    for (const context of contexts) await context.close();
  }
}

/** A campaign of the charity that takes gifts. */
async function liveCampaign(page, house, organisation) {
  const name = encodeURIComponent(CHARITY);
  const rows = await (await page.request.get(`${house.origin}/campaigns/table.json?organisation=${name}`)).json();
  const own = rows.find((row) => row.organisation_id === organisation && row.state === 'live');
  assert.ok(own, `no live campaign of ${organisation}: ${JSON.stringify(rows)}`);
  return `/campaigns/${own.campaign_id}`;
}
