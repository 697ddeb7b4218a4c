// Certificates: their code is read from a picture and judged with the network and without; what was changed is refused.
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const WAIT_MS = 30000;

/** The first certificate that an organisation of the house has. */
async function firstCertificate(page, house) {
  await page.goto(`${house.origin}/organisations?rows=100`);
  const links = await page.locator('main a[href^="/organisations/org_"]').evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href')))]);
  for (const link of links) {
    const text = await (await page.request.get(house.origin + link)).text();
    const found = /href="([^"]*[/]certificates[/]fundraising)"/.exec(text);
    if (found !== null) return found[1];
  }
  return assert.fail('no organisation of the house has a certificate');
}

/** The same payload with one digit of its text changed. */
function withAnotherDigit(payload) {
  const [head, text, signature] = payload.split('.');
  const said = Buffer.from(text, 'base64url').toString().replace(/\n(\d{4})-(\d\d)-(\d\d)\n/, (whole, year) => whole.replace(year, String(Number(year) - 1)));
  const changed = `${head}.${Buffer.from(said).toString('base64url')}.${signature}`;
  assert.notEqual(changed, payload);
  return changed;
}

/** Pastes a text and waits for the verdict. */
async function paste(page, text, want) {
  await page.locator('#verify-q').fill(text);
  await page.locator('section.verify form button[type=submit]').click();
  return verdict(page, want);
}

async function verdict(page, want) {
  const result = page.locator('[data-result]');
  await page.locator(`[data-result][data-proof=${want}]`).waitFor({ timeout: WAIT_MS }).catch(async () => assert.fail(`not ${want}: ${await result.innerText()}`));
  return result.innerText();
}

async function withoutNetwork(page, run) {
  await page.context().setOffline(true);
  try {
    await run();
  } finally {
    await page.context().setOffline(false);
  }
}

export async function certificateIsVerified({ page, house }) {
  const address = await firstCertificate(page, house);
  await page.goto(house.origin + address);
  const name = await page.locator('main dl.facts dd').first().innerText();
  const code = page.locator('svg.qr').first();
  await code.scrollIntoViewIfNeeded();
  const photo = { name: 'photo.png', mimeType: 'image/png', buffer: await code.screenshot() };
  const payload = await page.locator('pre').textContent();
  const paper = await page.request.get(`${house.origin}${address}/certificate.pdf`);
  assert.equal((await paper.body()).subarray(0, 5).toString(), '%PDF-');
  // The link in the code judges at once; what stands behind `#` reaches no server.
  await page.goto(`${house.origin}/verify#${payload}`);
  assert.ok((await verdict(page, 'certified')).includes(name));
  await page.goto(`${house.origin}/verify`);
  // The reader is there before the network goes.
  await page.waitForLoadState('networkidle');
  await page.locator('#verify-photo').setInputFiles(photo);
  assert.match(await verdict(page, 'certified'), /已证明：登记簿里这家组织的记载一共/);
  assert.match(await paste(page, withAnotherDigit(payload), 'mismatch'), /签名核对不上/);
  await withoutNetwork(page, async () => {
    await page.locator('#verify-photo').setInputFiles(photo);
    const said = await verdict(page, 'signed');
    assert.ok(said.includes(name) && said.includes('请联网'), said);
    await paste(page, withAnotherDigit(payload), 'mismatch');
  });
  const saved = join(await mkdtemp(join(tmpdir(), 'shanji-offline-')), 'shanji-verify.html');
  await writeFile(saved, await (await page.request.get(`${house.origin}/verify/offline.html`)).body());
  await withoutNetwork(page, async () => {
    await page.goto(pathToFileURL(saved).href);
    assert.match(await paste(page, `${house.origin}/verify#${payload}`, 'signed'), /现在是否仍然有效，请联网查询/);
    await paste(page, withAnotherDigit(payload), 'mismatch');
  });
}
