-- The register of organisations 法人库: dated entries. Nothing here is ever changed; a standing ends because a later one
-- begins, and a mistake is an entry that a later entry corrects. What holds on a day is computed (record 0035).
CREATE TABLE register_entry (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  -- legal, charity, fundraising, name, domicile …
  item TEXT NOT NULL,
  -- The standing, for items that have one.
  standing TEXT,
  -- The words, for items that have none.
  words TEXT NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT,
  -- Who decided, and the number of the document.
  office TEXT NOT NULL,
  document TEXT NOT NULL,
  law TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- The register that says so.
  source TEXT NOT NULL,
  -- The matter of this house that decided it; absent for what another register decided.
  matter_id BIGINT,
  -- The earlier entry that was a mistake.
  corrects_id BIGINT,
  leaf_index BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL
) STRICT;
CREATE INDEX register_entry_organisation ON register_entry (organisation_id, id);
CREATE INDEX register_entry_matter ON register_entry (matter_id) WHERE matter_id IS NOT NULL;
