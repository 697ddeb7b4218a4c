-- The first schema of the house. One text for both engines: ID, BYTES and STRICT are tokens of crate `db`.
-- Money is fen (BIGINT), times are microseconds UTC, days are Beijing day numbers since 1970-01-01.
-- Keys named `id` are time-ordered, so every table grows at its right edge.
-- SQLite builds a table in memory for each row it checks against an IN list of more than two values: where rows
-- come by the thousand the values are written out with OR.

CREATE TABLE house (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- identity 身份 ------------------------------------------------------------

CREATE TABLE user_account (
  id ID PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
  created_at BIGINT NOT NULL
) STRICT;

CREATE TABLE role_grant (
  id ID PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  role TEXT NOT NULL,
  organisation_id BIGINT,
  region TEXT,
  from_day BIGINT NOT NULL,
  to_day BIGINT
) STRICT;
CREATE INDEX role_grant_user ON role_grant (user_id);

CREATE TABLE session (
  token_hash BYTES PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  device TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id, created_at);

CREATE TABLE audit_entry (
  id ID PRIMARY KEY,
  at BIGINT NOT NULL,
  user_id BIGINT,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- One row per command that changed something; forms and API clients bring the key.
CREATE TABLE command_done (
  key TEXT PRIMARY KEY,
  fingerprint BYTES NOT NULL,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL
) STRICT;
CREATE INDEX command_done_at ON command_done (at);

CREATE TABLE job (
  id ID PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'dead'),
  attempts BIGINT NOT NULL,
  last_error TEXT NOT NULL
) STRICT;
CREATE INDEX job_waiting ON job (run_at, id) WHERE state = 'waiting';

-- parties 主体 ------------------------------------------------------------

CREATE TABLE organisation (
  id ID PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  uscc TEXT UNIQUE,
  region TEXT,
  state TEXT NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  registered_text TEXT NOT NULL,
  registered_day BIGINT,
  marks TEXT NOT NULL,
  documents TEXT NOT NULL,
  approval_threshold BIGINT NOT NULL,
  leaf_index BIGINT,
  recorded_at BIGINT NOT NULL,
  UNIQUE (source, source_id)
) STRICT;
CREATE INDEX organisation_name_key ON organisation (name_key, id);

-- Two-character terms of names and titles: `subject` is found by what people type.
CREATE TABLE search_term (
  term TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  PRIMARY KEY (term, subject_kind, subject_id)
) STRICT;

CREATE TABLE duplicate_proposal (
  organisation_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'same', 'different')),
  PRIMARY KEY (organisation_id, other_id)
) STRICT;

CREATE TABLE region (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  level BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT
) STRICT;

-- funds 善款 --------------------------------------------------------------

CREATE TABLE fund (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  title TEXT NOT NULL,
  restriction TEXT NOT NULL CHECK (restriction IN ('none', 'purpose', 'time', 'both', 'agency')),
  purpose TEXT NOT NULL,
  region TEXT,
  usable_from BIGINT,
  usable_to BIGINT,
  investable BIGINT NOT NULL CHECK (investable IN (0, 1)),
  campaign_id BIGINT,
  partner_id BIGINT,
  inflow BIGINT NOT NULL CHECK (inflow >= 0),
  outflow BIGINT NOT NULL CHECK (outflow >= 0 AND outflow <= inflow),
  reserved BIGINT NOT NULL CHECK (reserved >= 0 AND reserved <= inflow - outflow),
  opened_at BIGINT NOT NULL,
  leaf_index BIGINT NOT NULL
) STRICT;
CREATE INDEX fund_organisation ON fund (organisation_id, kind, id);
CREATE INDEX fund_campaign ON fund (campaign_id, id);
CREATE INDEX fund_unit ON fund (organisation_id, unit, id);

