// How a visitor has dressed the page: theme, language, width. Theme and language are set as the
// house itself sets them, by its preference cookies; dark and print also as the browser would.
import { SCREENS } from './browser.mjs';

export const THEMES = ['light', 'dark', 'elder', 'print'];
export const LANGUAGES = ['zh-CN', 'zh-Hant', 'en'];
export const WIDTHS = [320, 768, 1440];

/** Every combination. */
export const everyDress = () => THEMES.flatMap((theme) => LANGUAGES.flatMap((language) => widthsOf(theme).map((width) => ({ theme, language, width }))));

/**
 * Few combinations in which every pair of values occurs: theme and language vary freely, and the
 * width is a Latin square over them.
 */
export const pairedDress = () => THEMES.flatMap((theme, t) => LANGUAGES.map((language, l) => ({ theme, language, width: WIDTHS[(t + l) % WIDTHS.length] })));

/**
 * Every combination, in rows that one loaded page can wear one after the other: the house sends the same
 * bytes for every width, and for the screen and the printer.
 */
export const wornTogether = () => LANGUAGES.flatMap((language) => [['light', 'print'], ['dark'], ['elder']].map((themes) => themes.flatMap((theme) => widthsOf(theme).map((width) => ({ theme, language, width, oneOfMany: true })))));

/** A printer's paper has its own width, whatever the window was. */
const widthsOf = (theme) => (theme === 'print' ? WIDTHS.slice(-1) : WIDTHS);

export const nameOfDress = ({ theme, language, width }) => `${theme} ${language} ${width}`;

/** A row's first dress, and what follows it on the same page. */
export const nameOfRow = ([first, ...more]) => [nameOfDress(first), ...more.map(({ theme, width }) => `${theme} ${width}`)].join(', ');

/** The cookie in which the house remembers what a visitor prefers: `language.theme.mode`. */
function preferences(origin, { theme, language }) {
  const shade = theme === 'dark' ? 'dark' : 'light';
  return [{ name: 'shanji_view', value: `${language}.${shade}.${theme === 'elder' ? 'elder' : ''}`, url: origin }];
}

/** A browser context that is dressed and signed in. */
export async function openContext(browser, origin, dress, { cookies = [], scripts = true, ...more } = {}) {
  const context = await browser.newContext({
    viewport: SCREENS[dress.width],
    locale: dress.language === 'zh-Hant' ? 'zh-TW' : dress.language,
    timezoneId: 'Asia/Shanghai',
    colorScheme: dress.theme === 'dark' ? 'dark' : 'light',
    javaScriptEnabled: scripts,
    acceptDownloads: true,
    ...more,
  });
  await context.addCookies([...preferences(origin, dress), ...cookies]);
  context.setDefaultTimeout(15_000);
  return context;
}

/** The medium is a matter of the page. */
export const dressPage = (page, dress) => page.emulateMedia({ media: dress.theme === 'print' ? 'print' : 'screen' });

/** What the style sheet leaves of A4 in CSS pixels: upright, and across for lists of many columns. */
const PAPER = { upright: { width: 658, height: 987 }, across: { width: 1031, height: 703 } };

/** Gives a loaded page the width of the paper that it will be printed on. */
export async function layOnPaper(page) {
  const across = await page.locator('.many').count();
  await page.setViewportSize(across ? PAPER.across : PAPER.upright);
}

/** Medium and width of a page that is already there. */
export async function redressPage(page, dress) {
  await page.setViewportSize(SCREENS[dress.width]);
  await dressPage(page, dress);
}
