-- Refunds, corrections, reversals and reclassifications: one person asks, another one confirms, then it is done.
-- `asked` is the repair as it was asked for, with printed ids; its steps stand in `matter_step`.
CREATE TABLE repair (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  asked TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'refused')),
  asked_by BIGINT NOT NULL,
  asked_at BIGINT NOT NULL
) STRICT;
CREATE INDEX repair_asked ON repair (organisation_id, id) WHERE state = 'asked';
