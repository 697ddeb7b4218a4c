//! What came back and what did not, and what somebody has to do about it now.

use crate::screen::{count, yuan};
use serde_json::json;
use store::batch::{Losses, LostGift, LostWord};
use store::transparency::Recovered;

/// Records that are listed under one heading; JSON has all of them.
const SHOWN: usize = 1_000;

/// In words.
pub(super) fn in_words(recovered: &Recovered, remarks: &[String]) -> String {
    let losses = &recovered.losses;
    let mut text = format!(
        "✓ 已从镜像补回{}条陈述，日志共{}条，与镜像的签名一致。\n",
        count(recovered.leaves.unsigned_abs()),
        count(recovered.size.unsigned_abs())
    );
    compared(&mut text, recovered, remarks);
    if recovered.filled > 0 {
        let filled = count(recovered.filled);
        text.push_str(&format!("✓ 以前缺的公开文字补上了{filled}处。\n"));
    }
    if recovered.leaves == 0 || recovered.is_test {
        return text;
    }
    let gifts = &losses.gifts;
    let total = yuan(gifts.fen);
    part_of(
        &mut text,
        (&gifts.listed, gifts.number),
        &format!(
            "笔捐赠（款项{total}元）的捐赠人、留言和支付单号补不回来；请用渠道账单核对，渠道重发这些付款的通知、或者再次导入同一份清单，会再次入账"
        ),
        gift_line,
    );
    part(
        &mut text,
        &losses.words,
        "处公开文字只剩承诺，页面上写“资料遗失”；在别处（打印件、导出的文件、网站快照）找到原文，写进文件后用 --words 再运行一次，命令会逐字核对",
        |word: &LostWord| format!("第{}条  {}  {}", word.leaf_index, word.id, word.field),
    );
    records(&mut text, losses);
    rest(&mut text, losses);
    text
}

/// What the copy was held against, and what nobody knows.
fn compared(text: &mut String, recovered: &Recovered, remarks: &[String]) {
    for one in &recovered.seen {
        let size = count(one.mark.size.unsigned_abs());
        text.push_str(&format!("✓ {size}条的检查点一致（见{}）。\n", one.by));
    }
    for remark in remarks {
        text.push_str(&format!("⚠ {remark}。\n"));
    }
    if !recovered.is_guarded() {
        let size = count(recovered.size.unsigned_abs());
        let source = match recovered.seen.is_empty() {
            true => "凭的是您的确认",
            false => "凭的是上面这些",
        };
        text.push_str(&format!(
            "⚠ 没有守卫文件：{size}条以后是否还签过，本机不知道，{source}；守卫文件已从{size}条重新记起。\n"
        ));
    }
    text.push_str("可以启动服务。\n");
}

/// Records of which something is missing, under what somebody has to do about them.
fn records(text: &mut String, losses: &Losses) {
    let plain = |id: &String| id.clone();
    for (list, words) in [
        (
            &losses.orders,
            "笔拨付已经付款，申请、复核、付款各是谁已经遗失；请凭纸质单据核对并归档",
        ),
        (
            &losses.freed,
            "笔已批准的拨付退回了，它们预留的钱在遗失的时间里已经用于别的支出；如仍要付，请重新申请",
        ),
        (
            &losses.repairs,
            "项等待第二人确认的申请关闭了，它们可能已经办过；如仍要办，请核对以后重新申请",
        ),
        (
            &losses.hidden,
            "笔捐赠在遗失的时间里停止公开了捐赠人；如果当时同时限制了个人信息的处理，请重新办理限制",
        ),
        (
            &losses.places,
            "个存放处不知道是哪个渠道或银行；下次收款会另开一个，请从对账单认出它们",
        ),
        (
            &losses.goods,
            "项物资不知道是什么品目；再次入库会另开一项，请盘点后认出它们",
        ),
        (
            &losses.evidence,
            "次发放的凭证没有了名称和类型，文件仍按指纹找；凭证目录也丢了的，请从原件重新上传",
        ),
        (
            &losses.matters,
            "项办件在遗失的时间里已经决定并写进登记簿，备份里还开着；系统不会让它们再决定一次；请按登记簿里的文号把它们办结（登记簿不变），再通知申请人",
        ),
        (
            &losses.factors,
            "个账号的两步验证是备份时的样子，备份以后有没有换过手机、重设过，日志里没有；请逐个核实，或者运行 shanji admin factor-reset --all 让所有人重新开启",
        ),
    ] {
        part(text, list, words, plain);
    }
}

