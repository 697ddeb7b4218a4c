// The desk: slips at the counter, a payment by three people, sessions that end, two tabs.
import { expect } from '../lib/cases.mjs';
import { openContext } from '../lib/dress.mjs';
import { PASSWORD } from '../lib/house.mjs';
import { sendFile } from '../lib/imports.mjs';
import { choose, follow, goOn, pick, type } from '../lib/keyboard.mjs';
import { signIn } from '../lib/people.mjs';

/** A short list is posted within this time even on a busy machine. */
const POSTED_MS = 40_000;

let slips = 0;
const slip = () => `E2E-${process.pid}-${(slips += 1)}`;

/** The address of somebody's own desk. */
async function deskOf(page, origin) {
  await page.goto(`${origin}/desk`);
  await page.waitForURL(/\/desk\/organisations\//);
  return page.url().split('?')[0];
}

/** The row of a slip among those of today. The number of another slip and its amount behind it can look like this one. */
const rowOf = (page, own) => {
  const cell = page.locator('td', { hasText: new RegExp(`^\\s*${own}\\s*$`) });
  return page.locator('main section[aria-labelledby=slips] tbody tr', { has: cell });
};

async function toCounter(page, origin) {
  const desk = await deskOf(page, origin);
  await follow(page, page.locator('main a[href$="/counter"]').first(), 'the counter');
  return desk;
}

/** Three slips one after the other without a mouse; the number comes at once, the form is free again. */
export async function clerkAtTheCounter({ page, house }) {
  await toCounter(page, house.origin);
  const numbers = new Set();
  const typed = [];
  for (const amount of ['12.30', '300', '1000']) {
    await type(page, page.locator('[name=amount]'), amount, 'the amount');
    typed.push(slip());
    await type(page, page.locator('[name=slip]'), typed.at(-1), 'the slip');
    await type(page, page.locator('[name=donor_name]'), '柜台客', 'the name');
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState('load');
    const done = page.locator('main [role=status] a[href^="/donations/"], main [role=status]').first();
    expect(await done.count(), `nothing is said after the slip over ${amount}`);
    numbers.add((await done.innerText()).trim());
    expect((await page.locator('[name=amount]').inputValue()) === '', 'the amount of the slip before is still there');
    expect(await page.evaluate(() => document.activeElement?.name === 'amount'), 'the next slip does not begin at the amount');
  }
  expect(numbers.size === 3, `three slips got ${numbers.size} numbers`);
  const today = await page.locator('main section[aria-labelledby=slips]').innerText();
  for (const number of numbers) expect(today.includes(/don_\w+/.exec(number)?.[0] ?? number), `“${number}” is not among the slips of today: ${today}`);
  // By its own number each is found again, printed and, if it was wrong, put right.
  for (const own of typed) {
    const row = rowOf(page, own);
    expect((await row.count()) === 1, `the slip ${own} is not among those of today: ${today}`);
    const paper = await row.locator('a[href$="/receipt.pdf"]').getAttribute('href');
    expect((await page.request.get(house.origin + paper)).headers()['content-type'] === 'application/pdf', `${paper} is no paper`);
    expect(await row.locator('a[href$="/correct"]').count(), `the slip ${own} cannot be put right`);
  }
}

/** A place is written by its name: one that is meant alone is taken, of several with the same name one is chosen, and a
 * script suggests; nobody has to know a code. */
export async function placeByName({ page, house, name }) {
  const desk = await deskOf(page, house.origin);
  await page.goto(desk);
  await follow(page, page.locator('main a[href$="/campaigns/new"]').first(), 'a new campaign');
  const form = page.locator('main form.ask');
  await form.evaluate((node) => (node.noValidate = true));
  await type(page, page.locator('input[name=region]'), '鼓楼区', 'the place');
  await follow(page, goOn(page), 'the button');
  const several = page.locator('select[name=region]');
  expect(await several.count(), `several places are called so, none is offered: ${await page.locator('main [role=alert]').innerText()}`);
  const offered = await several.locator('option').allInnerTexts();
  expect(offered.some((words) => /江苏省 南京市 鼓楼区 320106/.test(words)), `offered: ${offered}`);
  await several.selectOption({ label: offered.find((words) => words.includes('320106')) });
  await page.locator('main form.ask').evaluate((node) => (node.noValidate = true));
  await follow(page, goOn(page), 'the button again');
  const problems = await page.locator('main [role=alert]').innerText();
  expect(!(await page.locator('main [role=alert] a[href="#region"]').count()), `the chosen place is refused: ${problems}`);
  await page.goto(`${desk}/campaigns/new`);
  if (name.endsWith('false')) return;
  const field = page.locator('input[name=region]');
  await field.focus();
  await page.keyboard.type('西湖区');
  await page.locator('.entry .suggestions li').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(/ \d{6}$/.test(await field.inputValue()), `the chosen place is “${await field.inputValue()}”`);
}

/** What is to be taken down is found by its name, from the desk to the form, and nobody copies a number. */
export async function withdrawsByName({ page, house }) {
  const desk = await deskOf(page, house.origin);
  await page.goto(`${desk}/withdraw`);
  const campaign = page.locator('main a[href*="/withdraw?campaign="]').first();
  const title = (await campaign.innerText()).trim();
  await type(page, page.locator('[name=q]'), title.slice(0, 4), 'words of the title');
  await page.keyboard.press('Enter');
  const found = page.locator('main a[href*="/withdraw?record=cam_"]').first();
  await found.waitFor();
  await follow(page, found, 'the campaign');
  const record = await page.locator('[name=record]').inputValue();
  expect(/^cam_/.test(record), `the form is about “${record}”`);
  const fields = await page.locator('[name=field]').evaluateAll((all) => all.map((one) => one.value));
  expect(fields.join() === 'title,story,promise', `a campaign has ${fields}`);
  await page.goto(`${desk}/withdraw`);
  await follow(page, page.locator('main a[href*="/withdraw?campaign="]').first(), 'a campaign');
  const movements = page.locator('main a[href*="/withdraw?record=mov_"]');
  for (let n = 0; n < (await movements.count()); n += 1) {
    await page.goto(house.origin + (await movements.nth(n).getAttribute('href')));
    const files = page.locator('select[name=file] option');
    if (await files.count()) {
      expect((await files.last().getAttribute('value')).length === 64, 'a file has no digest');
      return;
    }
    await page.goBack();
  }
}

/** A slip that arrives twice is one gift. */
export async function slipArrivesTwice({ page, house }) {
  await toCounter(page, house.origin);
  const own = slip();
  const answers = [];
  for (let time = 0; time < 2; time += 1) {
    await type(page, page.locator('[name=amount]'), '66', 'the amount');
    await type(page, page.locator('[name=slip]'), own, 'the slip');
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState('load');
    answers.push(await page.locator('main [role=status]').first().innerText());
  }
  const number = (text) => /[A-Za-z0-9_]{10,}/.exec(text)?.[0];
  expect(number(answers[0]) && number(answers[0]) === number(answers[1]), `the same slip twice: “${answers[0]}”, then “${answers[1]}”`);
}

/** A slip that is refused stands at an address: reloading and coming back show it filled; once it is booked, Back leads to an empty form. */
export async function refusedSlipIsComeBackTo({ page, house }) {
  const desk = await toCounter(page, house.origin);
  const own = slip();
  await type(page, page.locator('[name=amount]'), '3.5万', 'an amount in words');
  await type(page, page.locator('[name=slip]'), own, 'the slip');
  await type(page, page.locator('[name=donor_name]'), '回头看的柜台客', 'the name');
  await send(page);
  const isRefused = async (after) => {
    const told = await page.locator('#problems').innerText().catch(() => '');
    expect(/35,000\.00元（叁万伍仟元整）/.test(told), `after ${after} at ${page.url()} it is said: ${told}`);
    for (const [name, want] of [['amount', '3.5万'], ['slip', own], ['donor_name', '回头看的柜台客']]) {
      const kept = await page.locator(`[name=${name}]`).inputValue();
      expect(kept === want, `after ${after} ${name} is “${kept}”`);
    }
  };
  await isRefused('the refusal');
  const shown = await page.reload({ waitUntil: 'load' });
  expect(shown.request().method() === 'GET', 'reloading sends the form again');
  await isRefused('reloading');
  await page.goto(desk);
  await page.goBack({ waitUntil: 'load' });
  await isRefused('going away and back');
  await type(page, page.locator('[name=amount]'), '35', 'the amount in digits');
  await page.locator('[name=slip]').focus();
  await send(page);
  const today = rowOf(page, own);
  expect((await today.count()) === 1, `the slip ${own} is not among those of today`);
  await page.goBack({ waitUntil: 'load' });
  expect(page.url().split('?')[0].endsWith('/counter'), `Back leads to ${page.url()}`);
  expect(!(await page.locator('#problems').count()), 'what is booked is still called refused');
  expect((await rowOf(page, own).count()) === 1, 'the slip is not told after Back');
}

/** Enter in the field that has the focus; waits for the page that comes of it. */
async function send(page) {
  const gone = page.waitForEvent('framenavigated');
  await page.keyboard.press('Enter');
  await gone;
  await page.waitForLoadState('load');
}

/** The maker asks for a small payment; its address and the organisation of the desk. */
async function ask(page, house) {
  const desk = await deskOf(page, house.origin);
  await page.goto(desk);
  await follow(page, page.locator('main a[href$="/disbursement"]').first(), 'the request for a payment');
  await type(page, page.locator('[name=amount]'), '100', 'the amount');
  await choose(page, page.locator('[name=class]').first(), 'the class');
  await choose(page, page.locator('[name=payee_kind]').first(), 'the kind of payee');
  await type(page, page.locator('[name=payee]'), '青禾市禾语社会工作服务中心', 'the payee');
  await type(page, page.locator('[name=purpose]'), '浏览器测试：采购蒸箱一台', 'the purpose');
  await follow(page, goOn(page), 'the button that asks');
  const request = await requestAddress(page, house.origin, desk);
  return { request, organisation: desk.split('/').at(-1) };
}

/** A payment that was asked for and checked, and waits to be paid. */
export async function asksForPayment({ page, house, dress }) {
  const asked = await ask(page, house);
  const context = await openContext(house.browser, house.origin, dress, { cookies: house.cookies.get('checker') });
  try {
    const theirs = await context.newPage();
    await theirs.goto(house.origin + asked.request);
    await follow(theirs, goOn(theirs, 'main form[action$="/check"]'), 'the check');
  } finally {
    await context.close();
  }
  return asked;
}

/** Maker, checker, approver and payer, each in a browser of their own. */
export async function paymentByFour({ page, house, dress }) {
  const { request } = await ask(page, house);
  for (const [login, step] of [['checker', 'check'], ['approver', 'approve'], ['payer', 'pay']]) {
    const context = await openContext(house.browser, house.origin, dress, { cookies: house.cookies.get(login) });
    try {
      const theirs = await context.newPage();
      await theirs.goto(house.origin + request);
      const form = `main form[action$="/${step}"]`;
      // Small sums need no approval.
      if (step === 'approve' && !(await theirs.locator(form).count())) continue;
      expect(await theirs.locator(form).count(), `${login} is not offered “${step}” at ${request}: ${(await theirs.locator('main').innerText()).slice(0, 300)}`);
      const place = theirs.locator(`${form} [name=place]`);
      if (await place.count()) {
        if (await theirs.locator(`${form} select[name=place]`).count()) await pick(theirs, 'place', '银行');
        else await choose(theirs, theirs.locator(form).locator('label', { hasText: '银行' }).locator('[name=place]'), 'the place');
      }
      await follow(theirs, goOn(theirs, form), step);
      expect(!(await theirs.locator('main [role=alert]').count()), `${login} cannot ${step}: ${await theirs.locator('main [role=alert]').allInnerTexts()}`);
    } finally {
      await context.close();
    }
  }
  await page.goto(house.origin + request);
  expect(await page.locator('.badge.paid').count(), `the payment is not paid: ${await page.locator('main').innerText()}`);
  expect(!(await page.locator('main form[action$="/check"]').count()), 'the maker may check an own request');
}

async function requestAddress(page, origin, desk) {
  const own = /\/desk\/disbursements\/[^/?#]+/;
  if (own.test(page.url())) return own.exec(page.url())[0];
  await page.goto(desk);
  const links = await page.locator('main a[href*="/desk/disbursements/"]').evaluateAll((all) => all.map((a) => ({ href: a.getAttribute('href'), row: a.closest('tr, li, article')?.textContent ?? '' })));
  const found = links.find((link) => link.row.includes('浏览器测试')) ?? links[0];
  expect(found, 'the request is not on the desk');
  return own.exec(new URL(found.href, origin).pathname)[0];
}

/** Everything wrong at once is said at once, and what was typed stays. */
export async function wrongSlip({ page, house }) {
  await toCounter(page, house.origin);
  await page.locator('main form').first().evaluate((form) => (form.noValidate = true));
  await type(page, page.locator('[name=amount]'), '十二块', 'the amount');
  await type(page, page.locator('[name=donor_name]'), '某'.repeat(300), 'the name');
  await follow(page, goOn(page), 'the button');
  const top = page.locator('main [role=alert]');
  expect((await top.locator('a').count()) >= 3, `only ${await top.locator('a').count()} of 3 problems at the top: ${await top.allInnerTexts()}`);
  expect((await page.locator('[name=amount]').inputValue()) === '十二块', 'the amount that was typed is gone');
  expect((await page.locator('[name=donor_name]').inputValue()).length === 300, 'the name that was typed is gone');
  await follow(page, goOn(page), 'the button again').catch(() => {});
}

/** The session ends while a slip is typed: nothing is booked, nothing typed is lost, and after signing in it counts once. */
export async function sessionEnds({ house, dress }) {
  const context = await openContext(house.browser, house.origin, dress, { cookies: await signIn(house.browser, house.origin, 'maker') });
  try {
    const page = await context.newPage();
    await toCounter(page, house.origin);
    const number = slip();
    await type(page, page.locator('[name=amount]'), '88', 'the amount');
    await type(page, page.locator('[name=slip]'), number, 'the slip');
    await context.clearCookies({ name: 'shanji_session' });
    await follow(page, goOn(page), 'the button');
    expect(await page.locator('[name=password]').count(), `without a session the slip ended at ${page.url()}`);
    await type(page, page.locator('[name=login]'), 'maker', 'the login');
    await type(page, page.locator('[name=password]'), 'not the password', 'the password');
    await follow(page, goOn(page), 'signing in with a wrong password');
    await type(page, page.locator('[name=password]'), PASSWORD, 'the password');
    await follow(page, goOn(page), 'signing in');
    const kept = page.locator('[name=slip]');
    expect((await kept.count()) && (await kept.inputValue()) === number, `after signing in again the slip ${number} is gone: ${page.url()}`);
    await follow(page, goOn(page), 'the button that sends it');
    expect((await page.locator('main [role=status]').first().innerText()).trim(), 'nothing is said after the slip was sent');
  } finally {
    await context.close();
  }
}

/** The same form open in two tabs: each sends its own slip, neither takes the other's. */
export async function twoTabs({ page, house }) {
  const desk = await toCounter(page, house.origin);
  const other = await page.context().newPage();
  await other.goto(`${desk}/counter`);
  const said = [];
  for (const [tab, amount] of [[page, '11'], [other, '22']]) {
    await type(tab, tab.locator('[name=amount]'), amount, 'the amount');
    await type(tab, tab.locator('[name=slip]'), slip(), 'the slip');
  }
  for (const tab of [other, page]) {
    await follow(tab, goOn(tab), 'the button');
    said.push(await tab.locator('main [role=status]').first().innerText());
  }
  expect(said[0] !== said[1], `two tabs, two slips, one answer: ${said[0]}`);
  await other.close();
}

/** Files that were brought, so that no two are the same. */
let imports = 0;

/** A list with headings of its own: mapped, looked at, taken back, staged again, posted, found; and the same list again is refused. */
export async function importsFile({ page, house, name }) {
  const desk = await deskOf(page, house.origin);
  const own = `${name}-${process.pid}-${(imports += 1)}`;
  // Sums that no other gift has, so that they are found again.
  const sums = [`4${imports}21.${(process.pid % 90) + 10}`, `3${imports}07.${(process.pid % 90) + 10}`];
  // Headings are remembered, so each journey has its own.
  const file = { name: `${own}.csv`, text: `哪一笔,谁给的,钱数,几号,说明 ${own}\r\n${own}-1,柳一帆,${sums[0]},2026-11-20,加油\r\n${own}-2,石小满,五元,2026-11-20,\r\n${own}-3,,${sums[1]},2026-11-21,\r\n` };
  await bring(page, desk, file);
  expect(!(await page.locator('main form.ask').count()), 'a list whose headings nobody knows can be staged');
  for (const [field, heading] of [['number', '哪一笔'], ['amount', '钱数'], ['time', '几号'], ['name', '谁给的'], ['note', '说明']]) await pick(page, `column_${field}`, heading);
  await follow(page, page.locator('main .list-form button[type=submit]'), 'the button that looks again');
  const seen = await page.locator('main').innerText();
  for (const words of ['文件 3 行 = 接受 2 行 + 退回 1 行', '五元', '柳一帆']) expect(seen.includes(words), `the look does not say “${words}”: ${seen}`);
  await follow(page, goOn(page), 'the button that stages');
  const first = page.url();
  expect(/\/desk\/imports\//.test(first), `staging ended at ${first}`);
  expect(await page.locator('main a[href$="/rejects.csv"]').count(), 'the rows sent back cannot be downloaded');
  await follow(page, page.locator('main form[action$="/undo"] button'), 'the button that takes it back');
  expect(await page.locator('.badge.undone').count(), 'the run was not taken back');
  await bring(page, desk, file);
  expect((await page.locator('main').innerText()).includes('沿用上次的对应'), 'the columns are not remembered');
  await follow(page, goOn(page), 'the button that stages again');
  const run = page.url();
  expect(run !== first, 'the run that was taken back is staged again');
  await follow(page, page.locator('main form[action$="/post"] button'), 'the button that posts');
  const until = Date.now() + POSTED_MS;
  while (!(await page.locator('.badge.posted').count())) {
    expect(Date.now() < until, `not posted: ${await page.locator('main').innerText()}`);
    await page.waitForTimeout(500);
    await page.goto(run);
  }
  expect(!(await page.locator('main form[action$="/undo"], main form[action$="/post"]').count()), 'what is posted can still be taken back');
  await follow(page, page.locator('main a[href*="/gifts"]'), 'the link to what was entered');
  const gifts = await page.locator('main').innerText();
  for (const sum of sums) expect(gifts.replaceAll(',', '').includes(sum), `the gift over ${sum} is not found`);
  await bring(page, desk, file);
  const again = page.locator(`main [role=status] a[href="${new URL(run).pathname}"]`);
  expect(await again.count(), `the same file again does not name the earlier import: ${await page.locator('main').innerText()}`);
  expect(!(await page.locator('main form.ask').count()), 'the same file can be staged twice');
}

async function bring(page, desk, file) {
  await page.goto(desk);
  await follow(page, page.locator('main a[href$="/imports/new"]').first(), 'the import');
  await sendFile(page, file);
  await follow(page, goOn(page), 'the button that looks');
}

/** The line is cut while a slip is sent: whether the clerk reloads or goes back, the slip is typed once and booked once. */
export async function counterLosesTheLine({ page, house }) {
  for (const way of ['reload', 'back']) {
    await toCounter(page, house.origin);
    const own = slip();
    await type(page, page.locator('[name=amount]'), '45.60', 'the amount');
    await type(page, page.locator('[name=slip]'), own, 'the slip');
    await type(page, page.locator('[name=donor_name]'), '断线的柜台客', 'the name');
    await page.context().setOffline(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/^chrome-error:/, { timeout: 5_000 }).catch(() => {});
    await page.context().setOffline(false);
    if (way === 'reload') {
      await page.reload({ waitUntil: 'load' });
    } else {
      await page.goBack({ waitUntil: 'load' });
      // A browser may put its error page into the place of the form: then the clerk opens the form again.
      if (!page.url().endsWith('/counter')) await follow(page, page.locator('main a[href$="/counter"]').first(), 'the counter again');
      expect((await page.locator('[name=slip]').inputValue()) === own, `after Back the slip is “${await page.locator('[name=slip]').inputValue()}” at ${page.url()}`);
      const gone = page.waitForEvent('framenavigated');
      await page.locator('[name=slip]').press('Enter');
      await gone;
      await page.waitForLoadState('load');
    }
    const today = rowOf(page, own);
    expect((await today.count()) === 1, `the slip ${own} stands ${await today.count()} times among those of today after ${way}`);
  }
}

/** The office hours change at the desk, and the public page says so at once; a person's number is refused before. */
export function publishesContact(journey) {
  // Two at once would be two colleagues, of whom the second is told that the first was faster.
  const own = contactTurn.then(() => changeContact(journey));
  contactTurn = own.catch(() => {});
  return own;
}

let contactTurn = Promise.resolve();

async function changeContact({ page, house }) {
  const desk = await deskOf(page, house.origin);
  await page.goto(desk);
  await follow(page, page.locator('main a[href$="/contact"]').first(), 'the contact');
  const telephones = await page.locator('[name=telephones]').inputValue();
  await type(page, page.locator('[name=telephones]'), '13800138000', 'a mobile telephone');
  await follow(page, goOn(page), 'the button');
  const told = await page.locator('main [role=alert]').innerText();
  expect(told.includes('13800138000'), `a personal number is not refused: ${told}`);
  await type(page, page.locator('[name=telephones]'), telephones, 'the office telephones');
  const hours = `周一至周五 9:00至17:00（第${(slips += 1)}版）`;
  await type(page, page.locator('[name=hours]'), hours, 'the hours');
  await follow(page, goOn(page), 'the button again');
  const organisation = desk.split('/').at(-1);
  await page.goto(`${house.origin}/organisations/${organisation}#whom`);
  const shown = await page.locator('main section[aria-labelledby=whom]').innerText();
  expect(shown.includes(hours), `the public page does not say the new hours: ${shown}`);
  expect(await page.locator('main a[href^="tel:0000"]').count(), 'the telephone is no link');
}
