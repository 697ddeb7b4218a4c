-- A filing number belongs to one campaign: a draft looks for its number before it is kept.
CREATE INDEX campaign_filing ON campaign (filing_number);

-- An executing partner reads the advances that it holds itself, at whatever organisation.
CREATE INDEX fund_partner ON fund (partner_id, id) WHERE partner_id IS NOT NULL;
