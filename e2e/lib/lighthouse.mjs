// Lighthouse on the four main pages, as it measures an ordinary phone over slow 4G by default.
import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { FLAGS, chromiumPath } from './browser.mjs';
import { mainPages } from './mainpages.mjs';

/** The least score of each category. */
const BARS = { accessibility: 95, 'best-practices': 95, performance: 90 };

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Runs it; returns how many scores are below their bar. */
export async function lighthouseRun(world) {
  const port = await freePort();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...FLAGS, `--remote-debugging-port=${port}`] });
  let failed = 0;
  let passed = 0;
  try {
    for (const [name, path] of mainPages(world.states)) {
      const result = await lighthouse(world.origin + path, { port, logLevel: 'error', onlyCategories: Object.keys(BARS), output: 'json' });
      const scores = Object.entries(BARS).map(([category, bar]) => ({ category, bar, score: Math.round((result.lhr.categories[category].score ?? 0) * 100) }));
      const low = scores.filter(({ score, bar }) => score < bar);
      const lcp = result.lhr.audits['largest-contentful-paint']?.displayValue ?? '';
      console.log(`${low.length ? 'FAILED' : 'ok    '} lighthouse ${name} ${path}: ${scores.map(({ category, score }) => `${category} ${score}`).join(', ')}, largest paint ${lcp}`);
      for (const { category } of scores.filter(({ score }) => score < 100)) for (const why of reasons(result.lhr, category)) console.log(`         ${category}: ${why}`);
      failed += low.length;
      passed += scores.length - low.length;
    }
  } finally {
    await browser.close();
  }
  console.log(`lighthouse: ${passed} scores reached, ${failed} below their bar`);
  return failed;
}

const reasons = (report, category) =>
  report.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && (report.audits[id].score ?? 1) < 0.9)
    .map(({ id }) => `${id}: ${report.audits[id].displayValue ?? report.audits[id].title} ${(report.audits[id].details?.items ?? []).slice(0, 3).map((item) => item.node?.selector ?? '').join(' | ')}`);
