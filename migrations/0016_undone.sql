-- What of a gift was taken out again 更正、退款、拒付: kept in the writer's batch beside the movements that did it, so that
-- a list of gifts can say and add up what still stands. Filled from the movements for what is there already.
ALTER TABLE donation ADD COLUMN undone BIGINT NOT NULL DEFAULT 0;
UPDATE donation SET undone = gone.amount
  FROM (SELECT donation_id, CAST(SUM(amount) AS BIGINT) AS amount FROM movement
    WHERE donation_id IS NOT NULL AND (kind = 'refund' OR kind = 'correction' OR kind = 'chargeback')
    GROUP BY donation_id) AS gone
  WHERE gone.donation_id = donation.id;

-- A file that somebody asked to take down is not shown while the request waits for its second person 暂停公开: the digest in
-- hexadecimal of the file that this repair keeps back; absent where it keeps nothing back.
ALTER TABLE repair ADD COLUMN file TEXT;
CREATE INDEX repair_file ON repair (file) WHERE file IS NOT NULL;
