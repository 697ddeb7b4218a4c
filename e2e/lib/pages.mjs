// Cases about pages: each state of each page in a dress, by all rules.
import * as checks from './checks.mjs';
import { expectNothing } from './cases.mjs';
import { LANGUAGES, THEMES, WIDTHS, dressPage, layOnPaper, nameOfDress, nameOfRow, openContext, redressPage } from './dress.mjs';
import { watch } from './watch.mjs';

/** States that no link leads to: `{ name, person, path, status }`. */
export const UNLINKED = [
  { name: 'nowhere', person: 'public', path: '/there-is-no-such-page', status: 404 },
  { name: 'search.none', person: 'public', path: '/search?q=%E6%A7%87%E6%A7%87%E6%A7%87' },
  { name: 'search.unknown-code', person: 'public', path: '/search?q=51110000MJ0000001X' },
  { name: 'search.place', person: 'public', path: '/search?q=%E9%BA%A6%E5%B2%AD%E5%8E%BF' },
  { name: 'search.begun', person: 'public', path: '/search?q=don_' },
  { name: 'search.many', person: 'public', path: '/search?q=%E4%BA%91%E5%B1%B1' },
  { name: 'search.ended', person: 'public', path: '/search?q=%E6%B1%9F%E5%9F%8E%E5%B8%82%E6%9C%9B%E6%B1%9F%E5%8C%BA%E6%85%88%E5%96%84%E4%BC%9A' },
  { name: 'organisations.graded', person: 'public', path: '/organisations?grade=5a' },
  { name: 'rules.article', person: 'public', path: '/rules?q=%E6%85%88%E5%96%84%E6%B3%95%E7%AC%AC22%E6%9D%A1&on=2025-06-30' },
  { name: 'rules.none', person: 'public', path: '/rules?q=%E6%A7%87%E6%A7%87%E6%A7%87' },
  { name: 'rules.past', person: 'public', path: '/rules/DI-04?on=2025-06-30' },
  { name: 'rules.place', person: 'public', path: '/rules/DO-05?place=440100' },
  { name: 'rules.last-day', person: 'public', path: '/rules/OR-01?deadline=registration_decide&from=2026-03-02' },
  { name: 'rules.no-last-day', person: 'public', path: '/rules/DI-03?deadline=basic_data_publish&from=2026-12-20' },
  { name: 'rules.unread', person: 'public', path: '/rules/RC-04' },
  { name: 'security.confirm', person: 'maker', path: '/desk/security/confirm', route: '/desk/security/confirm' },
  { name: 'denied', person: 'partner', path: '/desk/users', status: 403 },
];

/** The screens of giving, each made anew: so many times the button that goes on is pressed. */
export const givingStates = (states) => {
  const give = states.find((state) => state.route === '/campaigns/{id}/give');
  const screens = [['give.check', 1], ['give.pay', 2, '/intents/{id}'], ['give.receipt', 3]];
  return give ? screens.map(([name, steps, route]) => ({ name, steps, route, person: 'public', path: give.path })) : [];
};

/** Where complaints are explained, as links from a campaign and from a receipt show it. */
export const reportStates = (states) => ['/campaigns/{id}', '/donations/{id}'].flatMap((route) => {
  const from = states.find((state) => state.route === route && state.person === 'public');
  const name = `help.report.${route.split('/')[1]}`;
  return from ? [{ name, route: '/help/report', person: 'public', path: `/help/report?about=${from.path.split('/')[2]}` }] : [];
});

/** Opens a state and does what makes it: for `wrong` the form is emptied and sent. */
export async function openState(page, origin, state) {
  let answer = await page.goto(origin + state.path, { waitUntil: 'load' });
  for (let step = 0; step < (state.steps ?? 0); step += 1) {
    const next = page.waitForNavigation({ waitUntil: 'load' });
    await page.evaluate(() => {
      const preset = document.querySelector('input[name=preset][value="50"]');
      if (preset) preset.checked = true;
      document.querySelector('main form.ask button[type=submit]:not(.quiet)').click();
    });
    answer = await next;
  }
  if (state.wrong) {
    const back = page.waitForNavigation({ waitUntil: 'load' });
    await page.evaluate(() => {
      const form = [...document.querySelectorAll('main form')].find((one) => one.method === 'post' && one.querySelector('[required]'));
      form.noValidate = true;
      for (const field of form.elements) {
        if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
        else if (field.matches('input:not([type=hidden]), textarea')) field.value = '';
        else if (field.matches('select')) field.selectedIndex = -1;
      }
      (form.querySelector('button[type=submit], button:not([type])') ?? form).click?.();
    });
    answer = await back;
  }
  return answer;
}

/** A draft may be saved with nothing in it yet; what is missing is said when it is handed on. */
const DRAFTS = ['/desk/matters/{id}/form'];

/** Every form that asks for something is also a state with problems. */
export const withWrongForms = (states) => states.flatMap((state) => (state.hasForm && !DRAFTS.includes(state.route) ? [state, { ...state, name: `${state.name}.wrong`, wrong: true }] : [state]));

