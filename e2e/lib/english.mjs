// An English reader meets no Chinese word of ours. Chinese on an English page is recorded data: names, titles, what
// people wrote. So each text is cut into words, and none of them may be a text that the house has in English.
// What is recorded and may look like a word of ours, such as the headings of a stranger's file, stands in an element with
// `translate="no"`, the words of the law in one with `lang="zh-CN"`.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNothing } from './cases.mjs';
import { cookieHeader } from './people.mjs';

const HAN = /\p{Script=Han}/u;
/** What parts the words of a line; full-width brackets belong to names. */
const BETWEEN = /[\s·“”",;:()]+/u;
/** A sentence that somebody wrote may quote a word of ours. */
const PROSE = /[。？！]/u;
/** The most findings told of one page. */
const TOLD_MAX = 12;

/** The Chinese texts that have an English one, from the tables of the house. */
export async function readOurs(top) {
  const folder = join(top, 'crates/web/locales/en');
  const tables = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const keys = tables.flatMap((table) => [...table.matchAll(/^"((?:[^"\\]|\\.)+)" = /gm)].map((found) => JSON.parse(`"${found[1]}"`)));
  return new Set(keys.filter((key) => [...key].length > 1 && HAN.test(key)));
}

const plain = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replaceAll('&amp;', '&');

/** The texts of a page and of what is read out or shown for its elements, without what is marked as recorded. */
function textsOf(html) {
  const shown = html.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/g, '').replaceAll(/<(\w+)\b[^>]*\s(?:translate="no"|lang="zh-CN")[^>]*>[\s\S]*?<\/\1>/g, '');
  const said = [...shown.matchAll(/\s(?:title|aria-label|placeholder|alt|data-label)="([^"]*)"/g)].map((found) => found[1]);
  return [...shown.split(/<[^>]*>/), ...said].map((text) => plain(text).trim()).filter((text) => HAN.test(text));
}

/** Words of ours that an English page says in Chinese. */
export function chineseOfOurs(html, ours) {
  const found = new Set();
  for (const text of textsOf(html)) {
    const words = PROSE.test(text) ? [text] : [text, ...text.split(BETWEEN)];
    for (const word of words) if (ours.has(word)) found.add(`on the English page: “${word}” in “${text.slice(0, 80)}”`);
  }
  return [...found].slice(0, TOLD_MAX);
}

/** Every state that an address alone leads to, as an English reader gets it; the examples of the gallery are nobody's words. */
export function englishCases(world, ours) {
  const states = world.states.filter((state) => !state.wrong && !state.steps && state.route !== '/gallery');
  return states.map((state) => ({
    name: `english ${state.name} · ${state.person} ${state.path}`,
    run: async () => {
      const cookie = ['shanji_view=en..', cookieHeader(world.cookies.get(state.person) ?? [])].filter(Boolean).join('; ');
      const answer = await fetch(world.origin + state.path, { headers: { cookie }, redirect: 'manual' });
      expectNothing(chineseOfOurs(await answer.text(), ours));
    },
  }));
}
