-- How organisations are reached 联系方式, as they say themselves; not in the log (record 0045). The newest version counts,
-- earlier ones stay for the staff, with who wrote them and when.
CREATE TABLE organisation_contact (
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  version BIGINT NOT NULL,
  -- The unit or desk that donors turn to; never a person.
  desk TEXT NOT NULL,
  -- Office telephones, one on each line.
  telephones TEXT NOT NULL,
  mail TEXT NOT NULL,
  address TEXT NOT NULL,
  hours TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, version)
) STRICT;

-- Number of the bank's slip 回单号 of a payment, as the payer typed it; empty where none was.
ALTER TABLE disbursement ADD COLUMN voucher TEXT NOT NULL DEFAULT '';
CREATE INDEX disbursement_voucher ON disbursement (organisation_id, voucher) WHERE voucher <> '';

-- The name as lists sort it, by pinyin; empty until it was computed.
ALTER TABLE organisation ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
CREATE INDEX organisation_sort_key ON organisation (sort_key, id);

-- What reached a place is found by the code of its division.
CREATE INDEX delivery_region ON delivery (region, id) WHERE region IS NOT NULL;
