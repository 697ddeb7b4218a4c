//! Orders to pay and deliveries as the leaves that paid them say: who asked, checked and paid is lost where the backup
//! does not know it, and is not invented.

use super::moves::About;
use super::words::Words;
use super::{Flow, Replay, Said, broken};
use crate::batch::{DeliveryRow, EvidenceRow, StepTaken};
use db::{args, sql};
use domain::fundraising::WORDS_LOST;
use domain::funds::{Class, Disbursement, DisbursementState, Fund, PayeeKind, RepairState};
use kernel::{Amount, Id, RegionCode};
use leaf::{Json, Kind, ids};

/// The step of a payment that came back from a leaf; nobody's signature.
const RECOVER: &str = "recover";
/// The step of a payment that a notice published.
const IMPORT: &str = "import";
const FREED: &str =
    "从镜像恢复时，这笔已批准的拨付所预留的钱已经用于别的支出；如仍要付，请重新申请";
const CLOSED: &str =
    "数据库从镜像恢复，这项申请是否已经办理无法确定；如仍要办理，请核对以后重新申请";
/// Requests of one organisation that are closed at once.
const REPAIRS_MAX: i64 = 10_000;

impl Replay<'_> {
    /// An order that was paid.
    pub(super) async fn order(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Disbursement>(&said.leaf.id)?;
        let known = self.batch.disbursement(id).await?;
        let words = self.open(said, &tried(known.as_ref())).await?;
        let releases = match &known {
            Some(order) if order.state == DisbursementState::Approved => order.amount.get(),
            _ => 0,
        };
        let about = About {
            matter: Some(id.raw()),
            releases,
            ..About::default()
        };
        let movements = self.moves(said, about).await?;
        let Some(movement) = movements.first().copied() else {
            return broken("拨付没有流转");
        };
        let order = self.order_of(said, (id, &words), known.as_ref()).await?;
        if known.is_none() {
            self.order_row(&order, said).await?;
        }
        self.order_paid(said, &order, movement).await?;
        if said.leaf.kind == Kind::Delivery {
            let row = DeliveryRow {
                id: self.mint(),
                organisation: order.organisation,
                fund: order.fund,
                campaign: order.campaign,
                movement: Id::from_raw(movement),
                disbursement: Some(order.id),
                payee_kind: order.payee_kind.code(),
                payee: order.payee.clone(),
                scheme: order.purpose.clone(),
                region: None,
                persons: 0,
                reached_on: said.accounting_day(),
            };
            self.batch.delivery_insert(&row, said.at()).await?;
        }
        Ok(())
    }

    fn mint<K>(&mut self) -> Id<K> {
        let now = self.now;
        self.batch.mint(now)
    }

    /// The order as its leaf tells it, beside what the backup knows.
    async fn order_of(
        &mut self,
        said: &Said<'_>,
        (id, words): (Id<ids::Disbursement>, &Words),
        known: Option<&Disbursement>,
    ) -> Flow<Disbursement> {
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let one = said.leaf.moves.first();
        let from = one.and_then(|one| one.from.as_ref());
        let fund = self.id(from.map_or("", |side| side.fund.as_str()))?;
        let amount = one.and_then(|one| Amount::new(one.n));
        let (Some(amount), Some(class)) = (amount, Class::parse(said.text("class"))) else {
            return broken("拨付没有金额或类别");
        };
        let named = said.text("payee");
        Ok(Disbursement {
            id,
            organisation: self.owner(said)?,
            fund,
            campaign: self.campaign_of(said)?,
            class,
            payee_kind: PayeeKind::parse(said.text("payee_kind"))
                .unwrap_or(PayeeKind::Organisation),
            payee: match named {
                "" => words.row(said, "payee").to_owned(),
                named => named.to_owned(),
            },
            amount,
            purpose: words.row(said, "purpose").to_owned(),
            assumption: words.row(said, "assumption").to_owned(),
            state: DisbursementState::Paid,
            maker: Id::from_raw(0),
            checker: None,
            approver: None,
        })
    }

    async fn order_row(&mut self, order: &Disbursement, said: &Said<'_>) -> Flow<()> {
        let insert = sql!(
            "INSERT INTO disbursement (id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, state, maker, requested_at, changed_at, reason, assumption, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'paid', 0, $10, $10, '', $11, 1)"
        );
        let values = args![
            order.id.raw(),
            order.organisation.raw(),
            order.fund.raw(),
            order.campaign.map(Id::raw),
            order.class.code(),
            order.payee_kind.code(),
            &order.payee,
            order.amount.get(),
            &order.purpose,
            said.at().micros(),
            &order.assumption
        ];
        self.batch.change().await?.exec(insert, values).await?;
        if said.leaf.kind == Kind::Conversion {
            self.bought(order, said).await?;
        }
        Ok(())
    }

    /// What a purchase bought is what its fund holds.
    async fn bought(&mut self, order: &Disbursement, said: &Said<'_>) -> Flow<()> {
        let to = said.leaf.moves.first().and_then(|one| one.to.as_ref());
        let Some((start, end)) = to.and_then(|side| side.span) else {
            return broken("采购没有去向");
        };
        let fund = self
            .fund_of(to.map_or("", |side| side.fund.as_str()))
            .await?;
        let insert = sql!(
            "INSERT INTO disbursement_goods (disbursement_id, item, units) VALUES ($1, $2, $3)"
        );
        let values = args![order.id.raw(), &fund.unit, end.saturating_sub(start)];
        self.batch.change().await?.exec(insert, values).await?;
        Ok(())
    }

    pub(super) async fn fund_of(&mut self, printed: &str) -> Flow<Fund> {
        let id = self.id::<ids::Fund>(printed)?;
        match self.batch.fund(id).await? {
            Some(fund) => Ok(fund),
            None => broken("资金不在这个备份里"),
        }
    }

    /// The order is paid; where the leaf does not say that others had paid before, who paid it is lost.
    async fn order_paid(
        &mut self,
        said: &Said<'_>,
        order: &Disbursement,
        movement: i64,
    ) -> Flow<()> {
        let to_fund = match (&said.leaf.kind, said.leaf.moves.first()) {
            (Kind::Allotment, Some(one)) => one.to.as_ref().map(|side| side.fund.as_str()),
            _ => None,
        };
        let to_fund = to_fund.map(|fund| self.id::<ids::Fund>(fund)).transpose()?;
        let is_imported = said.leaf.data.contains_key("acc");
        let taken = StepTaken {
            step: if is_imported { IMPORT } else { RECOVER },
            user: None,
            at: said.at(),
            reason: "",
        };
        let paid = DisbursementState::Paid;
        self.batch.disbursement_step(order.id, paid, &taken).await?;
        let movement = Id::from_raw(movement);
        self.batch
            .disbursement_paid(order.id, movement, to_fund)
            .await?;
        if !is_imported {
            self.losses.orders.push(said.leaf.id.clone());
        }
        Ok(())
    }

    /// A delivery that its own report published, with the digests of its files.
    pub(super) async fn delivery(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Delivery>(&said.leaf.id)?;
        let from = said.leaf.moves.first().and_then(|one| one.from.as_ref());
        let fund = self
            .fund_of(from.map_or("", |side| side.fund.as_str()))
            .await?;
        let names = self.clues.names.iter();
        let tried: Vec<_> = names.map(|name| ("payee", name.clone())).collect();
        let words = self.open(said, &tried).await?;
        let about = About {
            matter: Some(id.raw()),
            ..About::default()
        };
        let movements = self.moves(said, about).await?;
        let is_goods = said.text("class") == "goods";
        let persons = said.int("persons").unwrap_or(0);
        let row = DeliveryRow {
            id,
            organisation: self.owner(said)?,
            fund: fund.id,
            campaign: self.campaign_of(said)?,
            movement: Id::from_raw(movements.first().copied().unwrap_or_default()),
            disbursement: None,
            payee_kind: if persons > 0 {
                "persons"
            } else {
                "organisation"
            },
            payee: words.row(said, "payee").to_owned(),
            // Of goods the leaf never says a scheme: it is what they are called.
            scheme: match is_goods {
                true => fund.title,
                false => words.row(said, "scheme").to_owned(),
            },
            region: RegionCode::parse(said.text("region")).ok(),
            persons,
            reached_on: said.day("scheme_day").unwrap_or(said.accounting_day()),
        };
        self.batch.delivery_insert(&row, said.at()).await?;
        self.evidence(said, id.raw()).await
    }

    /// The files themselves lie beside the database; their names and types are lost.
    async fn evidence(&mut self, said: &Said<'_>, delivery: i64) -> Flow<()> {
        let Some(Json::List(list)) = said.leaf.data.get("evidence") else {
            return Ok(());
        };
        let digests = list.iter().filter_map(Json::text);
        let rows: Vec<EvidenceRow> = digests
            .filter_map(leaf::digest_parse)
            .map(|sha256| EvidenceRow {
                sha256,
                length: 0,
                mime: "application/octet-stream".into(),
                title: WORDS_LOST.into(),
            })
            .collect();
        let at = said.at();
        self.batch
            .evidence_insert(("delivery", delivery), &rows, at)
            .await?;
        self.losses.evidence.push(said.leaf.id.clone());
        Ok(())
    }

    /// Sends approved orders of a fund back that the gap does not pay: what they reserved was spent.
    pub(super) async fn free(&mut self, fund: Id<ids::Fund>) -> Flow<()> {
        let Some(known) = self.batch.fund(fund).await? else {
            return broken("资金不在这个备份里");
        };
        let sql = sql!(
            "SELECT id, fund_id, amount FROM disbursement WHERE organisation_id = $1 AND state = 'approved' ORDER BY id"
        );
        let tx = self.batch.sql().await?;
        let approved = tx
            .rows(sql, args![known.organisation.raw()], |r| {
                Ok((r.i64(0)?, r.i64(1)?, r.i64(2)?))
            })
            .await?;
        for (raw, of, amount) in approved {
            let id = Id::<ids::Disbursement>::from_raw(raw);
            let printed = self.batch.house.print(id);
            if of != fund.raw() || self.clues.orders.contains(&printed) {
                continue;
            }
            if self.batch.fund_release(fund, amount).await?.is_err() {
                return broken("资金预留的钱与拨付不符");
            }
            let taken = StepTaken {
                step: "refuse",
                user: None,
                at: self.now,
                reason: FREED,
            };
            let refused = DisbursementState::Refused;
            self.batch.disbursement_step(id, refused, &taken).await?;
            self.losses.freed.push(printed);
        }
        Ok(())
    }

    /// What waits for a second person may have been done in the gap: confirmed once more it would be done twice.
    pub(super) async fn close_repairs(&mut self) -> Flow<()> {
        let sql = sql!("SELECT id FROM repair WHERE state = 'asked' ORDER BY id LIMIT $1");
        let tx = self.batch.sql().await?;
        let asked = tx.rows(sql, args![REPAIRS_MAX], |r| r.i64(0)).await?;
        for raw in asked {
            let id = Id::<ids::Repair>::from_raw(raw);
            let taken = StepTaken {
                step: "refuse",
                user: None,
                at: self.now,
                reason: CLOSED,
            };
            let state = RepairState::Refused;
            self.batch.repair_decided(id, state, &taken).await?;
            self.losses.repairs.push(self.batch.house.print(id));
        }
        Ok(())
    }
}

/// What the backup knows of the words of an order.
fn tried(known: Option<&Disbursement>) -> Vec<(&'static str, String)> {
    let Some(order) = known else {
        return Vec::new();
    };
    vec![
        ("payee", order.payee.clone()),
        ("purpose", order.purpose.clone()),
        ("assumption", order.assumption.clone()),
    ]
}
