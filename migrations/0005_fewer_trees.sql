-- Two tables are only ever read by their key, and each gift writes into both: kept in the tree of the key alone,
-- a row is one insertion and not two.

-- A payment exists once for ever: (channel and merchant, external id). The external id comes first: it grows with
-- time at most channels, and a batch looks its payments up by it alone.
CREATE TABLE payment_key_tree (
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  donation_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (external_id, channel)
) STRICT, WITHOUT ROWID;
INSERT INTO payment_key_tree (channel, external_id, donation_id, amount)
  SELECT channel, external_id, donation_id, amount FROM payment_key;
DROP TABLE payment_key;
ALTER TABLE payment_key_tree RENAME TO payment_key;

-- Public words beside a leaf; they can be withdrawn, the leaf stays.
CREATE TABLE opening_tree (
  leaf_index BIGINT NOT NULL,
  field TEXT NOT NULL,
  salt BYTES NOT NULL,
  value TEXT NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (leaf_index, field)
) STRICT, WITHOUT ROWID;
INSERT INTO opening_tree (leaf_index, field, salt, value, withdrawn_at)
  SELECT leaf_index, field, salt, value, withdrawn_at FROM opening;
DROP TABLE opening;
ALTER TABLE opening_tree RENAME TO opening;