/// What no list can name.
fn rest(text: &mut String, losses: &Losses) {
    text.push_str("⚠ 备份以后的账号、角色、草稿、未付款的拨付、未答复的提问、办件、导入批次和操作记录不在日志里，都没有了；请重新办理。\n");
    text.push_str("⚠ 反过来，备份以后停用的账号、收回的角色、结束的会话、换掉的密码和两步验证都回到了备份时的样子；请逐个账号核对，再开放服务。然后运行 shanji audit --database 核对。\n");
    if losses.gifts.any_money {
        text.push_str("⚠ 渠道对补回的捐赠发来拒付通知时，系统找不到付款，会请渠道过后再发；请凭账单找到这笔捐赠，由经办人申请更正、复核人确认。\n");
    }
}

fn part<T>(text: &mut String, list: &[T], words: &str, line: impl Fn(&T) -> String) {
    part_of(text, (list, list.len() as u64), words, line);
}

/// A heading with the number of all, and the first ones.
fn part_of<T>(
    text: &mut String,
    (list, all): (&[T], u64),
    words: &str,
    line: impl Fn(&T) -> String,
) {
    if all == 0 {
        return;
    }
    let number = count(all);
    text.push_str(&format!("⚠ {number}{words}：\n"));
    for one in list.iter().take(SHOWN) {
        text.push_str(&format!("  {}\n", line(one)));
    }
    let listed = list.len() as u64;
    if listed < all {
        let listed = count(listed);
        text.push_str(&format!(
            "  ……（用 --json 得到前{listed}条，其余在网页上写着“资料遗失”）\n"
        ));
    } else if list.len() > SHOWN {
        text.push_str("  ……（用 --json 得到全部）\n");
    }
}

fn gift_line(gift: &LostGift) -> String {
    let amount = match gift.unit.as_str() {
        "fen" => format!("{}元", yuan(gift.amount)),
        unit => format!(
            "{}{}",
            gift.amount,
            unit.rsplit('|').next().unwrap_or_default()
        ),
    };
    format!("{}  {}  {}  {amount}", gift.id, gift.day, gift.channel)
}

/// For machines.
pub(super) fn in_json(recovered: &Recovered, remarks: &[String]) -> serde_json::Value {
    let losses = &recovered.losses;
    let compared = recovered.seen.iter();
    let compared = compared.map(|one| json!({ "by": one.by, "size": one.mark.size }));
    let gifts = losses.gifts.listed.iter().map(|gift| {
        json!({
            "id": gift.id, "leaf": gift.leaf_index, "day": gift.day,
            "channel": gift.channel, "amount": gift.amount, "unit": gift.unit,
        })
    });
    let words = losses
        .words
        .iter()
        .map(|word| json!({ "leaf": word.leaf_index, "id": word.id, "field": word.field }));
    json!({
        "leaves": recovered.leaves,
        "size": recovered.size,
        "compared_with": compared.collect::<Vec<_>>(),
        "guarded": recovered.is_guarded(),
        "remarks": remarks,
        "words_filled": recovered.filled,
        "gifts_without_private_data": gifts.collect::<Vec<_>>(),
        "gifts_number": losses.gifts.number,
        "gifts_fen": losses.gifts.fen,
        "words_lost": words.collect::<Vec<_>>(),
        "orders_without_people": losses.orders,
        "orders_sent_back": losses.freed,
        "repairs_closed": losses.repairs,
        "donors_hidden": losses.hidden,
        "places_without_channel": losses.places,
        "goods_without_item": losses.goods,
        "deliveries_without_file_names": losses.evidence,
        "matters_decided": losses.matters,
        "second_factors_of_the_backup": losses.factors,
    })
}
