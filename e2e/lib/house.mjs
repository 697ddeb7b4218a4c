// A real house: `shanji demo` on a free port, in a folder of its own, ended with us.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Password of every demo sign-in, as `shanji demo` prints it. */
export const PASSWORD = 'shanji-demo-2026';
/** The making of the province in a debug build on a busy machine. */
const START_MS = 420_000;

/**
 * Starts a house.
 * @param {string} binary the program
 * @param {(line: string) => void} tell told every line that the program prints
 * @param {string} [like] a data folder to start from, so that the province is not made again
 */
export async function openHouse(binary, tell, like) {
  const folder = await mkdtemp(join(tmpdir(), 'shanji-e2e-'));
  const data = join(folder, 'data');
  if (like) await cp(like, data, { recursive: true });
  const child = spawn(binary, ['demo', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // However we end, the house ends with us and leaves nothing behind.
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const said = [];
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const origin = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the house did not open in ${START_MS / 1000} s:\n${said.join('\n')}`)), START_MS);
    const hear = (line) => {
      said.push(line);
      if (said.length > 400) said.shift();
      tell(line);
      const found = /首页\s+(http:\/\/[\d.:]+)\//.exec(line);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    gone.then((code) => {
      clearTimeout(late);
      reject(new Error(`the house ended with ${code}:\n${said.join('\n')}`));
    });
  });
  const close = async () => {
    child.kill('SIGTERM');
    const killed = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(killed);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { origin: await origin, data, folder, said, binary, close };
  } catch (error) {
    await close();
    throw error;
  }
}
