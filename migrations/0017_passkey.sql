-- Passkeys 通行密钥: keys of a person that never leave their devices; the house keeps the public half. A key that was
-- removed stays as it was, with the moment, and counts no more.
CREATE TABLE passkey (
  -- What the device calls it.
  credential BYTES PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  -- The number under which devices keep whose key it is, the same for all keys of a person; drawn with the first.
  owner BYTES NOT NULL,
  -- As its owner calls it.
  name TEXT NOT NULL,
  public_key BYTES NOT NULL,
  -- The counter above all.
  state BYTES NOT NULL,
  transports BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  used_at BIGINT,
  -- When its counter went back: there may be two of it, and it counts no more.
  doubted_at BIGINT,
  removed_at BIGINT
) STRICT;
CREATE INDEX passkey_user ON passkey (user_id, added_at) WHERE removed_at IS NULL;

-- What a browser was asked and has not answered yet; each counts once, for the session or the ticket that asked.
CREATE TABLE passkey_question (
  -- SHA-256 of the session's token or of the ticket between password and code.
  holder BYTES NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('add', 'prove')),
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  state BYTES NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (holder, purpose)
) STRICT;
CREATE INDEX passkey_question_user ON passkey_question (user_id, expires_at);

-- Where somebody signed in from, no finer than a network; empty where it is not known.
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- Delegations 委托办理: a duty in matters, handed to a colleague for some days. It holds as long as the one who gave it
-- holds the duty himself, and can be ended early by either.
CREATE TABLE delegation (
  id ID PRIMARY KEY,
  from_user BIGINT NOT NULL REFERENCES user_account (id),
  to_user BIGINT NOT NULL REFERENCES user_account (id),
  role TEXT NOT NULL,
  organisation_id BIGINT,
  region TEXT,
  first_day BIGINT NOT NULL,
  last_day BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT
) STRICT;
CREATE INDEX delegation_from ON delegation (from_user, id);
CREATE INDEX delegation_to ON delegation (to_user, id);
