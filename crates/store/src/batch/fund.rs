//! Funds and places: opened with their leaf, found by what they are for, reserved by approvals.

use super::Batch;
use super::rows::{fund_of_row, place_of_row};
use crate::posting::PostingError;
use crate::search::Findable;
use db::{Result, args, sql};
use domain::funds::posting::{Posting, Subject};
use domain::funds::{Fund, FundKind, NewFund, NewPlace, Place};
use kernel::{Day, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

impl Batch {
    /// A fund as it stands now in this batch.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn fund(&mut self, id: Id<ids::Fund>) -> Result<Option<Fund>> {
        if let Some(fund) = self.state.funds.get(&id.raw()) {
            return Ok(Some(fund.clone()));
        }
        let sql = sql!(
            "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE id = $1"
        );
        let found = self.tx.opt(sql, args![id.raw()], fund_of_row).await?;
        if let Some(fund) = &found {
            self.state.funds.insert(id.raw(), fund.clone());
        }
        Ok(found)
    }

    /// A place.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn place(&mut self, id: Id<ids::Place>) -> Result<Option<Place>> {
        if let Some(place) = self.state.places.get(&id.raw()) {
            return Ok(Some(place.clone()));
        }
        let sql =
            sql!("SELECT id, organisation_id, account, channel, title FROM place WHERE id = $1");
        let found = self.tx.opt(sql, args![id.raw()], place_of_row).await?;
        if let Some(place) = &found {
            self.state.places.insert(id.raw(), place.clone());
        }
        Ok(found)
    }

    /// Opens a fund: leaf first, then the row.
    ///
    /// # Errors
    /// The engine's refusal, or why the leaf cannot be written.
    pub async fn fund_open(
        &mut self,
        new: &NewFund,
        now: Timestamp,
    ) -> Result<std::result::Result<Id<ids::Fund>, PostingError>> {
        let id: Id<ids::Fund> = self.mint(now);
        let mut posting = Posting::new(Subject::Fund(id), LeafKind::Fund, new.organisation, now)
            .fact("kind", new.kind.code())
            .fact("restriction", new.restriction.code())
            .fact(
                "unit",
                if new.unit == "fen" {
                    "fen"
                } else {
                    unit_word(&new.unit)
                },
            )
            .public_word("title", new.title.clone())
            .public_word("purpose", new.purpose.clone());
        if let Some(partner) = new.partner {
            posting = posting.fact("partner", self.house.print(partner));
        }
        posting.campaign = new.campaign;
        let posted = match self.book(&posting).await? {
            Ok(posted) => posted,
            Err(error) => return Ok(Err(error)),
        };
        let tape = ledger::Tape {
            inflow: 0,
            outflow: 0,
            reserved: 0,
        };
        let region = new.region.as_ref().map(|r| r.as_str().to_string());
        let insert = sql!(
            "INSERT INTO fund (id, organisation_id, kind, unit, title, restriction, purpose, region, usable_from, usable_to, investable, campaign_id, partner_id, inflow, outflow, reserved, opened_at, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, 0, 0, 0, $13, $14)"
        );
        let day = |day: Option<Day>| day.map(|d| i64::from(d.number()));
        let arguments = args![
            id.raw(),
            new.organisation.raw(),
            new.kind.code(),
            &new.unit,
            &new.title,
            new.restriction.code(),
            &new.purpose,
            region.as_deref(),
            day(new.usable_from),
            day(new.usable_to),
            new.campaign.map(Id::raw),
            new.partner.map(Id::raw),
            now.micros(),
            posted.leaf_index
        ];
        self.change().await?.exec(insert, arguments).await?;
        let fund = Fund {
            id,
            organisation: new.organisation,
            kind: new.kind,
            unit: new.unit.clone(),
            title: new.title.clone(),
            restriction: new.restriction,
            campaign: new.campaign,
            partner: new.partner,
            tape,
        };
        self.state.funds.insert(id.raw(), fund);
        self.findable(Findable::fund(id.raw(), new.title.clone()));
        Ok(Ok(id))
    }

    /// The organisation's one fund of a kind (held, fee, unrestricted), opened when it is first needed.
    ///
    /// # Errors
    /// As [`Batch::fund_open`].
    pub async fn organisation_fund(
        &mut self,
        organisation: Id<ids::Organisation>,
        kind: FundKind,
        now: Timestamp,
    ) -> Result<std::result::Result<Id<ids::Fund>, PostingError>> {
        let key = (organisation.raw(), kind.code());
        if let Some(&id) = self.state.organisation_funds.get(&key) {
            return Ok(Ok(Id::from_raw(id)));
        }
        let sql = sql!(
            "SELECT id FROM fund WHERE organisation_id = $1 AND kind = $2 AND campaign_id IS NULL ORDER BY id LIMIT 1"
        );
        let found = self.tx.opt(sql, args![key.0, key.1], |r| r.i64(0)).await?;
        let id = match found {
            Some(id) => Id::from_raw(id),
            None => {
                let restriction = domain::funds::Restriction::None;
                let new = NewFund::money(organisation, kind, kind.title(), restriction);
                match self.fund_open(&new, now).await? {
                    Ok(id) => id,
                    Err(error) => return Ok(Err(error)),
                }
            }
        };
        self.state.organisation_funds.insert(key, id.raw());
        Ok(Ok(id))
    }

    /// The organisation's tape of an item, opened when it is first needed.
    ///
    /// # Errors
    /// As [`Batch::fund_open`].
    pub async fn goods_fund(
        &mut self,
        new: &NewFund,
        now: Timestamp,
    ) -> Result<std::result::Result<Id<ids::Fund>, PostingError>> {
        let sql = sql!(
            "SELECT id FROM fund WHERE organisation_id = $1 AND unit = $2 ORDER BY id LIMIT 1"
        );
        let organisation = new.organisation.raw();
        match self
            .tx
            .opt(sql, args![organisation, &new.unit], |r| r.i64(0))
            .await?
        {
            Some(id) => Ok(Ok(Id::from_raw(id))),
            None => self.fund_open(new, now).await,
        }
    }

    /// The organisation's place of an account and channel, opened when it is first needed.
    ///
    /// # Errors
    /// As [`Batch::fund_open`].
    pub async fn place_open(
        &mut self,
        new: &NewPlace,
        now: Timestamp,
    ) -> Result<std::result::Result<Id<ids::Place>, PostingError>> {
        let key = (
            new.organisation.raw(),
            new.account.to_string(),
            new.channel.clone(),
        );
        if let Some(&id) = self.state.organisation_places.get(&key) {
            return Ok(Ok(Id::from_raw(id)));
        }
        let sql = sql!(
            "SELECT id, organisation_id, account, channel, title FROM place WHERE organisation_id = $1 AND account = $2 AND channel = $3"
        );
        let found = self
            .tx
            .opt(sql, args![key.0, &key.1, &key.2], place_of_row)
            .await?;
        let place = match found {
            Some(place) => place,
            None => match self.place_insert(new, now).await? {
                Ok(place) => place,
                Err(error) => return Ok(Err(error)),
            },
        };
        self.state.organisation_places.insert(key, place.id.raw());
        let id = place.id;
        self.state.places.insert(id.raw(), place);
        Ok(Ok(id))
    }

    async fn place_insert(
        &mut self,
        new: &NewPlace,
        now: Timestamp,
    ) -> Result<std::result::Result<Place, PostingError>> {
        let id: Id<ids::Place> = self.mint(now);
        let posting = Posting::new(Subject::Place(id), LeafKind::Place, new.organisation, now)
            .fact("account", new.account)
            .public_word("title", new.title.clone());
        let posted = match self.book(&posting).await? {
            Ok(posted) => posted,
            Err(error) => return Ok(Err(error)),
        };
        let insert = sql!(
            "INSERT INTO place (id, organisation_id, account, channel, title, partner_id, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        );
        let arguments = args![
            id.raw(),
            new.organisation.raw(),
            new.account,
            &new.channel,
            &new.title,
            new.partner.map(Id::raw),
            posted.leaf_index
        ];
        self.change().await?.exec(insert, arguments).await?;
        Ok(Ok(Place {
            id,
            organisation: new.organisation,
            account: new.account.to_string(),
            channel: new.channel.clone(),
            title: new.title.clone(),
        }))
    }

    /// Approval reserves.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: the tape's.
    pub async fn fund_reserve(
        &mut self,
        id: Id<ids::Fund>,
        amount: i64,
    ) -> Result<std::result::Result<(), PostingError>> {
        self.fund(id).await?;
        let Some(fund) = self.state.funds.get_mut(&id.raw()) else {
            return Ok(Err(PostingError::Unknown));
        };
        if let Err(error) = fund.tape.reserve(amount) {
            return Ok(Err(error.into()));
        }
        self.state.dirty_funds.insert(id.raw());
        self.changed();
        Ok(Ok(()))
    }

    /// A refusal frees what an approval reserved.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: the tape's.
    pub async fn fund_release(
        &mut self,
        id: Id<ids::Fund>,
        amount: i64,
    ) -> Result<std::result::Result<(), PostingError>> {
        self.fund(id).await?;
        let Some(fund) = self.state.funds.get_mut(&id.raw()) else {
            return Ok(Err(PostingError::Unknown));
        };
        if let Err(error) = fund.tape.release(amount) {
            return Ok(Err(error.into()));
        }
        self.state.dirty_funds.insert(id.raw());
        self.changed();
        Ok(Ok(()))
    }

    /// What waits at a place: (fund, fen), by fund.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn place_contents(
        &mut self,
        place: Id<ids::Place>,
    ) -> Result<Vec<(Id<ids::Fund>, i64)>> {
        let sql = sql!(
            "SELECT fund_id, amount FROM balance WHERE place_id = $1 AND amount > 0 ORDER BY fund_id"
        );
        let raw = place.raw();
        let tx = self.sql().await?;
        tx.rows(sql, args![raw], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.i64(1)?))
        })
        .await
    }
}

/// The unit of an item is the last part of `name|spec|unit`.
fn unit_word(key: &str) -> &str {
    key.rsplit('|').next().unwrap_or(key)
}
