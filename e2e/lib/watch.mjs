// What happens on a page beside what is seen: complaints of the browser, requests to strangers,
// bytes, things that jump.

/** Runs in the page before everything else. */
function countShifts() {
  window.__shift = 0;
  window.__moved = [];
  try {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        window.__shift += entry.value;
        for (const source of entry.sources ?? []) window.__moved.push(source.node?.nodeName + '.' + (source.node?.className ?? ''));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  } catch {
    /* an engine that cannot tell */
  }
}

/** Begins to watch; `faults()` says what was seen. */
export async function watch(page, origin) {
  const seen = [];
  let bytes = 0;
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) seen.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin + '/') && !/^(data|blob|about):/.test(request.url())) seen.push(`a stranger was asked: ${request.url()}`);
  });
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.addInitScript(countShifts);
  return {
    wire,
    faults: () => [...seen],
    bytes: () => bytes,
    shift: () => page.evaluate(() => ({ sum: window.__shift ?? 0, moved: (window.__moved ?? []).slice(0, 5) })),
  };
}
