-- The index of the log: what each stream has grown to under the newest checkpoint, and which leaves it holds.

-- `leaves` and `peaks` (the roots of its complete subtrees, the largest first) go on where the last checkpoint stood.
CREATE TABLE stream_sealed (
  key TEXT PRIMARY KEY,
  leaves BIGINT NOT NULL CHECK (leaves > 0),
  peaks BYTES NOT NULL
) STRICT;

-- 256 leaves of a stream at most: for each its index in the log (8 bytes) and its hash (32), in the stream's order;
-- `root` is the root over them.
CREATE TABLE stream_part (
  key TEXT NOT NULL,
  part BIGINT NOT NULL,
  root BYTES NOT NULL,
  leaves BYTES NOT NULL,
  PRIMARY KEY (key, part)
) STRICT;
