//! Example pages of the log: with witnesses and without.

use super::examples::{Shape, checkpoint};
use app::Witnessed;
use app::view::*;

pub(super) fn log(shape: Shape) -> LogPage {
    LogPage {
        is_test: shape == Shape::Empty,
        origin: "log.shanji.example/yunshan".into(),
        verifier_key:
            "log.shanji.example/yunshan+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
                .into(),
        checkpoint: shape.some(checkpoint(0)),
        leaves: shape.money(18_431),
        checkpoints: shape.rows(4, |n| checkpoint(i64::try_from(n).unwrap() * 12)),
        recent: shape.rows(6, |n| {
            (
                18_430 - i64::try_from(n).unwrap(),
                "gift".into(),
                shape.text("捐赠 50.00元 → 冬衣计划项目资金").into(),
            )
        }),
        witnesses: shape.some(WitnessesView {
            policy: shape.text("# 省厅与高校二选一\nquorum none\n"),
            asked_for: shape == Shape::Extreme,
            of_one_hand: shape == Shape::Extreme,
            final_size: 18_420,
            witnesses: shape.rows(3, |n| WitnessLine {
                name: shape.name("省民政厅"),
                key: format!("witness.example/{n}+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq"),
                size: [18_420, 0, 18_431][n % 3],
                signed_at: (n % 3 != 1).then(|| "2026-11-22T12:40:00Z".into()),
                trouble: (n % 3 == 1).then(|| "没有在一秒内答复".into()),
            }),
        }),
    }
}

pub(super) fn witnessed(shape: Shape) -> Witnessed {
    match shape {
        Shape::Empty => Witnessed::OperatorOnly,
        Shape::Extreme => Witnessed::OneHand,
        _ => Witnessed::Waiting,
    }
}

pub(super) fn leaf(shape: Shape) -> LeafPage {
    LeafPage {
        states_nothing: shape == Shape::Empty,
        index: if shape == Shape::Empty { 0 } else { 18_420 },
        text: "{\"a\":5000,\"c\":\"kQ0…\",\"i\":[[\"fun_06h2m9qxk4v7tz0\",32140050,5000]],\"k\":\"gift\",\"t\":\"2026-11-22\"}".into(),
        hash: "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=".into(),
        fingerprint: "9cd0ff9eb8bf534c6e1d4ad84b2d07b4c79a976bf30fd57893f04eefd0be41e2".into(),
        sealed: shape != Shape::Empty,
        witnessed: witnessed(shape),
        openings: shape.rows(2, |n| OpeningView {
            field: ["donor", "note"][n % 2].into(),
            salt: "q3Jd0u2m5c8m1X0m2l2k3A".into(),
            value: (n != 1).then(|| shape.text("王**")),
            withdrawn_at: (n == 1).then(|| "2026-11-22T12:40:00Z".into()),
        }),
        tombstones: super::examples::tombstones(shape),
        about: shape.some("/donations/don_06h2m9qxk4v7tz0".into()),
    }
}
