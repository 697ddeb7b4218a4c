// Walks through the house by its own links, as everybody, and keeps for each route the addresses
// that look different: those are the states of its page.
import { cookieHeader } from './people.mjs';
import { isPage, routeOf } from './routes.mjs';

/** The most addresses of one route that are read for one person. */
const EACH_MAX = 14;
/** The most pages that are read at all. */
const ALL_MAX = 2_500;
/** Ids that are tried for a page that no link leads to. */
const GUESSES_MAX = 40;
/** Requests at the same time. */
const SIDE_BY_SIDE = 4;

/** What a page is made of: its classes and ids without numbers; two pages with the same are one state. */
export function shapeOf(html) {
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  const marks = new Set();
  for (const [, kind, value] of main.matchAll(/\s(class|id)="([^"]*)"/g)) {
    for (const word of value.split(/\s+/)) if (word && !/\d/.test(word)) marks.add(`${kind}:${word}`);
  }
  return marks;
}

const linksOf = (html) => [...html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)].map((m) => m[1].replaceAll('&amp;', '&'));

/** Reads every page that a person reaches by links from where he starts. */
async function walk(origin, routes, person, cookies, seeds) {
  const seen = new Set();
  const count = new Map();
  const found = [];
  const waiting = [];
  const offer = (address) => {
    const url = new URL(address, origin);
    if (url.origin !== origin || seen.has(url.pathname)) return;
    const route = routeOf(routes, url.pathname);
    if (!isPage(route) || (count.get(route.path) ?? 0) >= EACH_MAX) return;
    seen.add(url.pathname);
    count.set(route.path, (count.get(route.path) ?? 0) + 1);
    waiting.push({ path: url.pathname, route });
  };
  seeds.forEach(offer);
  const headers = cookies.length ? { cookie: cookieHeader(cookies) } : {};
  const worker = async () => {
    for (let next = waiting.shift(); next && found.length < ALL_MAX; next = waiting.shift()) {
      const answer = await fetch(origin + next.path, { headers, redirect: 'manual' });
      const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
      const html = isPage ? await answer.text() : (await answer.arrayBuffer(), '');
      if (answer.status === 303 || answer.status === 302) offer(answer.headers.get('location'));
      if (answer.status !== 200 || !isPage) continue;
      found.push(pageOf(person, next.path, next.route, html));
      linksOf(html).forEach(offer);
    }
  };
  // The first page alone: it fills the list for the others.
  while (waiting.length) await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return found;
}

/** The pages that together show every mark of a route, the richest first. */
function choose(pages, most) {
  const left = [...pages];
  const known = new Set();
  const chosen = [];
  while (left.length && chosen.length < most) {
    const gain = (page) => [...page.shape].filter((mark) => !known.has(mark)).length;
    left.sort((a, b) => gain(b) - gain(a) || a.path.localeCompare(b.path));
    const best = left.shift();
    if (chosen.length && gain(best) === 0) break;
    best.shape.forEach((mark) => known.add(mark));
    chosen.push(best);
  }
  return chosen;
}

/**
 * The states of every page: `{ name, person, path, route, hasForm }`.
 * @param {number} most states of one route
 */
export async function survey({ origin, routes, cookies, most }) {
  const all = [];
  for (const [person, theirs] of cookies) {
    const seeds = person === 'public' ? ['/', '/sign-in', '/search', ...plain(routes)] : ['/desk', ...plain(routes).filter((path) => path.startsWith('/desk'))];
    const found = await walk(origin, routes, person, theirs, seeds);
    all.push(...found.filter((page) => person === 'public' || page.route.startsWith('/desk')));
  }
  all.push(...(await guess(origin, routes, cookies, all)));
  const byRoute = Map.groupBy ? Map.groupBy(all, (page) => page.route) : group(all);
  const states = [];
  for (const [route, pages] of [...byRoute].sort((a, b) => a[0].localeCompare(b[0]))) {
    choose(pages, most).forEach((page, i) => states.push({ ...page, name: nameOf(route, i) }));
  }
  return states;
}

/** Pages that no link of an ordinary day leads to, tried with the ids that were met elsewhere. */
async function guess(origin, routes, cookies, all) {
  const ids = new Map();
  for (const { path } of all) for (const [, kind, id] of path.matchAll(/\/(\w+)\/(\w+_\w+)/g)) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
  const seen = new Set(all.map((page) => page.route));
  const found = [];
  for (const route of routes.filter((one) => isPage(one) && !seen.has(one.path))) {
    const hole = /\/(\w+)\/\{\w+\}/.exec(route.path);
    if (!hole || route.path.split('{').length > 2) continue;
    const tries = [...(ids.get(hole[1]) ?? [])].slice(0, GUESSES_MAX).flatMap((id) => [...cookies].map(([person, theirs]) => ({ person, theirs, path: route.path.replace(/\{\w+\}/, id) })));
    for (const { person, theirs, path } of tries) {
      const answer = await fetch(origin + path, { headers: theirs.length ? { cookie: cookieHeader(theirs) } : {}, redirect: 'manual' });
      const html = await answer.text();
      if (answer.status !== 200) continue;
      found.push(pageOf(person, path, route, html));
      break;
    }
  }
  return found;
}

/** A form in the main part that cannot be sent empty. The gallery's are examples, with their problems on them, and go nowhere. */
const asksSomething = (html) => [...(html.split('<main')[1] ?? '').matchAll(/<form[^>]+method="post"[\s\S]*?<\/form>/g)].some(([form]) => /\srequired[\s>]/.test(form));

const pageOf = (person, path, route, html) => ({ person, path, route: route.path, shape: shapeOf(html), hasForm: route.path !== '/gallery' && asksSomething(html) });

/** Routes without a variable part can be opened without a link to them. */
const plain = (routes) => routes.filter((route) => isPage(route) && !route.path.includes('{')).map((route) => route.path);

const group = (all) => all.reduce((map, page) => map.set(page.route, [...(map.get(page.route) ?? []), page]), new Map());

/** A name for files: the route without braces. */
export function nameOf(route, index) {
  const base = route === '/' ? 'home' : route.slice(1).replaceAll(/[{}]/g, '').replaceAll('/', '-');
  return index === 0 ? base : `${base}.${index + 1}`;
}
