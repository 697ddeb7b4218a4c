//! Disbursements, deliveries and their evidence.

use super::Batch;
use super::rows::disbursement_of_row;
use db::{Result, args, sql};
use domain::funds::{Disbursement, DisbursementState, Fund, Requested};
use kernel::{Day, Id, RegionCode, Timestamp};
use leaf::ids;

/// A delivery row to keep.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    /// Its key.
    pub id: Id<ids::Delivery>,
    /// Whose money or goods.
    pub organisation: Id<ids::Organisation>,
    /// The fund it left.
    pub fund: Id<ids::Fund>,
    /// The campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The movement.
    pub movement: Id<ids::Movement>,
    /// The order to pay behind it.
    pub disbursement: Option<Id<ids::Disbursement>>,
    /// Code of the payee's kind.
    pub payee_kind: &'static str,
    /// Who received, without persons' names.
    pub payee: String,
    /// The scheme.
    pub scheme: String,
    /// Where.
    pub region: Option<RegionCode>,
    /// How many persons.
    pub persons: i64,
    /// When it reached them.
    pub reached_on: Day,
}

/// 〔办理步骤〕 A step that somebody took.
#[derive(Debug, Clone, Copy)]
pub struct StepTaken<'a> {
    /// Code of the step.
    pub step: &'static str,
    /// Who; absent for the house itself.
    pub user: Option<Id<ids::User>>,
    /// When.
    pub at: Timestamp,
    /// Reason or note.
    pub reason: &'a str,
}

/// An evidence row to keep.
#[derive(Debug, Clone)]
pub struct EvidenceRow {
    /// Digest of the file.
    pub sha256: [u8; 32],
    /// Bytes.
    pub length: i64,
    /// Type.
    pub mime: String,
    /// What it shows.
    pub title: String,
}

