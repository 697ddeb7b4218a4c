-- Words, names and files that stood open and were withdrawn, and keys that were destroyed: the tombstones of pages.
-- `leaf_index` is the leaf whose words they were, `stated_at` the leaf that says so; `field` names the commitment,
-- or the file by its digest.
CREATE TABLE withdrawal (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  campaign_id BIGINT,
  leaf_index BIGINT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('words', 'donor', 'file', 'key')),
  field TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  stated_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX withdrawal_leaf ON withdrawal (leaf_index, what, field);
CREATE INDEX withdrawal_campaign ON withdrawal (campaign_id, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX withdrawal_organisation ON withdrawal (organisation_id, id);
CREATE INDEX withdrawal_file ON withdrawal (field) WHERE what = 'file';

-- Donors whose personal information is only stored (个人信息保护法 第四十七条第二款), until it may be erased.
-- `keep_until` is the first day on which the law lets it be erased.
CREATE TABLE donor_restriction (
  donation_id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('restricted', 'erased')),
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  keep_until BIGINT NOT NULL,
  user_id BIGINT NOT NULL
) STRICT;
CREATE INDEX donor_restriction_organisation ON donor_restriction (organisation_id, keep_until, donation_id);
