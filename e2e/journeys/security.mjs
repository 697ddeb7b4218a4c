// Two-step sign-in: switched on with a computed code, asked for at the next sign-in and before a payment; and the same
// with a passkey that the browser's own virtual authenticator holds.
import { createHmac } from 'node:crypto';
import { expect } from '../lib/cases.mjs';
import { openContext } from '../lib/dress.mjs';
import { choose, follow, goOn, pick, type } from '../lib/keyboard.mjs';
import { asksForPayment } from './desk.mjs';

const PASSWORD = 'a-long-password-of-our-own';
let people = 0;

/** The bytes of a secret in base 32. */
function bytesOf(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text.replaceAll(' ', '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of RFC 6238 that a telephone would show now. */
export function codeNow(secret, now = Date.now()) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const hash = createHmac('sha1', bytesOf(secret)).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A payer of their own, so that no other journey is asked for codes. */
async function newPayer(house, dress, organisation) {
  people += 1;
  const login = `payer.e2e.${process.pid}.${people}`;
  const context = await openContext(house.browser, house.origin, dress, { cookies: house.cookies.get('admin') });
  try {
    const page = await context.newPage();
    await page.goto(`${house.origin}/desk/users/new`);
    await type(page, page.locator('[name=login]'), login, 'the login');
    await type(page, page.locator('[name=name]'), '浏览器出纳', 'the name');
    await type(page, page.locator('[name=password]'), PASSWORD, 'the password');
    await follow(page, goOn(page), 'the button that makes the user');
    await page.goto(`${house.origin}/desk/users/grant`);
    await page.locator('[name=login]').selectOption(login);
    await page.locator('[name=role][value=payer]').check();
    await type(page, page.locator('[name=organisation]'), organisation, 'the organisation');
    await follow(page, goOn(page), 'the button that grants');
    expect(/done=grant/.test(page.url()), `the role was not granted: ${await page.locator('main').innerText()}`);
  } finally {
    await context.close();
  }
  return login;
}

async function signInAs(page, house, login) {
  await page.goto(`${house.origin}/sign-in`);
  await type(page, page.locator('[name=login]'), login, 'the login');
  await type(page, page.locator('[name=password]'), PASSWORD, 'the password');
  await follow(page, goOn(page), 'signing in');
}

/** Switches it on; the secret and the recovery codes. */
async function switchOn(page) {
  await follow(page, page.locator('a[href="/desk/security"]').first(), 'the way to the own account');
  await type(page, page.locator('[name=password]'), PASSWORD, 'the password again');
  await follow(page, goOn(page), 'the button that begins');
  expect(await page.locator('svg.qr').count(), `no QR code at ${page.url()}`);
  const secret = await page.locator('code.secret').innerText();
  await type(page, page.locator('[name=one_time_code]'), codeNow(secret), 'the code');
  await follow(page, goOn(page), 'the button that switches on');
  const codes = await page.locator('main li code').allInnerTexts();
  expect(codes.length === 10, `${codes.length} recovery codes: ${await page.locator('main').innerText()}`);
  return { secret, codes };
}

/** Switched on, signed out, signed in with a code; an older session pays after it gave one. */
export async function twoSteps({ page, house, dress }) {
  const { request, organisation } = await asksForPayment({ page, house, dress });
  const login = await newPayer(house, dress, organisation);
  const contexts = [];
  const open = async () => {
    const context = await openContext(house.browser, house.origin, dress, {});
    contexts.push(context);
    return context.newPage();
  };
  try {
    const older = await open();
    await signInAs(older, house, login);
    const own = await open();
    await signInAs(own, house, login);
    const { secret, codes } = await switchOn(own);
    await follow(own, own.locator('form[action="/sign-out"] button').first(), 'signing out');
    await signInAs(own, house, login);
    expect(await own.locator('[name=one_time_code]').count(), `the password alone led to ${own.url()}`);
    // The code of this half minute may be spent: then a recovery code is.
    await type(own, own.locator('[name=one_time_code]'), codeNow(secret), 'the code');
    await follow(own, goOn(own), 'the second step');
    if (await own.locator('main [role=alert]').count()) {
      await type(own, own.locator('[name=one_time_code]'), codes[0], 'a recovery code');
      await follow(own, goOn(own), 'the second step');
    }
    expect(new URL(own.url()).pathname.startsWith('/desk'), `with the code the way led to ${own.url()}`);

    await older.goto(house.origin + request);
    const form = 'main form[action$="/pay"]';
    if (await older.locator(`${form} select[name=place]`).count()) await pick(older, 'place', '银行');
    else await choose(older, older.locator(form).locator('label', { hasText: '银行' }).locator('[name=place]'), 'the place');
    const place = () => older.evaluate((at) => new FormData(document.querySelector(at)).get('place'), form);
    const chosen = await place();
    await follow(older, goOn(older, form), 'paying without a code');
    expect(await older.locator(`${form} [name=one_time_code]`).count(), `no code is asked for: ${await older.locator('main').innerText()}`);
    expect((await place()) === chosen, 'the place that was chosen is gone');
    await type(older, older.locator(`${form} [name=one_time_code]`), codes[1], 'a recovery code');
    await follow(older, goOn(older, form), 'paying with a code');
    expect(await older.locator('.badge.paid').count(), `the payment is not paid: ${await older.locator('main').innerText()}`);
  } finally {
    for (const context of contexts) await context.close();
  }
}

/** A device with a fingerprint reader, played by the browser itself (CDP `WebAuthn`). */
async function withDevice(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

/** Presses a button of the script by keyboard and waits for the page that follows. */
async function byDevice(page, what) {
  const button = page.locator('.passkey-way button, form#passkey-make button').first();
  await button.waitFor();
  await follow(page, button, what);
}

/** A key is made, signs in, pays, and is removed; from another address the page says why it offers none. */
export async function passkeys({ page, house, dress }) {
  const { request, organisation } = await asksForPayment({ page, house, dress });
  const login = await newPayer(house, dress, organisation);
  // Keys belong to names, not to numbers.
  const origin = house.origin.replace('127.0.0.1', 'localhost');
  const at = { ...house, origin };
  const context = await openContext(house.browser, origin, dress, {});
  try {
    const own = await context.newPage();
    await withDevice(own);
    await signInAs(own, at, login);
    // A session of before the key was made: it stays, and is weak.
    const isSession = ({ name }) => name === 'shanji_session';
    const older = (await context.cookies()).filter(isSession);
    await context.clearCookies({ name: 'shanji_session' });
    await signInAs(own, at, login);
    await own.goto(`${origin}/desk/security`);
    await follow(own, own.locator('a[href$="/passkeys/new"]'), 'the way to a new key');
    await type(own, own.locator('[name=name]'), '办公室电脑', 'the name of the key');
    await type(own, own.locator('[name=password]'), PASSWORD, 'the password again');
    await follow(own, goOn(own), 'the button that asks');
    await byDevice(own, 'the button that makes the key');
    const codes = await own.locator('main li code').allInnerTexts();
    expect(codes.length === 10, `${codes.length} recovery codes: ${await own.locator('main').innerText()}`);

    await follow(own, own.locator('form[action="/sign-out"] button').first(), 'signing out');
    await signInAs(own, at, login);
    expect(await own.locator('[name=one_time_code]').count(), `the password alone led to ${own.url()}`);
    await byDevice(own, 'signing in with the key');
    expect(new URL(own.url()).pathname.startsWith('/desk'), `with the key the way led to ${own.url()}: ${await own.locator('main').innerText()}`);

    await context.clearCookies({ name: 'shanji_session' });
    await context.addCookies(older);
    await own.goto(origin + request);
    const form = 'main form[action$="/pay"]';
    if (await own.locator(`${form} select[name=place]`).count()) await pick(own, 'place', '银行');
    else await choose(own, own.locator(form).locator('label', { hasText: '银行' }).locator('[name=place]'), 'the place');
    const place = () => own.evaluate((at) => new FormData(document.querySelector(at)).get('place'), form);
    const chosen = await place();
    await follow(own, goOn(own, form), 'paying without a key');
    expect(await own.locator(`${form} .passkey-way button`).count(), `no key is asked for: ${await own.locator('main').innerText()}`);
    expect((await place()) === chosen, 'the place that was chosen is gone');
    await byDevice(own, 'paying with the key');
    expect(await own.locator('.badge.paid').count(), `the payment is not paid: ${await own.locator('main').innerText()}`);

    await own.goto(`${origin}/desk/security`);
    const text = await own.locator('main').innerText();
    expect(text.includes('办公室电脑'), `the key is not in the list: ${text}`);
    await follow(own, own.locator('form[action$="/remove"] button[type=submit]').first(), 'removing the key');
    expect(/passkey-removed/.test(own.url()), `the key was not removed: ${await own.locator('main').innerText()}`);
    await follow(own, own.locator('form[action="/sign-out"] button').first(), 'signing out');
    await signInAs(own, at, login);
    expect((await own.locator('[name=one_time_code]').count()) === 0, 'a key that was removed is still asked for');
  } finally {
    await context.close();
  }
}
