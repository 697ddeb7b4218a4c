// The addresses of the house, read from the program's own list, so that no page is forgotten.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What is not a page for people though it stands among the pages: files, a jump, and what a script asks while somebody types. */
const NOT_PAGES = ['/assets/{name}', '/desk/matters/{id}/files/{sha256}', '/desk/repairs/{id}/file', '/donations/{id}/proof', '/evidence/{sha256}', '/log/leaves', '/open/{size}/{file}', '/organisations/{id}/reports/{year}/text', '/regions/suggest', '/search/suggest'];

/** The addresses of the lists, each of which is a constant that names its own. */
async function readLists(folder) {
  const routes = [];
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.rs')).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    for (const [, path] of text.matchAll(/^\s*path: "(\/[^"]+)",$/gm)) routes.push({ path, get: true, post: false });
  }
  if (routes.length < 10) throw new Error(`only ${routes.length} lists were found in ${folder}: their shape has changed, mend lib/routes.mjs`);
  return routes;
}

/** Every page route of the program. */
export const readRoutes = async (top) => [...(await readFixed(join(top, 'crates/web/src/routes.rs'))), ...(await readLists(join(top, 'crates/app/src/query/list')))];

/** Reads the page routes: `{ path, get, post }`, nested ones with their prefix. */
async function readFixed(file) {
  const text = (await readFile(file, 'utf8')).replace(/^\s*\/\/.*$/gm, '');
  const machines = text.search(/fn machines\(/);
  const pages = machines < 0 ? text : text.slice(0, machines);
  const routes = [];
  for (const statement of pages.split(/;\s*\n|(?=\bfn \w+\()/)) {
    const name = /(?:let|fn) (\w+)(?:\(\))?(?:\s*->[^{]+\{|:[^=]+)?\s*=?\s*Router::new\(\)/.exec(statement)?.[1];
    const prefix = name ? (new RegExp(`\\.nest\\(\\s*"([^"]+)",\\s*${name}(?:\\(\\))?\\s*,?\\s*\\)`).exec(pages)?.[1] ?? '') : '';
    for (const one of statement.matchAll(/\.route\(\s*"([^"]+)",([\s\S]*?)(?=\.route\(|\.nest\(|\.merge\(|\.layer\(|$)/g)) {
      const path = prefix && one[1] === '/' ? prefix : prefix + one[1];
      routes.push({ path, get: /\bget\(/.test(one[2]), post: /\bpost\(/.test(one[2]) });
    }
  }
  if (routes.length < 30) throw new Error(`only ${routes.length} routes were found in ${file}: its shape has changed, mend lib/routes.mjs`);
  return routes;
}

/** A page for people: not a file to save, whose address ends like a file's name. */
export const isPage = (route) => Boolean(route?.get) && !NOT_PAGES.includes(route.path) && !/\.\w+$/.test(route.path);

/** The routes that must be visited. */
export const pageRoutes = (routes) => routes.filter(isPage);

/** The route that answers an address: the one with the fewest variable parts. */
export function routeOf(routes, address) {
  const parts = address.split('/');
  const fits = routes.filter((route) => {
    const wanted = route.path.split('/');
    return wanted.length === parts.length && wanted.every((part, i) => (part.startsWith('{') ? parts[i] !== '' : part === parts[i]));
  });
  const open = (route) => (route.path.match(/\{/g) ?? []).length;
  return fits.sort((a, b) => open(a) - open(b))[0];
}
