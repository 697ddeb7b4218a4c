-- Second factors 第二验证方式: one authenticator for each person, recovery codes, and sessions that gave a code lately.
-- `secret` is sealed with a key of the house and opens for this user only. While `on_since` is absent the person has
-- not yet shown that the authenticator works, and nothing asks for it. Steps up to `last_step` were accepted or passed.
CREATE TABLE second_factor (
  user_id ID PRIMARY KEY REFERENCES user_account (id),
  secret BYTES NOT NULL,
  begun_at BIGINT NOT NULL,
  on_since BIGINT,
  last_step BIGINT NOT NULL,
  -- Wrong codes since the last pause, and when the last of them was given.
  tries BIGINT NOT NULL,
  tried_at BIGINT NOT NULL
) STRICT;

-- Keyed hashes of recovery codes; each is good once.
CREATE TABLE recovery_code (
  code_hash BYTES PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  made_at BIGINT NOT NULL,
  used_at BIGINT
) STRICT;
CREATE INDEX recovery_code_user ON recovery_code (user_id);

-- Acts that decide or pay are done until then without asking for a code again.
ALTER TABLE session ADD COLUMN strong_until BIGINT;
