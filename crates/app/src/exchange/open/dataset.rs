//! The tables of open data: what each is called, its fields, and what a statement of the log is in it.
//!
//! This is the one source of the fields: heads of CSV, keys of JSON lines, the dictionary on the page and in the
//! manifest are all made from it. Names of fields are a promise; fields are added and never changed.

use leaf::{FundSide, Json, Kind, Leaf, LeafTime, Move};

/// 〔数据集〕 A table of open data.
#[derive(Debug)]
pub struct Dataset {
    /// Stable name, for files.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// One sentence about what a row is.
    pub about: &'static str,
    /// Its fields, in order.
    pub fields: &'static [Field],
    /// What a statement is in it; nothing for most statements.
    pub(super) rows: Rows,
}

/// The rows that a statement gives a table, with the words of it that stand open.
pub(super) type Rows = fn(&Leaf, i64, &Words) -> Vec<Vec<Cell>>;

/// Words of a statement that stand open: field and words.
pub(super) type Words = Vec<(String, String)>;

/// 〔字段〕 A field of a table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Stable name.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it means, with its unit.
    pub help: &'static str,
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Words or a code.
    Text(String),
    /// A whole number.
    Number(i64),
}

const fn field(name: &'static str, title: &'static str, help: &'static str) -> Field {
    Field { name, title, help }
}

const LEAF: Field = field("leaf", "日志序号", "公开日志里的第几条，可以逐条核对。");
const RECORDED: Field = field(
    "recorded",
    "记载时间",
    "北京时间的日或者 RFC 3339 的时刻，与日志一致。",
);
const ORGANISATION: Field = field("organisation", "组织编号", "哪家组织的，见“组织”表。");

/// All tables, in the order of the page.
pub static DATASETS: [Dataset; 5] = [
    Dataset {
        name: "organisations",
        title: "组织",
        about: "每条是一次登记或者改名，同一编号以最后一条为准。",
        fields: &[
            LEAF,
            RECORDED,
            field("id", "组织编号", "本平台的编号，永远不变。"),
            field("name", "名称", "登记的名称。"),
            field(
                "kind",
                "类别代码",
                "association 社会团体、foundation 基金会等。",
            ),
            field("uscc", "统一社会信用代码", "没有的留空。"),
            field("region", "行政区划代码", "国家统计局的代码，没有的留空。"),
            field("registered", "登记日", "能读成日期的登记日。"),
        ],
        rows: organisations,
    },
    Dataset {
        name: "register",
        title: "登记簿记载",
        about: "每条是登记簿的一条记载，某一天有效的是覆盖这一天、最晚起始、没有被更正的那一条。",
        fields: &[
            LEAF,
            RECORDED,
            field("id", "记载编号", "这条记载的编号。"),
            ORGANISATION,
            field(
                "item",
                "事项代码",
                "legal 法人状态、charity 慈善组织、fundraising 公开募捐资格、name 名称等。",
            ),
            field(
                "state",
                "状态代码",
                "例如 valid、suspended、revoked；按文字记载的事项留空。",
            ),
            field("name", "名称", "改名时的名称。"),
            field("from", "自", "从哪一天起有效。"),
            field("until", "至", "到哪一天为止，没有的留空。"),
            field("office", "作出机关", "谁决定的。"),
            field("document", "文号", "决定书的文号。"),
            field("law", "依据", "法律条文。"),
            field("matter", "办件编号", "在本平台办理的办件，别处决定的留空。"),
            field(
                "corrects",
                "更正的陈述",
                "被更正的那条陈述的 RFC 6962 摘要，base64url。",
            ),
        ],
        rows: register,
    },
    Dataset {
        name: "campaigns",
        title: "募捐活动",
        about: "每条是活动的一次发布或者结束，同一编号以最后一条为准。",
        fields: &[
            LEAF,
            RECORDED,
            field("id", "活动编号", "本平台的编号。"),
            ORGANISATION,
            field("title", "活动名称", "发布时的名称，已撤回的留空。"),
            field("filing", "备案编号", "发布时的备案编号，已撤回的留空。"),
            field("state", "状态代码", "live 募捐中、ended 已结束等。"),
            field("starts", "开始日", "第一天。"),
            field("ends", "结束日", "最后一天。"),
            field("region", "行政区划代码", "在哪里募捐。"),
        ],
        rows: campaigns,
    },
    Dataset {
        name: "funds",
        title: "资金和物资",
        about: "每条是一项资金或者物资的开立。",
        fields: &[
            LEAF,
            RECORDED,
            field("id", "资金编号", "本平台的编号。"),
            ORGANISATION,
            field("kind", "类别代码", "project 项目、advance 预付等。"),
            field("unit", "单位", "fen 是人民币分，其他是物资的单位。"),
            field("restriction", "限定代码", "捐赠人限定与否。"),
        ],
        rows: funds,
    },
    Dataset {
        name: "movements",
        title: "流转",
        about: "账本的每一笔：捐赠、拨付、送达、退款、结算等，每项资金的收入减支出等于结余。",
        fields: &[
            LEAF,
            RECORDED,
            field("part", "笔", "同一条陈述里的第几笔，从1数起。"),
            field("id", "陈述编号", "捐赠、流转等的编号。"),
            field("kind", "种类", "这条陈述是什么，例如 gift/1。"),
            field("kind_title", "种类名称", "种类的中文名称。"),
            ORGANISATION,
            field("campaign", "活动编号", "属于哪个活动，没有的留空。"),
            field("amount", "数量", "资金是人民币分，物资是个数。"),
            field("out_fund", "转出资金", "没有的是从外面来的。"),
            field("out_start", "转出起点", "在转出资金的磁带上从哪里起。"),
            field("out_end", "转出终点", "到哪里为止。"),
            field("in_fund", "转入资金", "没有的是到外面去的。"),
            field("in_start", "转入起点", "在转入资金的磁带上从哪里起。"),
            field("in_end", "转入终点", "到哪里为止。"),
            field("out_place", "转出存放处", "钱或者物资从哪里出。"),
            field("in_place", "转入存放处", "到哪里去。"),
        ],
        rows: movements,
    },
];

