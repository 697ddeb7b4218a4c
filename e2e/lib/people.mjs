// The demo's people. Each signs in once through the sign-in page like everybody else; the browser
// contexts of the tests then carry their cookies.
import { PASSWORD } from './house.mjs';

/** Who looks at pages, and as what; `public` is nobody in particular. */
export const PEOPLE = ['maker', 'checker', 'approver', 'payer', 'partner', 'admin', 'supervisor', 'yd-maker', 'handler', 'decider', 'jc-maker', 'wj-maker'];

/** Signs in by the form and returns the cookies. */
export async function signIn(browser, origin, login) {
  const context = await browser.newContext({ locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/sign-in`);
    await page.locator('[name=login]').fill(login);
    await page.locator('[name=password]').fill(PASSWORD);
    await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')), page.locator('main form button[type=submit]').first().click()]);
    return await context.cookies();
  } finally {
    await context.close();
  }
}

/** Signs everybody in. */
export async function signInAll(browser, origin, logins = PEOPLE) {
  const cookies = new Map([['public', []]]);
  for (const login of logins) cookies.set(login, await signIn(browser, origin, login));
  return cookies;
}

/** As a request header. */
export const cookieHeader = (cookies) => cookies.map((one) => `${one.name}=${one.value}`).join('; ');