impl Batch {
    /// An order to pay as it stands.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement(
        &mut self,
        id: Id<ids::Disbursement>,
    ) -> Result<Option<Disbursement>> {
        let sql = sql!(
            "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver FROM disbursement WHERE id = $1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![id.raw()], disbursement_of_row).await
    }

    /// Keeps a new order to pay.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_insert(
        &mut self,
        fund: &Fund,
        new: &Requested,
        maker: Id<ids::User>,
        now: Timestamp,
    ) -> Result<Id<ids::Disbursement>> {
        let id: Id<ids::Disbursement> = self.mint(now);
        let insert = sql!(
            "INSERT INTO disbursement (id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, state, maker, requested_at, changed_at, reason, assumption, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $11, $11, '', $12, 1)"
        );
        let arguments = args![
            id.raw(),
            fund.organisation.raw(),
            fund.id.raw(),
            fund.campaign.map(Id::raw),
            new.class.code(),
            new.payee_kind.code(),
            &new.payee,
            new.amount.get(),
            &new.purpose,
            maker.raw(),
            now.micros(),
            &new.assumption
        ];
        self.change().await?.exec(insert, arguments).await?;
        if let Some((item, units)) = &new.goods {
            let insert = sql!(
                "INSERT INTO disbursement_goods (disbursement_id, item, units) VALUES ($1, $2, $3)"
            );
            let key = item.key();
            self.change()
                .await?
                .exec(insert, args![id.raw(), &key, *units])
                .await?;
        }
        let taken = StepTaken {
            step: "request",
            user: Some(maker),
            at: now,
            reason: "",
        };
        self.matter_step(id.raw(), &taken).await?;
        Ok(id)
    }

    /// Keeps a payment that a notice published: paid, with nobody's signature.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_imported(
        &mut self,
        order: &Disbursement,
        now: Timestamp,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO disbursement (id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, state, maker, requested_at, changed_at, reason, assumption, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, 1)"
        );
        let arguments = args![
            order.id.raw(),
            order.organisation.raw(),
            order.fund.raw(),
            order.campaign.map(Id::raw),
            order.class.code(),
            order.payee_kind.code(),
            &order.payee,
            order.amount.get(),
            &order.purpose,
            order.state.code(),
            order.maker.raw(),
            now.micros(),
            "按公布的通知导入，当时的审批人未公布",
            &order.assumption
        ];
        self.change().await?.exec(insert, arguments).await?;
        let user = Some(order.maker).filter(|user| user.raw() != 0);
        let taken = StepTaken {
            step: "import",
            user,
            at: now,
            reason: "",
        };
        self.matter_step(order.id.raw(), &taken).await
    }

    /// Moves an order to its next state and notes who did it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_step(
        &mut self,
        id: Id<ids::Disbursement>,
        state: DisbursementState,
        taken: &StepTaken<'_>,
    ) -> Result<()> {
        let update = sql!(
            "UPDATE disbursement SET state = $2, changed_at = $3, reason = $4, version = version + 1, checker = CASE WHEN $5 = 'check' THEN $6 ELSE checker END, approver = CASE WHEN $5 = 'approve' THEN $6 ELSE approver END, payer = CASE WHEN $5 = 'pay' THEN $6 ELSE payer END WHERE id = $1"
        );
        let (user, at) = (taken.user.map(Id::raw), taken.at.micros());
        let arguments = args![id.raw(), state.code(), at, taken.reason, taken.step, user];
        self.change().await?.exec(update, arguments).await?;
        self.matter_step(id.raw(), taken).await
    }

    /// What a purchase buys: item key and units.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_goods(
        &mut self,
        id: Id<ids::Disbursement>,
    ) -> Result<Option<(String, i64)>> {
        let sql = sql!("SELECT item, units FROM disbursement_goods WHERE disbursement_id = $1");
        let tx = self.sql().await?;
        tx.opt(sql, args![id.raw()], |r| Ok((r.text(0)?, r.i64(1)?)))
            .await
    }

    /// Notes the movement that paid an order, and the advance fund if there is one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_paid(
        &mut self,
        id: Id<ids::Disbursement>,
        movement: Id<ids::Movement>,
        to_fund: Option<Id<ids::Fund>>,
    ) -> Result<()> {
        let update = sql!("UPDATE disbursement SET movement_id = $2, to_fund = $3 WHERE id = $1");
        let arguments = args![id.raw(), movement.raw(), to_fund.map(Id::raw)];
        self.change()
            .await?
            .exec(update, arguments)
            .await
            .map(|_| ())
    }

    /// Notes the number of the bank's slip.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn disbursement_voucher(
        &mut self,
        id: Id<ids::Disbursement>,
        voucher: &str,
    ) -> Result<()> {
        let update = sql!("UPDATE disbursement SET voucher = $2 WHERE id = $1");
        self.change()
            .await?
            .exec(update, args![id.raw(), voucher])
            .await
            .map(|_| ())
    }

    /// The first payment of an organisation with this number of a bank's slip: whom it paid and how many fen.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn voucher_known(
        &mut self,
        organisation: Id<ids::Organisation>,
        voucher: &str,
    ) -> Result<Option<(String, i64)>> {
        let sql = sql!(
            "SELECT payee, amount FROM disbursement WHERE organisation_id = $1 AND voucher = $2 AND voucher <> '' ORDER BY id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![organisation.raw(), voucher], |r| {
            Ok((r.text(0)?, r.i64(1)?))
        })
        .await
    }

    /// Notes a step of a matter.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn matter_step(&mut self, matter: i64, taken: &StepTaken<'_>) -> Result<()> {
        let id: Id<ids::Movement> = self.mint(taken.at);
        let insert = sql!(
            "INSERT INTO matter_step (id, matter_id, step, user_id, at, reason) VALUES ($1, $2, $3, $4, $5, $6)"
        );
        let (user, at) = (taken.user.map(Id::raw), taken.at.micros());
        let arguments = args![id.raw(), matter, taken.step, user, at, taken.reason];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// Keeps a delivery.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn delivery_insert(&mut self, row: &DeliveryRow, now: Timestamp) -> Result<()> {
        let insert = sql!(
            "INSERT INTO delivery (id, organisation_id, fund_id, campaign_id, movement_id, disbursement_id, payee_kind, payee, scheme, region, persons, reached_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        );
        let region = row.region.as_ref().map(|r| r.as_str().to_string());
        let arguments = args![
            row.id.raw(),
            row.organisation.raw(),
            row.fund.raw(),
            row.campaign.map(Id::raw),
            row.movement.raw(),
            row.disbursement.map(Id::raw),
            row.payee_kind,
            &row.payee,
            &row.scheme,
            region.as_deref(),
            row.persons,
            i64::from(row.reached_on.number()),
            now.micros()
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// The fund that a delivery left.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn delivery_fund(&mut self, id: Id<ids::Delivery>) -> Result<Option<Id<ids::Fund>>> {
        let sql = sql!("SELECT fund_id FROM delivery WHERE id = $1");
        self.sql()
            .await?
            .opt(sql, args![id.raw()], |r| r.i64(0).map(Id::from_raw))
            .await
    }

    /// The delivery out of a fund that a file was brought for before.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn evidence_used(
        &mut self,
        fund: Id<ids::Fund>,
        sha256: [u8; 32],
    ) -> Result<Option<Id<ids::Delivery>>> {
        let sql = sql!(
            "SELECT d.id FROM evidence AS e JOIN delivery AS d ON d.id = e.subject_id WHERE e.sha256 = $1 AND e.subject_kind = 'delivery' AND d.fund_id = $2 ORDER BY d.id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![sha256, fund.raw()], |r| {
            r.i64(0).map(Id::from_raw)
        })
        .await
    }

    /// Keeps the evidence of a subject.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn evidence_insert(
        &mut self,
        subject: (&'static str, i64),
        rows: &[EvidenceRow],
        now: Timestamp,
    ) -> Result<()> {
        for row in rows {
            let id: Id<ids::Movement> = self.mint(now);
            let insert = sql!(
                "INSERT INTO evidence (id, subject_kind, subject_id, sha256, length, mime, title) VALUES ($1, $2, $3, $4, $5, $6, $7)"
            );
            let arguments = args![
                id.raw(),
                subject.0,
                subject.1,
                row.sha256,
                row.length,
                &row.mime,
                &row.title
            ];
            self.change().await?.exec(insert, arguments).await?;
        }
        Ok(())
    }
}