/** One state in a row of dresses that one load of the page can wear. */
export function pageCase(house, state, row, { withHtml }) {
  const [dress, ...more] = row;
  return {
    name: `page ${state.name} · ${nameOfRow(row)} · ${state.person} ${state.path}${state.wrong ? ' (sent empty)' : ''}`,
    run: async () => {
      const context = await openContext(house.browser, house.origin, dress, { cookies: house.cookies.get(state.person) });
      try {
        const page = await context.newPage();
        const seen = await watch(page, house.origin);
        await dressPage(page, dress);
        const answer = await openState(page, house.origin, state);
        const wrong = [];
        const wanted = state.status ?? (state.wrong ? null : 200);
        if (wanted && answer.status() !== wanted) wrong.push(`status ${answer.status()}, not ${wanted}`);
        if (state.wrong && answer.status() < 400) wrong.push(`an empty form was accepted: status ${answer.status()} at ${page.url()}`);
        wrong.push(...(await checks.bones(page, dress.language)));
        if (withHtml && !state.wrong) wrong.push(...(await checks.html(await answer.text())));
        const shift = await seen.shift();
        wrong.push(...(await looks(page, dress)));
        if (state.wrong) wrong.push(...(await problemsOf(page)));
        if (shift.sum > 0) wrong.push(`the page jumps by ${shift.sum.toFixed(4)}: ${shift.moved.join(', ')}`);
        if (!state.wrong && seen.bytes() > checks.PAGE_BYTES) wrong.push(`${seen.bytes()} bytes over the wire`);
        for (const other of more) {
          await redressPage(page, other);
          wrong.push(...(await looks(page, other)).map((what) => `${nameOfDress(other)}: ${what}`));
        }
        expectNothing([...wrong, ...seen.faults()]);
      } finally {
        await context.close();
      }
    },
  };
}

/** What a dress changes: colours, what sticks out, what can be touched. axe asks each theme in each language once, going
 * round the widths: colours and names do not depend on the width, and three times as many runs take an hour more. */
async function looks(page, dress) {
  const onPaper = dress.theme === 'print';
  // A medium that was set before the page came may be lost with the process of the empty page.
  await dressPage(page, dress);
  if (onPaper) await layOnPaper(page);
  const asked = WIDTHS[(THEMES.indexOf(dress.theme) + LANGUAGES.indexOf(dress.language)) % WIDTHS.length];
  const wrong = [...(dress.width === asked || onPaper || !dress.oneOfMany ? await checks.axe(page, onPaper) : []), ...(await checks.overflow(page))];
  if (!onPaper) wrong.push(...(await checks.targets(page, dress.theme)));
  if (dress.language === 'en') wrong.push(...(await checks.brokenWords(page)));
  return wrong;
}

/** Problems stand at the top with links, and again at each field. */
async function problemsOf(page) {
  return page.evaluate(() => {
    const wrong = [];
    const top = document.querySelector('main [role=alert]');
    if (!top) return ['no summary of problems at the top'];
    const links = [...top.querySelectorAll('a[href^="#"]')];
    for (const link of links) {
      const field = document.getElementById(link.getAttribute('href').slice(1));
      if (!field) {
        wrong.push(`the problem “${link.textContent}” leads nowhere`);
        continue;
      }
      const notes = (field.getAttribute('aria-describedby') ?? '').split(/\s+/).map((id) => document.getElementById(id));
      const said = notes.flatMap((note) => (note ? [note, ...note.querySelectorAll('p')] : [])).map((note) => note.textContent.trim());
      // At the top the field's name may stand before the sentence.
      if (!said.some((text) => text && link.textContent.trim().endsWith(text))) wrong.push(`the problem “${link.textContent}” is not said at its field`);
    }
    if (!links.length && !top.textContent.trim()) wrong.push('an empty summary of problems');
    return wrong;
  });
}

/** Without scripts the page says what it says with them. */
export function bareCase(house, state, dress) {
  return {
    name: `no script ${state.name} · ${state.path}`,
    run: async () => {
      const texts = [];
      for (const scripts of [true, false]) {
        const context = await openContext(house.browser, house.origin, dress, { scripts });
        try {
          const page = await context.newPage();
          await page.goto(house.origin + state.path, { waitUntil: 'load' });
          texts.push(await page.locator('main').innerText());
        } finally {
          await context.close();
        }
      }
      const wrong = [];
      const words = (text) => new Set(text.split(/\s+/).filter((word) => word.length > 1));
      const bare = words(texts[1]);
      const lost = [...words(texts[0])].filter((word) => !bare.has(word));
      if (texts[1].trim().length < 20) wrong.push('the page is empty without scripts');
      // A script may add its own verdict and its own buttons, not the content.
      if (lost.length > 20 && lost.length > words(texts[0]).size / 4) wrong.push(`only with scripts: ${lost.slice(0, 12).join(' | ')}`);
      expectNothing(wrong);
    },
  };
}

/** The program's own list of pages against what was found by walking. */
export function coverageCase(wanted, states) {
  return {
    name: 'every page of the program is visited',
    run: async () => {
      const seen = new Set(states.map((state) => state.route));
      expectNothing(wanted.filter((route) => !seen.has(route.path)).map((route) => `no visit to ${route.path}: no link leads there, nobody may see it, or it fails`));
    },
  };
}