fn some(text: Option<&str>) -> Cell {
    match text {
        None | Some("") => Cell::Empty,
        Some(text) => Cell::Text(text.to_owned()),
    }
}

fn said(leaf: &Leaf, word: &str) -> Cell {
    some(leaf.data.get(word).and_then(Json::text))
}

fn recorded(time: &LeafTime) -> Cell {
    Cell::Text(match time {
        LeafTime::Day(day) => day.to_string(),
        LeafTime::Second(moment) => moment.rfc3339(),
    })
}

fn begun(leaf: &Leaf, index: i64) -> Vec<Cell> {
    vec![Cell::Number(index), recorded(&leaf.time)]
}

fn row(leaf: &Leaf, index: i64, rest: impl IntoIterator<Item = Cell>) -> Vec<Vec<Cell>> {
    let mut row = begun(leaf, index);
    row.extend(rest);
    vec![row]
}

fn organisations(leaf: &Leaf, index: i64, _: &Words) -> Vec<Vec<Cell>> {
    if leaf.kind != Kind::Organisation {
        return Vec::new();
    }
    let words = ["name", "kind", "uscc", "region", "registered"];
    let id = std::iter::once(Cell::Text(leaf.id.clone()));
    row(leaf, index, id.chain(words.map(|word| said(leaf, word))))
}

fn register(leaf: &Leaf, index: i64, _: &Words) -> Vec<Vec<Cell>> {
    if leaf.kind != Kind::Register {
        return Vec::new();
    }
    let words = [
        "kind", "state", "name", "from", "until", "office", "document", "law", "matter",
    ];
    let own = [
        Cell::Text(leaf.id.clone()),
        some(leaf.organisation.as_deref()),
    ];
    let corrects = leaf.reference.map(|hash| leaf::digest_text(&hash));
    let cells = own.into_iter().chain(words.map(|word| said(leaf, word)));
    row(leaf, index, cells.chain([some(corrects.as_deref())]))
}

fn campaigns(leaf: &Leaf, index: i64, open: &Words) -> Vec<Vec<Cell>> {
    if leaf.kind != Kind::Campaign {
        return Vec::new();
    }
    let word = |field: &str| {
        let found = open.iter().find(|(name, _)| name == field);
        some(found.map(|(_, words)| words.as_str()))
    };
    let filing = match said(leaf, "filing") {
        Cell::Empty => word("filing_number"),
        stated => stated,
    };
    let own = [
        Cell::Text(leaf.id.clone()),
        some(leaf.organisation.as_deref()),
        word("title"),
        filing,
    ];
    let words = ["state", "starts", "ends", "region"];
    row(
        leaf,
        index,
        own.into_iter().chain(words.map(|word| said(leaf, word))),
    )
}

fn funds(leaf: &Leaf, index: i64, _: &Words) -> Vec<Vec<Cell>> {
    if leaf.kind != Kind::Fund {
        return Vec::new();
    }
    let own = [
        Cell::Text(leaf.id.clone()),
        some(leaf.organisation.as_deref()),
    ];
    let words = ["kind", "unit", "restriction"];
    row(
        leaf,
        index,
        own.into_iter().chain(words.map(|word| said(leaf, word))),
    )
}

fn movements(leaf: &Leaf, index: i64, _: &Words) -> Vec<Vec<Cell>> {
    let streams = leaf.streams.iter().map(|(name, _)| name.as_str());
    let campaign = streams.filter_map(|name| name.strip_prefix("camp/")).next();
    let campaign = campaign.map(|body| format!("cam_{body}"));
    let parts = leaf.moves.iter().zip(1_i64..);
    let one = |(movement, part): (&Move, i64)| {
        let mut row = begun(leaf, index);
        row.extend([
            Cell::Number(part),
            Cell::Text(leaf.id.clone()),
            Cell::Text(leaf.kind.code().to_owned()),
            Cell::Text(leaf.kind.title().to_owned()),
            some(leaf.organisation.as_deref()),
            some(campaign.as_deref()),
            Cell::Number(movement.n),
        ]);
        row.extend(side(movement.from.as_ref()));
        row.extend(side(movement.to.as_ref()));
        row.extend([
            some(movement.place_out.as_deref()),
            some(movement.place_in.as_deref()),
        ]);
        row
    };
    parts.map(one).collect()
}

fn side(side: Option<&FundSide>) -> [Cell; 3] {
    let span = side.and_then(|side| side.span);
    [
        some(side.map(|side| side.fund.as_str())),
        span.map_or(Cell::Empty, |span| Cell::Number(span.0)),
        span.map_or(Cell::Empty, |span| Cell::Number(span.1)),
    ]
}
