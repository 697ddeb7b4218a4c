//! The end of an organisation as entries: each step after the one before it, and nothing left behind.

use super::{Decided, EffectRefused};
use crate::parties::register::{Item, NewEntry, Right, Standing};

/// Whoever is on the way out, or gone, gets nothing new.
pub(super) fn judge_acting(decided: &Decided<'_>) -> Result<(), EffectRefused> {
    match legal(decided) {
        Some(standing) if standing.is_end() => Err(EffectRefused::Ended(standing)),
        _ => Ok(()),
    }
}

/// May the registration have this standing now?
pub(super) fn judge(standing: Standing, decided: &Decided<'_>) -> Result<(), EffectRefused> {
    let now = legal(decided);
    match standing {
        // What was struck from the register is liquidated too; the standing says the newer of both.
        Standing::Terminating if now == Some(Standing::Struck) => Ok(()),
        Standing::Liquidating if now == Some(Standing::Terminating) => Ok(()),
        Standing::Liquidating => Err(EffectRefused::NotYet(Standing::Terminating)),
        Standing::Deregistered if now == Some(Standing::Liquidating) => Ok(()),
        Standing::Deregistered => Err(EffectRefused::NotYet(Standing::Liquidating)),
        _ => judge_acting(decided),
    }
}

/// The registration ends; what rested on it ends with it, and whoever goes on is named.
pub(super) fn deregistered(
    decided: &Decided<'_>,
    of: impl Fn(Item) -> NewEntry,
) -> Result<Vec<NewEntry>, EffectRefused> {
    judge(Standing::Deregistered, decided)?;
    if decided.around.left > 0 {
        return Err(EffectRefused::FundsLeft(decided.around.left));
    }
    if decided.around.goods > 0 {
        return Err(EffectRefused::GoodsLeft);
    }
    let ended = |standing: Standing| NewEntry {
        standing: Some(standing),
        ..of(standing.item())
    };
    let (register, today) = (decided.register, decided.today);
    let mut written = vec![ended(Standing::Deregistered)];
    let charity = register.standing(Item::Charity, today);
    if matches!(charity, Some(Standing::CharityBorn | Standing::Recognised)) {
        written.push(ended(Standing::CharityEnded));
    }
    if register.certificate(today).is_some() && !matches!(register.right(today), Right::Expired(_))
    {
        written.push(ended(Standing::Surrendered));
    }
    for heir in &decided.around.successors {
        let Some(id) = heir.id.filter(|_| heir.may_act) else {
            return Err(EffectRefused::Heir);
        };
        written.push(NewEntry {
            words: heir.name.clone(),
            successor: Some(id),
            ..of(Item::Successor)
        });
    }
    Ok(written)
}

fn legal(decided: &Decided<'_>) -> Option<Standing> {
    decided.register.standing(Item::Legal, decided.today)
}
