// The largest paint over slow 4G on a slow phone, with an empty cache; medians, and bytes over the wire.
import { openContext } from './dress.mjs';
import { watch } from './watch.mjs';

/** What browsers' tools call slow 4G. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: (1.6 * 1e6) / 8, uploadThroughput: (750 * 1e3) / 8 };
/** An old phone against this machine. */
const CPU_SLOWER = 4;
const TIMES = 5;
/** The bar of the largest paint. */
const PAINT_MS = 1_500;

/** Measures every public page whose name fits; returns how many are too slow. The gallery is for those who draw, and its examples move the focus. */
export async function speedRun(world, only = /./) {
  const states = world.states.filter((state) => state.route !== '/gallery' && only.test(state.name) && state.person === 'public' && !state.wrong && !state.steps && !state.status && !/\.\d/.test(state.name));
  let failed = 0;
  console.log(`largest paint over slow 4G (150 ms, 1.6 Mbit/s, processor ${CPU_SLOWER}× slower), median of ${TIMES}`);
  for (const state of states) {
    const paints = [];
    let bytes = 0;
    for (let time = 0; time < TIMES; time += 1) {
      const one = await paint(world, state);
      paints.push(one.paint);
      bytes = one.bytes;
    }
    const median = paints.sort((a, b) => a - b)[Math.floor(TIMES / 2)];
    const slow = median >= PAINT_MS;
    failed += slow ? 1 : 0;
    console.log(`${slow ? 'FAILED' : 'ok    '} ${String(Math.round(median)).padStart(5)} ms ${String(Math.round(bytes / 1000)).padStart(4)} kB  ${state.name}`);
  }
  console.log(`speed: ${states.length - failed} passed, ${failed} failed`);
  return failed;
}

/** One cold visit. */
async function paint(world, state) {
  const context = await openContext(world.browser, world.origin, { theme: 'light', language: 'zh-CN', width: 320 });
  try {
    const page = await context.newPage();
    const seen = await watch(page, world.origin);
    await seen.wire.send('Network.emulateNetworkConditions', SLOW_4G);
    await seen.wire.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER });
    await page.goto(world.origin + state.path, { waitUntil: 'load' });
    const largest = await page.evaluate(
      () =>
        new Promise((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
          setTimeout(() => resolve(null), 10_000);
        }),
    );
    if (largest === null) throw new Error(`no largest paint was told of ${state.path}`);
    return { paint: largest, bytes: seen.bytes() };
  } finally {
    await context.close();
  }
}
