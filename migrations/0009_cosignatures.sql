-- Cosignatures 〔见证人联署〕: what each witness signed of our own checkpoints. Read by checkpoint for what is served, and by
-- witness for where to begin asking again; kept in the two trees of these keys alone.
CREATE TABLE log_cosignature (
  size BIGINT NOT NULL,
  witness TEXT NOT NULL,
  signed_at BIGINT NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (size, witness)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_cosignature_by_witness ON log_cosignature (witness, size);
