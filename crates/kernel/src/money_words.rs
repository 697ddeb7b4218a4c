//! Sums in the capital numerals of receipts 〔大写金额〕.
//!
//! Source: 支付结算办法, appendix 1 〔正确填写票据和结算凭证的基本规定〕. Where it allows two
//! ways, the first of its examples is followed.

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The words for so many yuan and fen (`cents` below 100).
pub(crate) fn words(yuan: u64, cents: u64) -> String {
    if yuan == 0 && cents == 0 {
        return "零元整".to_owned();
    }
    let (jiao, fen) = (cents / 10, cents % 10);
    let mut text = String::new();
    if yuan > 0 {
        whole(&mut text, yuan);
        text.push('元');
        if cents == 0 {
            text.push('整');
        } else if yuan.is_multiple_of(10) || jiao == 0 {
            // 壹仟陆佰捌拾元零叁角贰分, 叁佰贰拾伍元零肆分
            text.push('零');
        }
    }
    if jiao > 0 {
        text.push(digit(jiao));
        text.push('角');
    }
    if fen > 0 {
        text.push(digit(fen));
        text.push('分');
    }
    text
}

/// A positive whole number: counted in 亿, within it in 万. A gap of zeros at the head of
/// the lower part is one 零; zeros at the end of the upper part are not spoken.
#[expect(clippy::arithmetic_side_effects, reason = "division by constants")]
fn whole(text: &mut String, number: u64) {
    const WAN: u64 = 10_000;
    const YI: u64 = 100_000_000;
    let (unit, name) = match number {
        0..WAN => return below_wan(text, number),
        WAN..YI => (WAN, '万'),
        _ => (YI, '亿'),
    };
    // At most four levels deep: every call divides by 10 000 or more.
    whole(text, number / unit);
    text.push(name);
    let rest = number % unit;
    if rest > 0 {
        if rest < unit / 10 {
            text.push('零');
        }
        whole(text, rest);
    }
}

/// A number of one to four digits.
#[expect(clippy::arithmetic_side_effects, reason = "division by constants")]
fn below_wan(text: &mut String, number: u64) {
    let mut gap = false;
    let mut begun = false;
    for (unit, name) in [
        (1000, Some('仟')),
        (100, Some('佰')),
        (10, Some('拾')),
        (1, None),
    ] {
        let value = number / unit % 10;
        if value == 0 {
            gap = begun;
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        begun = true;
        text.push(digit(value));
        text.extend(name);
    }
}

fn digit(value: u64) -> char {
    usize::try_from(value)
        .ok()
        .and_then(|at| DIGITS.get(at))
        .copied()
        .unwrap_or('零')
}
