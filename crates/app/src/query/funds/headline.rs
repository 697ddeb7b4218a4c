//! What became of a gift in one plain sentence: how much is where, without days, purposes and names of funds, which
//! stand in the list below it.

use crate::query::funds::story::Piece;
use domain::sentence::Value;
use domain::{Sentence, say};

/// How the end of a share is said, in the order of the sentence: what was done first, then what still waits. A fee comes
/// last, because it says least about the gift.
const ENDS: [(&str, &str); 11] = [
    ("delivered", "已经送到受益人手中"),
    ("advanced", "已经拨给执行机构"),
    ("units", "还在物资库存里"),
    ("cost", "已经用于管理和募捐成本"),
    ("refund", "已经退还捐赠人"),
    ("chargeback", "被支付渠道退回付款人"),
    ("correction", "已经作为错误入账更正"),
    ("loss", "已经记为损失"),
    OTHER,
    ("resting", "还没有用出去"),
    FEE,
];
const FEE: (&str, &str) = ("fee", "付了渠道手续费");
/// What has no words of its own above.
const OTHER: (&str, &str) = ("other", "有其他去向");

/// The sentence. `remaining` is what has no piece on this page.
pub(crate) fn headline(total: i64, unit: &str, pieces: &[Piece], remaining: i64) -> Sentence {
    let quantity = |amount: i64| Value::Quantity(amount, unit.to_string());
    let sums = sums(pieces);
    match (sums.as_slice(), remaining) {
        ([(_, words)], 0) => say!(
            "这{amount}{words}。",
            amount = quantity(total),
            words = Sentence::from(*words)
        ),
        ([(_, words), (fee, kept)], 0) if *kept == FEE.1 => say!(
            "这{amount}，除了{fee}渠道手续费，{words}。",
            amount = quantity(total),
            fee = quantity(*fee),
            words = Sentence::from(*words)
        ),
        (sums, remaining) => {
            let said = sums.iter().map(|(amount, words)| {
                say!(
                    "{amount}{words}",
                    amount = quantity(*amount),
                    words = Sentence::from(*words)
                )
            });
            let later = say!("其余{amount}见下面的明细", amount = quantity(remaining));
            let parts = said.chain((remaining > 0).then_some(later)).collect();
            say!(
                "这{amount}里，{parts}。",
                amount = quantity(total),
                parts = Value::Several(parts, "，")
            )
        }
    }
}

/// What there is of each end, in the order of the sentence.
fn sums(pieces: &[Piece]) -> Vec<(i64, &'static str)> {
    let end = |piece: &Piece| {
        let known = ENDS.iter().position(|(kind, _)| *kind == piece.kind);
        known.or_else(|| ENDS.iter().position(|end| *end == OTHER))
    };
    let sum = |at: usize| {
        let these = pieces.iter().filter(|piece| end(piece) == Some(at));
        these.fold(0_i64, |sum, piece| sum.saturating_add(piece.amount))
    };
    let ends = ENDS.iter().enumerate();
    ends.map(|(at, (_, words))| (sum(at), *words))
        .filter(|(amount, _)| *amount > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[(i64, &'static str)], remaining: i64, want: &str) {
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|(amount, kind)| Piece {
                amount: *amount,
                kind,
                words: Sentence::from("用在别处"),
            })
            .collect();
        let total = remaining + pieces.iter().map(|piece| piece.amount).sum::<i64>();
        assert_eq!(headline(total, "fen", &pieces, remaining).to_string(), want);
    }

    #[test]
    fn one_plain_sentence_says_how_much_is_where() {
        check(
            &[(4_500, "resting"), (500, "resting")],
            0,
            "这50.00元还没有用出去。",
        );
        check(
            &[(4_500, "resting"), (5, "fee"), (495, "resting")],
            0,
            "这50.00元，除了0.05元渠道手续费，还没有用出去。",
        );
        check(
            &[(1_995, "resting"), (5, "fee"), (3_000, "delivered")],
            0,
            "这50.00元里，30.00元已经送到受益人手中，19.95元还没有用出去，0.05元付了渠道手续费。",
        );
        check(
            &[(3_000, "delivered"), (100, "exchange")],
            1_900,
            "这50.00元里，30.00元已经送到受益人手中，1.00元有其他去向，其余19.00元见下面的明细。",
        );
    }
}
