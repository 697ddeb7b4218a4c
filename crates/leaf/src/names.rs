//! Names of people where only legal persons and laws have a name.
//!
//! A legal person's full name says what it is (会, 公司, 医院 …) and is longer than a person's. So a short Chinese
//! name without such an ending is taken for a person's, whatever its family name; so is one that is said to be
//! somebody's. Names in Latin letters cannot be told apart from those of companies.

/// The longest name of a person in Chinese characters, compound family names included.
const NAME_CHARS: usize = 4;
/// The longest name with a point in it: 阿卜杜热合曼·买买提.
const POINTED_CHARS: usize = 20;

/// How names of legal persons, parts of the state, places and legal texts end.
const ENDINGS: &str = "会社所院校园馆站台店厂场部局厅处科室司队团组网库行库基金心房庙寺堂观宫厂坊市县区镇乡村省州盟旗街路号府委办法典例令规则定程约议同案章知见函书纲录单款會館臺廠場處團組網庫觀縣區鎮鄉號規則約議見書綱錄單學醫";

/// What a person is called, at the end of a name.
const CALLED: &[&str] = &[
    "先生", "女士", "小姐", "同学", "老人", "大爷", "大妈", "阿姨", "等人", "本人", "一家", "夫妇",
];

/// Words for somebody who is helped or who gives, beside which a name stands.
const SOMEBODY: &[&str] = &[
    "受益人",
    "受助人",
    "求助人",
    "捐赠人",
    "患者",
    "患儿",
    "学生",
    "病人",
    "贫困户",
    "低保户",
    "五保户",
    "监护人",
    "姓名",
    "身份证",
];

/// Whether a name is that of a person, or may well be.
pub(crate) fn is_of_person(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| !is_blank(*c)).collect();
    let (han, pointed, stars) = count(&plain);
    let short: String = plain.iter().collect();
    let ends = |endings: &[&str]| endings.iter().any(|ending| short.ends_with(ending));
    let is_named = short.chars().last().is_some_and(|c| ENDINGS.contains(c));
    let only = han + pointed + stars == plain.len() && han > 0;
    let as_person = only && pointed == 0 && (2..=NAME_CHARS).contains(&plain.len()) && !is_named;
    let with_point = only && pointed > 0 && plain.len() <= POINTED_CHARS && !is_named;
    let of_somebody = !is_named && SOMEBODY.iter().any(|word| short.contains(word));
    as_person || with_point || of_somebody || ends(CALLED) || counted(&short)
}

/// `张三等3人`.
fn counted(text: &str) -> bool {
    let rest = text.strip_suffix('人').or_else(|| text.strip_suffix('名'));
    let rest = rest.map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_digit()));
    rest.is_some_and(|rest| rest.ends_with('等'))
}

fn count(plain: &[char]) -> (usize, usize, usize) {
    let of = |is: fn(char) -> bool| plain.iter().filter(|c| is(**c)).count();
    (of(is_han), of(is_point), of(is_star))
}

/// Blanks do not lengthen a name.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn is_point(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧')
}

fn is_star(c: char) -> bool {
    matches!(c, '*' | '＊' | '×')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_known() {
        for name in [
            "张三",
            "張三",
            "欧阳娜娜",
            "王小明",
            "张 三",
            "张\u{3000}三",
            "李\u{200b}四",
            "阿卜杜拉·买买提",
            "王**",
            "张某某",
            "张三先生",
            "患儿王小明",
            "低保户李四",
            "张三等3人",
            "王小明同学",
            "王小明（受益人）",
            "㐂三",
        ] {
            assert!(is_of_person(name), "{name}");
        }
    }

    #[test]
    fn names_of_legal_persons_and_laws_are_not() {
        for name in [
            "云山县医院",
            "慈善总会",
            "壹基金",
            "红十字会",
            "浙江省慈善联合总会",
            "慈善法",
            "民法典",
            "武汉市",
            "协和医院",
            "中华人民共和国慈善法",
            "民发〔2016〕189号第三条、2026年第12号",
            "云山县残疾人联合会",
            "阳光学生服务中心",
            "Oxfam",
            "財團法人臺北會",
            "社團法人台灣標準化病人協會",
            "慈濟會",
            "阿里巴巴（中国）有限公司",
            "一家人公益服务中心",
            "fen",
        ] {
            assert!(!is_of_person(name), "{name}");
        }
    }
}
