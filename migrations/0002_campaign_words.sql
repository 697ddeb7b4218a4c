-- Reports of campaigns and questions of the public. Words stand here and beside their leaf as openings.

CREATE TABLE campaign_report (
  id ID PRIMARY KEY,
  campaign_id BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('progress', 'final')),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  plan TEXT NOT NULL,
  until_day BIGINT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  leaf_index BIGINT NOT NULL
) STRICT;
CREATE INDEX campaign_report_campaign ON campaign_report (campaign_id, id);

CREATE TABLE question (
  id ID PRIMARY KEY,
  campaign_id BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'declined')),
  asked_at BIGINT NOT NULL,
  answer TEXT NOT NULL,
  declined_reason TEXT NOT NULL,
  decided_at BIGINT,
  user_id BIGINT,
  leaf_index BIGINT
) STRICT;
CREATE INDEX question_campaign ON question (campaign_id, state, id);
CREATE INDEX question_waiting ON question (organisation_id, id) WHERE state = 'waiting';
