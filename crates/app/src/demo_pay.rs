//! The demo's pay button: the demo gateway signs, and its notice is verified and captured like a stranger's.

use crate::answer::Answer;
use crate::command::{Command, CommandKey, Outcome};
use crate::{App, AppError, DEMO_CHANNEL};
use domain::Refusal;
use domain::identity::Actor;
use gateway::payment::{NoticeKind, PaymentNotice, verify};
use kernel::{Fen, Id};
use leaf::ids;

impl App {
    /// Pays an intent through the demo gateway; no money moves. Paying twice is one payment, because the
    /// gateway's number is made from the intent's.
    ///
    /// # Errors
    /// `Refused` with `demo_off` in a house that is no demo, `NotFound` for an unknown intent, `Internal`.
    pub fn demo_pay<'a>(&'a self, intent_id: &'a str) -> Answer<'a, Outcome> {
        Box::pin(async move {
            if !self.config().demo {
                return Err(AppError::Refused(Refusal {
                    code: "demo_off",
                    sentence: "这里不是演示环境，请用页面上的真实支付方式付款。".into(),
                    law: None,
                    field: None,
                }));
            }
            let id: Id<ids::Intent> = self.read_id(intent_id)?;
            let known = {
                let mut read = self.db().read_tx().await?;
                store::fundraising::intent_by_id(&mut read, id).await?
            };
            let known = known.ok_or(AppError::NotFound("这笔捐赠意向"))?;
            let (now, order) = (self.now(), self.print(id));
            let notice = PaymentNotice {
                channel: DEMO_CHANNEL.into(),
                merchant: self.print(known.organisation),
                external_id: format!("{DEMO_CHANNEL}-{order}"),
                order,
                concerns: None,
                kind: NoticeKind::Payment,
                amount: known.intent.amount,
                fee: Fen::ZERO,
                paid_at: now,
            };
            let gateway = self.demo_gateway(&notice.merchant)?;
            let signed = gateway
                .sign(&notice, now, &*self.config().entropy)
                .map_err(AppError::internal)?;
            let keys = self.channel_keys().await?;
            let notice = verify(&keys, &signed.as_headers(), &signed.body, now)
                .map_err(AppError::internal)?;
            let key = CommandKey(notice.external_id.clone());
            let capture = Command::PaymentCapture(Box::new(notice));
            self.write(&Actor::channel(DEMO_CHANNEL), &key, capture)
                .await
        })
    }
}