CREATE TABLE place (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  account TEXT NOT NULL,
  channel TEXT NOT NULL,
  title TEXT NOT NULL,
  partner_id BIGINT,
  leaf_index BIGINT NOT NULL,
  UNIQUE (organisation_id, account, channel)
) STRICT;

CREATE TABLE balance (
  fund_id BIGINT NOT NULL,
  place_id BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (fund_id, place_id)
) STRICT;
CREATE INDEX balance_place ON balance (place_id, fund_id);

-- Roll-ups per fund, accounting day and kind, kept in the writer's batch; sums on pages are sums of these.
CREATE TABLE fund_day (
  fund_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  amount BIGINT NOT NULL,
  movements BIGINT NOT NULL,
  PRIMARY KEY (fund_id, day, kind, direction)
) STRICT;

CREATE TABLE movement (
  id ID PRIMARY KEY,
  leaf_index BIGINT NOT NULL,
  kind TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  from_fund BIGINT,
  out_start BIGINT,
  out_len BIGINT,
  to_fund BIGINT,
  in_start BIGINT,
  in_len BIGINT,
  place_from BIGINT,
  place_to BIGINT,
  undoes BIGINT,
  undoes_offset BIGINT,
  donation_id BIGINT,
  matter_id BIGINT,
  at BIGINT NOT NULL,
  day BIGINT NOT NULL
) STRICT;
CREATE INDEX movement_out ON movement (from_fund, out_start) WHERE out_start IS NOT NULL;
CREATE INDEX movement_in ON movement (to_fund, in_start) WHERE in_start IS NOT NULL;
CREATE INDEX movement_undoes ON movement (undoes, undoes_offset) WHERE undoes IS NOT NULL;
CREATE INDEX movement_back ON movement (to_fund, id) WHERE undoes IS NOT NULL;
CREATE INDEX movement_matter ON movement (matter_id, id) WHERE matter_id IS NOT NULL;

