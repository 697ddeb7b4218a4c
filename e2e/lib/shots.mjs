// Pictures of every page and state, and one page that shows them all.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCases } from './cases.mjs';
import { dressPage, layOnPaper, openContext } from './dress.mjs';
import { openState } from './pages.mjs';

/** A page that is longer is cut here; nobody looks further down a picture. */
const HEIGHT_MAX = 6_000;

/** Takes them; returns how many failed. */
export async function takeShots(world, { out, only, side, dresses }) {
  await mkdir(out, { recursive: true });
  const states = only ? world.states.filter((state) => only.test(state.name)) : world.states;
  const taken = [];
  const cases = states.flatMap((state) =>
    dresses.map((dress) => {
      const name = `${state.name} ${dress.theme} ${dress.language} ${dress.width}`;
      return {
        name,
        run: async () => {
          const context = await openContext(world.browser, world.origin, dress, { cookies: world.cookies.get(state.person) });
          try {
            const page = await context.newPage();
            await dressPage(page, dress);
            await openState(page, world.origin, state);
            if (dress.theme === 'print') await layOnPaper(page);
            const file = `${state.name.replaceAll(/[^\w.-]/g, '_')}.${dress.theme}.${dress.language}.${dress.width}.png`;
            const height = await page.evaluate(() => document.documentElement.scrollHeight);
            const size = { width: page.viewportSize().width, height: Math.min(height, HEIGHT_MAX) };
            await page.screenshot({ path: join(out, file), fullPage: true, clip: { x: 0, y: 0, ...size }, animations: 'disabled' });
            taken.push({ ...dress, ...size, file, state: state.name, person: state.person, path: state.path });
          } finally {
            await context.close();
          }
        },
      };
    }),
  );
  const result = await runCases(cases, { sideBySide: side });
  await writeFile(join(out, 'index.html'), sheet(taken));
  console.log(`${taken.length} pictures in ${out}, look at ${join(out, 'index.html')}`);
  return result.failed;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** The contact sheet: one row a state, narrowed by what is typed. */
function sheet(taken) {
  const rows = new Map();
  for (const one of taken.sort((a, b) => a.file.localeCompare(b.file))) rows.set(one.state, [...(rows.get(one.state) ?? []), one]);
  const picture = (one) => `<figure data-is="${one.theme} ${one.language} ${one.width}"><a href="${one.file}"><img loading="lazy" src="${one.file}" alt="${escape(one.state)}" style="width:${Math.round(140 + one.width / 8)}px"></a><figcaption>${one.theme} ${one.language} ${one.width}</figcaption></figure>`;
  const row = ([state, all]) => `<section><h2>${escape(state)} <small>${escape(all[0].person)} ${escape(all[0].path)}</small></h2><div>${all.map(picture).join('')}</div></section>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shots</title><style>
body{font:14px/1.4 sans-serif;margin:1rem;background:#ddd}div{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start}
figure{margin:0;background:#fff;padding:4px}img{max-height:640px;object-fit:cover;object-position:top}[hidden]{display:none}small{font-weight:normal;color:#555}</style>
<p><label>Show only (e.g. “elder 320”): <input id="f"></label></p>${[...rows].map(row).join('\n')}
<script>f.oninput=()=>document.querySelectorAll('figure').forEach(n=>n.hidden=!f.value.split(/\\s+/).every(w=>n.dataset.is.includes(w)))</script></html>`;
}
