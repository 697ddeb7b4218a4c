// The rules that every page keeps. Each check returns sentences about what is wrong.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRAVE = ['serious', 'critical'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The most bytes over the wire for one page with everything on it. */
export const PAGE_BYTES = 150 * 1000;
/** The least side of what is touched. */
const TARGET = { elder: 60, other: 44 };
/** WCAG 2.5.8: smaller targets are all right if a circle of this width around each is free. */
const SPACING = 24;

/** The most broken words told of one page. */
const BROKEN_TOLD = 8;

/** axe-core: nothing serious or critical. Nobody touches paper or follows its links. */
export async function axe(page, onPaper) {
  // Over the wire of the debugger, which the page's own policy does not bind.
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const found = await page.evaluate(({ tags, onPaper }) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: !onPaper }, 'link-in-text-block': { enabled: !onPaper } }, resultTypes: ['violations'] }), { tags: TAGS, onPaper: Boolean(onPaper) });
  return found.violations
    .filter((rule) => GRAVE.includes(rule.impact))
    .flatMap((rule) => rule.nodes.slice(0, 4).map((node) => `axe ${rule.impact} ${rule.id}: ${node.target.join(' ')} · ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help}`));
}

// `<link rel="expect" blocking="render">` is in the standard and not yet in the validator's own list.
const EXPECT = { link: { attributes: { blocking: { allowed: () => null, enum: ['render'] } } } };

const validator = new HtmlValidate({
  root: true,
  elements: ['html5', EXPECT],
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // How a template is indented says nothing about the page.
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'void-style': ['error', { style: 'omit' }],
    'doctype-style': ['error', { style: 'lowercase' }],
    // Organisations' own words may be long, and a title says what the page is.
    'long-title': 'off',
    // A telephone number may break; it is not on our pages as a link.
    'tel-non-breaking': 'off',
    // `<section role="alert">` and `<form role="search">` are what the readers of old phones know.
    'prefer-native-element': 'off',
    // A text in Chinese has no reason for entities beyond the four that are escaped.
    'no-raw-characters': ['error', { relaxed: true }],
  },
});

/** html-validate: clean. */
export async function html(text) {
  const report = await validator.validateString(text);
  return report.results.flatMap((result) => result.messages.map((m) => `html ${m.ruleId} line ${m.line}: ${m.message}`)).slice(0, 12);
}

/** Nothing sticks out on the right. */
export async function overflow(page) {
  const out = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= wide) return null;
    const clipped = (node) => {
      for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).overflowX !== 'visible') return true;
      return false;
    };
    const who = [...document.body.querySelectorAll('*')].filter((node) => node.getBoundingClientRect().right > wide + 0.5 && !clipped(node));
    return { by: document.scrollingElement.scrollWidth - wide, who: who.slice(-3).map((node) => `${node.nodeName.toLowerCase()}.${node.getAttribute('class') ?? ''} “${node.textContent.trim().slice(0, 30)}”`) };
  });
  return out ? [`sticks out by ${out.by} px: ${out.who.join('; ')}`] : [];
}

/** No English word goes on in the next line: letters are read as words, and a name that is cut is another name. Codes,
 * addresses and file names may be cut, they are no words. */
export async function brokenWords(page) {
  const broken = await page.evaluate((told) => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const lines = () => new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.bottom)));
    for (let node = walk.nextNode(); node && found.size < told; node = walk.nextNode()) {
      const around = node.parentElement;
      if (!/[A-Za-z]{2}/.test(node.data) || around.closest('code, pre, kbd, script, style, template, svg, textarea, .long')) continue;
      if (!around.checkVisibility({ visibilityProperty: true })) continue;
      range.selectNodeContents(node);
      if (lines().size < 2) continue;
      for (const token of node.data.matchAll(/\S+/g)) {
        if (/[0-9_@/\\]|\w\.\w/.test(token[0])) continue;
        for (const word of token[0].matchAll(/[A-Za-z’']{2,}/g)) {
          range.setStart(node, token.index + word.index);
          range.setEnd(node, token.index + word.index + word[0].length);
          if (lines().size > 1) found.add(`${around.nodeName.toLowerCase()}.${around.getAttribute('class') ?? ''} “${word[0]}” in “${node.data.trim().slice(0, 40)}”`);
        }
      }
    }
    return [...found];
  }, BROKEN_TOLD);
  return broken.map((one) => `a word is broken: ${one}`);
}

/** What is touched is large enough, or stands free, or stands in a sentence. */
export async function targets(page, theme) {
  const small = await page.evaluate(
    ({ least, spacing, elder }) => {
      const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')];
      const shown = all.filter((node) => node.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) ?? node.offsetParent);
      const boxOf = (node) => {
        // A tick or a choice is touched by its label too.
        const label = node.matches('input[type=radio], input[type=checkbox]') ? node.closest('label') : null;
        return (label ?? node).getBoundingClientRect();
      };
      const boxes = shown.map((node) => ({ node, box: boxOf(node) })).filter(({ box }) => box.width > 2 && box.height > 2 && box.right > 0 && box.bottom > 0);
      const inSentence = (node) => {
        if (!getComputedStyle(node).display.startsWith('inline')) return false;
        const around = node.parentElement.textContent.trim().length - node.textContent.trim().length;
        return around > 0 || node.parentElement.matches('td, th, li, dd, dt, p, h1, h2, h3');
      };
      const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      const stands = ({ node, box }) => {
        const own = middle(box);
        return boxes.every(({ node: other, box: theirs }) => {
          if (other === node || node.contains(other) || other.contains(node)) return true;
          const dx = Math.max(theirs.left - own.x, own.x - theirs.right, 0);
          const dy = Math.max(theirs.top - own.y, own.y - theirs.bottom, 0);
          return Math.hypot(dx, dy) >= spacing / 2;
        });
      };
      return boxes
        .filter(({ node, box }) => {
          const isMain = node.matches('button, input, select, textarea, a.button, summary, [role=button], [role=tab], header a, footer a');
          const wanted = isMain ? least : spacing;
          if (box.height >= wanted - 0.5 && box.width >= Math.min(wanted, 44) - 0.5) return false;
          if (inSentence(node) && !node.matches('.button, button')) return false;
          return !(box.height >= spacing - 0.5 && box.width >= spacing - 0.5 && !elder && !isMain) && !(stands({ node, box }) && !isMain);
        })
        .slice(0, 6)
        .map(({ node, box }) => `${node.nodeName.toLowerCase()}.${node.getAttribute('class') ?? ''} “${(node.textContent || node.name || '').trim().slice(0, 20)}” ${Math.round(box.width)}×${Math.round(box.height)}`);
    },
    { least: TARGET[theme] ?? TARGET.other, spacing: SPACING, elder: theme === 'elder' },
  );
  return small.map((one) => `too small to touch (${TARGET[theme] ?? TARGET.other} px): ${one}`);
}

/** One first heading, a language, a title, and a place to jump to. */
export async function bones(page, language) {
  const found = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    lang: document.documentElement.lang,
    title: document.title.trim(),
    main: document.querySelectorAll('main').length,
  }));
  const wrong = [];
  if (found.headings !== 1) wrong.push(`${found.headings} first headings`);
  if (found.main !== 1) wrong.push(`${found.main} main parts`);
  if (!found.title) wrong.push('no title');
  if (found.lang !== language) wrong.push(`lang is ${found.lang}, not ${language}`);
  return wrong;
}
