// Files of gifts that are brought to the desk, as a clerk does; so that the pages of an import exist before they are looked at.
import { openContext } from './dress.mjs';

/** Headings that no known list has: the clerk says where everything stands. */
const UNKNOWN = '哪一笔,谁给的,钱数,几号,说明\r\nE2E-U1,柳一帆,18.80,2026-11-20,给孩子\r\nE2E-U2,,6.66,2026-11-21,\r\n';
/** The headings of our own template, with rows that are sent back. */
const KNOWN = '渠道单号,金额,时间,姓名,备注,渠道,手续费\r\nE2E-K1,12.30,2026-11-20 09:30:00,柳一帆,加油,现金,0\r\nE2E-K2,五元,2026-11-20 10:00:00,青禾市一家名字很长很长的文化旅游发展有限责任公司,,微信,0.03\r\nE2E-K3,7.70,去年冬天,,,支付宝,\r\nE2E-K4,66.60,2026-11-21 08:00:00,,一路平安,银行转账,\r\n';

/** On the page that takes files: brings one and goes on to its look. */
export async function sendFile(page, { name, text, campaign }) {
  await page.locator('main [name=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const select = page.locator('main select[name=campaign]');
  if (await select.count()) await select.selectOption(campaign ?? { index: 1 });
  else await page.locator('main input[name=campaign]').first().check();
}

async function look(page, desk, file) {
  await page.goto(`${desk}/imports/new`);
  await sendFile(page, file);
  await Promise.all([page.waitForURL(/\/imports\/look/), page.locator('main form.ask button[type=submit]').click()]);
  const url = new URL(page.url());
  return url.pathname + url.search;
}

/** The states of the pages of an import: a list to be mapped, one with rows sent back, and its run. */
export async function importStates(browser, origin, cookies) {
  const person = 'maker';
  const context = await openContext(browser, origin, { theme: 'light', language: 'zh-CN', width: 1440 }, { cookies: cookies.get(person) });
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/desk`);
    const desk = page.url().split('?')[0];
    const mapping = await look(page, desk, { name: '登记.csv', text: UNKNOWN });
    const known = await look(page, desk, { name: '十一月收款.csv', text: KNOWN });
    await Promise.all([page.waitForURL(/\/desk\/imports\//), page.locator('main form.ask button[type=submit]').click()]);
    const run = new URL(page.url()).pathname;
    const looks = '/desk/organisations/{organisation}/imports/look';
    return [
      { name: 'import.mapping', person, path: mapping, route: looks },
      { name: 'import.known', person, path: known, route: looks },
      { name: 'import.run', person, path: run, route: '/desk/imports/{run}' },
    ];
  } finally {
    await context.close();
  }
}
