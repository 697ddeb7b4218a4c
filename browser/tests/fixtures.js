// What several tests of the browser's reader stand on: files that a Map holds, and a storage that ends with the test.
import { LogReader } from "../client.js";

/** A reader of the log `origin` that knows `key` and finds its files in `files`, a Map of paths to bytes. */
export function readerOfFiles(files, origin, key) {
  return new LogReader(async (path) => files.get(path) ?? null, origin, [key]);
}

/** A storage with the three calls of `localStorage` that the program uses. */
export function storage() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
    removeItem: (name) => kept.delete(name),
  };
}
