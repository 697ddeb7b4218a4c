-- Who goes on with what an organisation had 承继单位: an entry of the register may name an organisation of this house,
-- so that an old name, code or number finds it. The page of the successor asks for those before it.
ALTER TABLE register_entry ADD COLUMN successor_id BIGINT;
CREATE INDEX register_entry_successor ON register_entry (successor_id, id) WHERE successor_id IS NOT NULL;