-- One run of a named outflow's swap. `since` and `to_since` name the movements whose swaps had put the fen
-- where they were (0: as they were written): with them each step of a trace is one seek (ledger::Swap).
CREATE TABLE swap (
  id ID PRIMARY KEY,
  fund_id BIGINT NOT NULL,
  pos_from BIGINT NOT NULL,
  pos_to BIGINT NOT NULL,
  len BIGINT NOT NULL CHECK (len > 0),
  movement_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  to_since BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX swap_from ON swap (fund_id, since, pos_from);
CREATE UNIQUE INDEX swap_to ON swap (fund_id, pos_to);
CREATE INDEX swap_by ON swap (fund_id, movement_id, pos_from);

-- Which swap put the fen where they stand now; rows are inserted or changed, never deleted (ledger::Standing).
CREATE TABLE standing (
  fund_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  len BIGINT NOT NULL CHECK (len > 0),
  since BIGINT NOT NULL,
  PRIMARY KEY (fund_id, pos)
) STRICT;

CREATE TABLE disbursement (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  fund_id BIGINT NOT NULL,
  campaign_id BIGINT,
  class TEXT NOT NULL,
  payee_kind TEXT NOT NULL,
  payee TEXT NOT NULL,
  partner_id BIGINT,
  amount BIGINT NOT NULL CHECK (amount > 0),
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  maker BIGINT NOT NULL,
  checker BIGINT,
  approver BIGINT,
  payer BIGINT,
  to_fund BIGINT,
  movement_id BIGINT,
  requested_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  assumption TEXT NOT NULL,
  version BIGINT NOT NULL
) STRICT;
CREATE INDEX disbursement_organisation ON disbursement (organisation_id, id);
CREATE INDEX disbursement_open ON disbursement (organisation_id, state, id);
CREATE INDEX disbursement_campaign ON disbursement (campaign_id, id);

-- What a purchase buys: the tape's unit (`name|specification|unit`) and how many.
CREATE TABLE disbursement_goods (
  disbursement_id ID PRIMARY KEY,
  item TEXT NOT NULL,
  units BIGINT NOT NULL CHECK (units > 0)
) STRICT;

CREATE TABLE delivery (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  fund_id BIGINT NOT NULL,
  campaign_id BIGINT,
  movement_id BIGINT NOT NULL UNIQUE,
  disbursement_id BIGINT,
  payee_kind TEXT NOT NULL,
  payee TEXT NOT NULL,
  scheme TEXT NOT NULL,
  region TEXT,
  persons BIGINT NOT NULL,
  reached_on BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL
) STRICT;
CREATE INDEX delivery_organisation ON delivery (organisation_id, id);
CREATE INDEX delivery_campaign ON delivery (campaign_id, id);

CREATE TABLE evidence (
  id ID PRIMARY KEY,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  sha256 BYTES NOT NULL,
  length BIGINT NOT NULL,
  mime TEXT NOT NULL,
  title TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_subject ON evidence (subject_kind, subject_id, id);
CREATE INDEX evidence_sha256 ON evidence (sha256);

-- Steps of every matter: who did what when, with the reason.
CREATE TABLE matter_step (
  id ID PRIMARY KEY,
  matter_id BIGINT NOT NULL,
  step TEXT NOT NULL,
  user_id BIGINT,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX matter_step_matter ON matter_step (matter_id, id);

-- fundraising 募捐 ---------------------------------------------------------

CREATE TABLE campaign (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  title TEXT NOT NULL,
  story TEXT NOT NULL,
  promise TEXT NOT NULL,
  filing_number TEXT NOT NULL,
  region TEXT,
  state TEXT NOT NULL,
  starts_on BIGINT NOT NULL,
  ends_on BIGINT NOT NULL,
  target BIGINT NOT NULL CHECK (target >= 0),
  administrative_share BIGINT NOT NULL CHECK (administrative_share BETWEEN 0 AND 10000),
  online BIGINT NOT NULL CHECK (online IN (0, 1)),
  project_fund BIGINT,
  administrative_fund BIGINT,
  opening_key BYTES NOT NULL,
  leaf_index BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) STRICT;
CREATE INDEX campaign_organisation ON campaign (organisation_id, id);
CREATE INDEX campaign_state ON campaign (state, id);

CREATE TABLE donation_intent (
  id ID PRIMARY KEY,
  campaign_id BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  donor_kind TEXT NOT NULL,
  donor_name TEXT NOT NULL,
  display TEXT NOT NULL CHECK (display = 'named' OR display = 'masked' OR display = 'anonymous'),
  contact TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
) STRICT;

CREATE TABLE donation (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  campaign_id BIGINT,
  intent_id BIGINT,
  channel TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  fee BIGINT NOT NULL CHECK (fee >= 0),
  unit TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state = 'standing' OR state = 'held' OR state = 'reassigned' OR state = 'refunded' OR state = 'corrected'),
  held_reason TEXT NOT NULL,
  paid_at BIGINT NOT NULL,
  time_known BIGINT NOT NULL CHECK (time_known IN (0, 1)),
  day BIGINT NOT NULL,
  published_day BIGINT,
  donor_kind TEXT NOT NULL,
  donor_public TEXT NOT NULL,
  leaf_index BIGINT NOT NULL,
  movement_first BIGINT NOT NULL,
  movement_count BIGINT NOT NULL,
  import_run BIGINT,
  import_line BIGINT
) STRICT;
CREATE INDEX donation_campaign ON donation (campaign_id, id);
CREATE INDEX donation_day ON donation (organisation_id, day, id);
CREATE INDEX donation_held ON donation (organisation_id, id) WHERE state = 'held';
CREATE INDEX donation_intent_paid ON donation (intent_id) WHERE intent_id IS NOT NULL;

-- Gifts of money per organisation, Beijing day and channel as they came in (never reduced by what is corrected
-- later); kept in the writer's batch, so that a day with fifty thousand gifts is summed by reading a few rows.
CREATE TABLE channel_day (
  organisation_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  channel TEXT NOT NULL,
  gifts BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, day, channel)
) STRICT;

-- What only the donor and the organisation may read. `key` opens the commitments; deleting it erases the person.
CREATE TABLE donation_private (
  donation_id ID PRIMARY KEY,
  donor_name TEXT NOT NULL,
  contact TEXT NOT NULL,
  message TEXT NOT NULL,
  opened TEXT NOT NULL,
  key BYTES NOT NULL
) STRICT;

-- A payment exists once for ever: (channel and merchant, external id). The external id comes first: it grows with
-- time at most channels, and a batch looks its payments up by it alone.
CREATE TABLE payment_key (
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  donation_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (external_id, channel)
) STRICT;

-- oversight 监管 -----------------------------------------------------------

-- Totals that somebody announced; they are kept as said and never adjusted.
CREATE TABLE announcement (
  id ID PRIMARY KEY,
  organisation_id BIGINT NOT NULL,
  announced_by TEXT NOT NULL CHECK (announced_by IN ('organisation', 'volunteers')),
  day BIGINT NOT NULL,
  measure TEXT NOT NULL,
  amount BIGINT,
  number BIGINT,
  import_run BIGINT,
  leaf_index BIGINT NOT NULL
) STRICT;
CREATE INDEX announcement_day ON announcement (organisation_id, day, id);

-- exchange 交换 ------------------------------------------------------------

CREATE TABLE import_run (
  id ID PRIMARY KEY,
  layout TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 BYTES NOT NULL,
  organisation_id BIGINT,
  campaign_id BIGINT,
  state TEXT NOT NULL CHECK (state IN ('staged', 'posting', 'posted', 'undone')),
  rows_total BIGINT NOT NULL,
  rows_accepted BIGINT NOT NULL,
  rows_rejected BIGINT NOT NULL,
  rows_posted BIGINT NOT NULL,
  amount_total BIGINT NOT NULL,
  amount_accepted BIGINT NOT NULL,
  amount_rejected BIGINT NOT NULL,
  user_id BIGINT,
  staged_at BIGINT NOT NULL,
  ended_at BIGINT
) STRICT;
CREATE INDEX import_run_sha256 ON import_run (sha256);
CREATE INDEX import_run_organisation ON import_run (organisation_id, id);

-- Rows of a posted import that were not taken, where channel and day of the row are known: day pages count them.
CREATE TABLE import_reject (
  import_run BIGINT NOT NULL,
  line BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  day BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (import_run, line)
) STRICT;
CREATE INDEX import_reject_day ON import_reject (organisation_id, day, channel);

-- transparency 见证 --------------------------------------------------------

CREATE TABLE log_leaf (
  idx ID PRIMARY KEY,
  bytes BYTES NOT NULL,
  hash BYTES NOT NULL
) STRICT;

-- Full tiles only; partial ones are read from the level below. `root` stands before the hashes, so that the
-- partial tile above 255 full ones is read without their two megabytes.
CREATE TABLE log_tile (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  root BYTES NOT NULL,
  hashes BYTES NOT NULL,
  PRIMARY KEY (level, idx)
) STRICT;

CREATE TABLE log_checkpoint (
  size ID PRIMARY KEY,
  root BYTES NOT NULL,
  note TEXT NOT NULL,
  signed_at BIGINT NOT NULL
) STRICT;

CREATE TABLE stream (
  key TEXT PRIMARY KEY,
  leaves BIGINT NOT NULL CHECK (leaves > 0)
) STRICT;

-- Public words beside a leaf; they can be withdrawn, the leaf stays.
CREATE TABLE opening (
  leaf_index BIGINT NOT NULL,
  field TEXT NOT NULL,
  salt BYTES NOT NULL,
  value TEXT NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (leaf_index, field)
) STRICT;
