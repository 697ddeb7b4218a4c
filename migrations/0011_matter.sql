-- Applications on their way through an office 办件. What was done stands in `matter_taken` and nothing else decides;
-- `state`, `ended_at` and `version` are kept beside it for lists and are the fold of the history after the last step.
-- No last day and no light is kept: both change at midnight and when the holidays of a year are announced.
CREATE TABLE matter (
  id ID PRIMARY KEY,
  procedure TEXT NOT NULL,
  organisation_id BIGINT NOT NULL,
  -- Region of the office that decides.
  region TEXT NOT NULL,
  opened_by BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  -- When the step was taken that ended it; absent while it is open.
  ended_at BIGINT,
  -- Counts steps and saved drafts: two people at once are told so.
  version BIGINT NOT NULL,
  -- How often it was handed to the colleague who checks: answers and files of each round are kept.
  round BIGINT NOT NULL,
  -- Shown to the applicant only; its end opens the public tracking page.
  code TEXT NOT NULL
) STRICT;
CREATE INDEX matter_organisation ON matter (organisation_id, id);
CREATE INDEX matter_office ON matter (region, id) WHERE ended_at IS NULL;
CREATE INDEX matter_office_ended ON matter (region, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX matter_ended ON matter (procedure, id) WHERE ended_at IS NOT NULL;

-- The history of a matter, one row for each step.
CREATE TABLE matter_taken (
  matter_id BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  step TEXT NOT NULL,
  -- Absent for what the house does by itself.
  user_id BIGINT,
  -- For whom a delegate acted.
  for_user_id BIGINT,
  at BIGINT NOT NULL,
  -- The day of an event elsewhere.
  dated BIGINT,
  reason TEXT,
  -- One line for each gap: item, tab, what is missing.
  gaps TEXT NOT NULL,
  -- Names of the facts that were stated, one on each line.
  facts TEXT NOT NULL,
  longer_by BIGINT,
  PRIMARY KEY (matter_id, entry)
) STRICT;

-- Answers to the form: the last ones of each round.
CREATE TABLE matter_answer (
  matter_id BIGINT NOT NULL,
  round BIGINT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (matter_id, round, field)
) STRICT;

-- Files by their digest. A file that was replaced stays, for the rounds in which it counted.
CREATE TABLE matter_file (
  id ID PRIMARY KEY,
  matter_id BIGINT NOT NULL,
  slot TEXT NOT NULL,
  sha256 BYTES NOT NULL,
  length BIGINT NOT NULL,
  mime TEXT NOT NULL,
  title TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_round BIGINT NOT NULL,
  -- The first round in which it counts no more.
  until_round BIGINT
) STRICT;
CREATE INDEX matter_file_matter ON matter_file (matter_id, id);
CREATE INDEX matter_file_sha256 ON matter_file (sha256);
