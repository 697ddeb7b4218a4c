//! The fuzzers' functions on stable: noise, and a register and a list of gifts with a few changes.

#[cfg(test)]
#[path = "../../../fuzz/strangers_table.rs"]
#[expect(unreachable_pub, reason = "the fuzzers' programs see the same file")]
mod targets;

#[cfg(test)]
mod tests {
    use super::targets;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const GIFTS: &str = "捐赠时间,捐赠人,金额,渠道\n2026-11-01 08:00:00,张三,100.00,微信\n2026-11-02,李四,0.01,支付宝\n";
    const REGISTER: &str = "组织,事项,状态,起始日,截止日,决定机关,文号,依据,事由,来源\n91420100MA4K2YTX5E,评估等级,5A,2026-01-01,,云山省民政厅,云民发〔2026〕1号,,,省平台\n";

    proptest! {
        #[test]
        fn noise_does_no_harm(bytes in vec(any::<u8>(), 0..300)) {
            targets::table(&bytes);
            targets::mapping(&bytes);
        }

        #[test]
        fn changed_tables_do_no_harm(
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            of_register in any::<bool>(),
        ) {
            let text = if of_register { REGISTER } else { GIFTS };
            let mut bytes = text.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            targets::table(&bytes);
        }

        #[test]
        fn mappings_are_read_as_they_are_written(text in "[a-z_]{1,8}:[0-9]{1,3}(,[a-z_]{1,8}:[0-9]{1,3}){0,4}") {
            targets::mapping(text.as_bytes());
        }
    }
}
