// The browser's half of the tests. `e2e/run --help` says what it can do.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowser } from './lib/browser.mjs';
import { readKnown, runCases } from './lib/cases.mjs';
import { LANGUAGES, THEMES, WIDTHS, everyDress, pairedDress, wornTogether } from './lib/dress.mjs';
import { englishCases, readOurs } from './lib/english.mjs';
import { openHouse } from './lib/house.mjs';
import { importStates } from './lib/imports.mjs';
import { UNLINKED, bareCase, coverageCase, givingStates, pageCase, reportStates, withWrongForms } from './lib/pages.mjs';
import { signInAll } from './lib/people.mjs';
import { askForRefund } from './lib/repairs.mjs';
import { pageRoutes, readRoutes } from './lib/routes.mjs';
import { survey } from './lib/survey.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const top = dirname(here);

const HELP = `usage: e2e/run [what …] [options]

what (default: pages english journeys)
  pages       every page by all rules: axe, html-validate, widths, targets, weight, no script
  english     every page as an English reader gets it: no Chinese word of ours
  journeys    what people come for, by keyboard, from the first page to the last
  shots       pictures of every page and state into e2e/shots, with index.html
  lighthouse  accessibility, best practices and performance of the four main pages
  speed       the largest paint over slow 4G

options
  --long            every theme × language × width instead of pairs
  --part K/N        every N-th case, beginning with the K-th: the long form in pieces
  --only REGEX      only cases (or pictures) whose name fits
  --theme --lang --width   narrow pictures and pages, e.g. --width 320,1440 --theme elder
  --binary PATH     the program (default target/debug/shanji)
  --data PATH       start from a copy of this demo folder instead of making the province
  --out PATH        where pictures go (default e2e/shots)
  --side N          how many at the same time (default 2)
`;

const { values: on, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    long: { type: 'boolean', default: Boolean(process.env.SHANJI_LONG) },
    part: { type: 'string', default: '1/1' },
    only: { type: 'string' },
    theme: { type: 'string' },
    lang: { type: 'string' },
    width: { type: 'string' },
    binary: { type: 'string', default: join(top, 'target/debug/shanji') },
    data: { type: 'string' },
    out: { type: 'string', default: join(here, 'shots') },
    side: { type: 'string', default: '2' },
    states: { type: 'string' },
  },
});
if (on.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const what = positionals.length ? positionals : ['pages', 'english', 'journeys'];
const [part, parts] = on.part.split('/').map(Number);
if (!(part >= 1 && part <= parts)) throw new Error(`--part ${on.part}: write it like 2/4`);
const only = on.only ? new RegExp(on.only) : undefined;
const narrow = (given, all) => (given ? given.split(',').map((one) => (typeof all[0] === 'number' ? Number(one) : one)) : all);
const themes = narrow(on.theme, THEMES);
const languages = narrow(on.lang, LANGUAGES);
const widths = narrow(on.width, WIDTHS);
const fits = (dress) => themes.includes(dress.theme) && languages.includes(dress.language) && widths.includes(dress.width);

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => process.exit(143));

const step = (text) => console.log(`==> ${text}`);

/** Everything that a case needs: the house, the browser, who is signed in, the states of its pages. */
async function furnish() {
  step('opening the house (the demo province is made anew) / 建演示省');
  const house = await openHouse(resolve(on.binary), (line) => process.env.SHANJI_E2E_LOUD && console.log(`    ${line}`), on.data);
  const browser = await openBrowser();
  const routes = await readRoutes(top);
  const world = { ...house, browser, routes, close: async () => (await browser.close(), house.close()) };
  try {
    step('everybody signs in / 登录');
    world.cookies = await signInAll(browser, world.origin);
    step('the maker asks for a refund / 经办申请退款');
    await askForRefund(browser, world.origin, world.cookies);
    step('walking through the house by its links / 走遍各页');
    const most = Number(on.states ?? (what.includes('shots') || on.long ? 4 : 2));
    const found = await survey({ origin: world.origin, routes, cookies: world.cookies, most });
    step('the maker brings files of gifts / 经办导入文件');
    const brought = await importStates(browser, world.origin, world.cookies);
    world.states = [...withWrongForms(found), ...brought, ...givingStates(found), ...reportStates(found), ...UNLINKED];
    step(`${found.length} states of ${new Set(found.map((state) => state.route)).size} pages, ${world.states.length} with forms sent empty and pages that no link leads to`);
    return world;
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** Every state once in a dress that goes round, the first pages in every dress of the pairs; everything in everything if long. */
function pageCases(world) {
  const wanted = (on.long ? wornTogether() : pairedDress().map((dress) => [dress])).map((row) => row.filter(fits)).filter((row) => row.length);
  // One theme, language and width need not be a pair of the short form.
  const rows = wanted.length ? wanted : everyDress().filter(fits).map((dress) => [dress]);
  const cases = [coverageCase(pageRoutes(world.routes), world.states)];
  world.states.forEach((state, i) => {
    const main = ['/', '/campaigns/{id}', '/donations/{id}'].includes(state.route) && !/\.\d/.test(state.name);
    const chosen = on.long || main ? rows : [rows[(i * 5) % rows.length]];
    chosen.forEach((row, k) => cases.push(pageCase(world, state, row, { withHtml: k === 0 })));
    if (state.person === 'public' && !state.wrong && !state.status && !state.steps && (on.long || !/\.\d/.test(state.name))) cases.push(bareCase(world, state, rows[i % rows.length][0]));
  });
  return cases;
}

/** With more failures than this it is not the machine. */
const SECOND_TRIES_MAX = 12;

/** Runs what failed once more, one after the other; what fails again. */
async function secondTry(cases, known) {
  step(`${cases.length} cases once more, one after the other / 重试`);
  return (await runCases(cases, { sideBySide: 1, known })).failures;
}

const world = await furnish();
let failed = 0;
try {
  let cases = [];
  if (what.includes('pages')) cases.push(...pageCases(world));
  if (what.includes('english')) cases.push(...englishCases(world, await readOurs(top)));
  if (what.includes('journeys')) cases.push(...(await import('./journeys/all.mjs')).journeyCases(world, { long: on.long }));
  cases = cases.filter((_, at) => at % parts === part - 1);
  if (cases.length) {
    const known = readKnown(await readFile(join(here, 'known.txt'), 'utf8'));
    const result = await runCases(cases, { sideBySide: Number(on.side), only, known });
    if (!only && parts === 1) for (const { where, what: which } of known.filter((one) => !one.needed)) console.log(`NOTE   known.txt: nothing needs “${where} :: ${which}” any more`);
    // A machine that others use too can be too slow for one case; what is wrong with the house is wrong twice.
    const names = new Set(result.failures.map(({ name }) => name));
    const again = names.size && names.size <= SECOND_TRIES_MAX ? await secondTry(cases.filter(({ name }) => names.has(name)), known) : result.failures;
    for (const { name } of again) console.log(`!! ${name}`);
    console.log(`${result.passed + result.failed - again.length} passed (${result.failed - again.length} of them only at the second try), ${again.length} failed`);
    failed += again.length;
  }
  if (what.includes('shots')) failed += await (await import('./lib/shots.mjs')).takeShots(world, { out: on.out, only, side: Number(on.side), dresses: everyDress().filter(fits) });
  if (what.includes('lighthouse')) failed += await (await import('./lib/lighthouse.mjs')).lighthouseRun(world);
  if (what.includes('speed')) failed += await (await import('./lib/speed.mjs')).speedRun(world, only);
} finally {
  await world.close();
}
process.exitCode = failed ? 1 : 0;
