// What this browser remembers of the log of this site: the last checkpoint that it believed. It hangs on the address
// of the site, which the visitor chose, and not on anything that the site says of itself.
import { parseHash } from "./note.js";
import { parseDecimal } from "./bytes.js";
import { SIZE_MAX } from "./note.js";

const MEMORY_NAME = "shanji.log";
const POLICY_NAME = "shanji.policy";

export class Memory {
  // `storage` is localStorage or something like it; browsers may forbid it.
  constructor(storage) {
    this.storage = storage;
  }

  // The last checkpoint, or null. What cannot be read was not written by us and is worth nothing.
  recall() {
    try {
      const kept = JSON.parse(this.storage.getItem(MEMORY_NAME));
      const size = parseDecimal(kept.size, SIZE_MAX);
      const root = parseHash(kept.root);
      if (size === null || root === null || typeof kept.key !== "string") return null;
      return { origin: kept.origin, key: kept.key, size, root, note: kept.note };
    } catch {
      return null;
    }
  }

  remember(kept) {
    try {
      this.storage.setItem(MEMORY_NAME, JSON.stringify(kept));
      this.works = true;
    } catch {
      this.works = false;
    }
  }

  // The digest of the policy with witnesses that this site published last, or null.
  recallPolicy() {
    try {
      const digest = this.storage.getItem(POLICY_NAME);
      return /^[0-9a-f]{64}$/.test(digest) ? digest : null;
    } catch {
      return null;
    }
  }

  rememberPolicy(digest) {
    try {
      this.storage.setItem(POLICY_NAME, digest);
    } catch {
      this.works = false;
    }
  }

  // Begins anew, because a person said so.
  forget() {
    try {
      this.storage.removeItem(MEMORY_NAME);
      this.storage.removeItem(POLICY_NAME);
    } catch {
      this.works = false;
    }
  }
}
