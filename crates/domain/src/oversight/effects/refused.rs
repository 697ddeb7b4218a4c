//! Why a decision cannot take effect.

use super::CorrectionRefused;
use crate::parties::register::Standing;
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Day, Fen};

/// Why a decision cannot take effect, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectRefused {
    /// The register has what this very matter decided.
    DecidedAlready,
    /// After a revocation nobody gets a new qualification before this day.
    Barred(Day),
    /// There is a suspended one, which is restored and not granted anew.
    Suspended,
    /// There is no valid qualification that could be stopped.
    NotValid,
    /// There is no suspension that could end.
    NotSuspended,
    /// The organisation is on its way out, or gone.
    Ended(Standing),
    /// A step of its end comes before the one before it.
    NotYet(Standing),
    /// There is still money in its funds, in fen.
    FundsLeft(i64),
    /// There are still goods in its funds.
    GoodsLeft,
    /// Who goes on is unknown here or may not act.
    Heir,
    /// The answers do not say what would be entered.
    Incomplete,
    /// The entry cannot be corrected like this.
    Correction(CorrectionRefused),
}

impl Refused for EffectRefused {
    fn code(&self) -> &'static str {
        match self {
            EffectRefused::DecidedAlready => "effect_decided_already",
            EffectRefused::Barred(_) => "effect_barred",
            EffectRefused::Suspended => "effect_suspended",
            EffectRefused::NotValid => "effect_not_valid",
            EffectRefused::NotSuspended => "effect_not_suspended",
            EffectRefused::Ended(_) => "effect_ended",
            EffectRefused::NotYet(_) => "effect_not_yet",
            EffectRefused::FundsLeft(_) => "effect_funds_left",
            EffectRefused::GoodsLeft => "effect_goods_left",
            EffectRefused::Heir => "effect_heir",
            EffectRefused::Incomplete => "effect_incomplete",
            EffectRefused::Correction(refused) => refused.code(),
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            EffectRefused::DecidedAlready => {
                "登记簿里已有这项办件的决定，不能再决定一次；请填登记簿里那份决定的文号，办件就此办结，登记簿不变。".into()
            }
            EffectRefused::Barred(day) => say!(
                "资格被吊销后五年内不能再次取得，{day}起才可以，请不予资格或者退回。",
                day = *day
            ),
            EffectRefused::Suspended => {
                "这家组织的资格正在中止，请先办理恢复，原证书已经到期的恢复后再重新申请。".into()
            }
            EffectRefused::NotValid => {
                "登记簿里这家组织现在没有可以处理的公开募捐资格，请核对登记记载后不予处理。".into()
            }
            EffectRefused::NotSuspended => {
                "登记簿里这家组织的资格现在没有中止，不用恢复，请核对后不予处理。".into()
            }
            EffectRefused::Ended(standing) => say!(
                "登记簿里这家组织是“{standing}”，不能再作这样的决定，请核对登记记载后不予处理。",
                standing = standing.title()
            ),
            EffectRefused::NotYet(standing) => say!(
                "登记簿里这家组织还不是“{standing}”，请先办完前面的事项。",
                standing = standing.title()
            ),
            EffectRefused::FundsLeft(left) => say!(
                "这家组织的资金账上还有{left}，请它先移交剩余财产再注销。",
                left = Fen::new(*left)
            ),
            EffectRefused::GoodsLeft => {
                "这家组织账上还有物资，请它先发放或者登记报损再注销。".into()
            }
            EffectRefused::Heir => {
                "清算报告里的承继单位现在不是可以活动的慈善组织，请退回修改。".into()
            }
            EffectRefused::Incomplete => "要登记的内容没有填完整，请退回补充。".into(),
            EffectRefused::Correction(refused) => refused.sentence(),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some(match self {
            EffectRefused::Barred(_) => "慈善法 第一百一十一条",
            EffectRefused::Correction(_) | EffectRefused::Incomplete => "慈善法 第七十六条",
            EffectRefused::Ended(_) | EffectRefused::NotYet(_) => "慈善法 第十七条",
            EffectRefused::FundsLeft(_) | EffectRefused::GoodsLeft | EffectRefused::Heir => {
                "慈善法 第十八条"
            }
            _ => "慈善组织公开募捐管理办法 第二十三条",
        })
    }
}
