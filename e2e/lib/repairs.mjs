// A request that waits for a second person, so that its page is there before the pages are looked at.
import assert from 'node:assert/strict';
import { openContext } from './dress.mjs';

/** The maker asks that the newest gift on the desk that can be given back is given back; nobody confirms it. */
export async function askForRefund(browser, origin, cookies) {
  const context = await openContext(browser, origin, { theme: 'light', language: 'zh-CN', width: 1440 }, { cookies: cookies.get('maker') });
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/desk`);
    await page.goto(origin + (await page.locator('main a[href^="/desk/donations/"][href$="/refund"]').first().getAttribute('href')));
    await page.locator('main [name=reason]').fill('捐赠人来电说转错了账户，已核对银行回单，申请原路退回');
    const sent = page.waitForNavigation({ waitUntil: 'load' });
    await page.locator('main form.ask button[type=submit]').click();
    await sent;
    assert.match(new URL(page.url()).search, /done=/, '退款申请没有送出');
  } finally {
    await context.close();
  }
}
