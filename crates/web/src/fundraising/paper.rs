//! The receipt as a paper to keep: what was given, where the money is as of the printing, the promise, how to check it.

use app::view::Keepsake;
use domain::{Sentence, say};
use paper::{Block, Paper, Row};

use crate::printer::{CREATOR, made};
use crate::show::{day_text, moment_text, percent_text, quantity, yuan_text};
use crate::view::{Language, localised};

/// What the QR code of a receipt holds: its public address, and the hash that its record must have.
pub(crate) fn code_content(kept: &Keepsake, house: &str) -> String {
    format!("{house}/donations/{}#leaf={}", kept.page.id, kept.leaf_hash)
}

/// Puts one receipt into words of one language.
pub(crate) struct Press<'a> {
    pub(crate) kept: &'a Keepsake,
    /// Address of the house.
    pub(crate) house: &'a str,
    pub(crate) language: Language,
}

impl Press<'_> {
    fn say(&self, sentence: impl Into<Sentence>) -> String {
        localised(&sentence.into(), self.language)
    }

    fn row(&self, label: &'static str, words: impl Into<String>) -> Row {
        Row::new(self.say(label), words)
    }

    /// The whole paper.
    pub(crate) fn paper(&self) -> Paper {
        let (kept, page) = (self.kept, &self.kept.page);
        let moment = moment_text(&kept.drawn_at, self.language);
        let mut blocks = vec![
            Block::Title(self.say("捐赠凭据（非财政票据）")),
            Block::Small(self.say(say!(
                "编号 {id}　打印时间 {moment}（北京时间）",
                id = page.id.clone(),
                moment = moment.clone()
            ))),
            Block::Lead(self.say(page.headline.clone())),
        ];
        if let Some(held) = &page.held_sentence {
            blocks.push(Block::Text(self.say(held.clone())));
        }
        blocks.push(Block::Heading(self.say("这笔捐赠")));
        blocks.push(Block::Rows(self.facts()));
        blocks.extend(self.story(&moment));
        blocks.extend(self.promise());
        blocks.extend(self.proof());
        Paper {
            title: self.say(say!("捐赠凭据 {id}", id = page.id.clone())),
            author: page.organisation.title.clone(),
            description: self.say("捐赠凭据，不是公益事业捐赠票据。"),
            creator: CREATOR.into(),
            language: self.language.tag().into(),
            made: made(&kept.drawn_at),
            blocks,
            foot: self.say(say!("捐赠凭据（非财政票据）　{id}", id = page.id.clone())),
        }
    }

    fn facts(&self) -> Vec<Row> {
        let (kept, page) = (self.kept, &self.kept.page);
        let donor = self.say(page.donor.clone());
        let donor = match &page.donor_name {
            None => donor,
            Some(name) => self.say(say!(
                "{name}（公开显示为 {shown}）",
                name = name.clone(),
                shown = donor
            )),
        };
        let mut rows = vec![
            self.row("捐赠人", donor),
            self.row("金额", quantity(page.amount, &page.unit, self.language)),
            self.row("大写", page.amount_words.clone()),
        ];
        if page.fee > 0 {
            rows.push(self.row("渠道手续费", yuan_text(page.fee, self.language)));
        }
        let day = match &page.paid_at {
            Some(at) => moment_text(at, self.language),
            None => day_text(&page.day, self.language),
        };
        rows.push(self.row("日期", day));
        rows.push(self.row("方式", self.say(page.channel.clone())));
        let code = kept.uscc.as_deref().unwrap_or_default();
        let organisation = format!("{}　{code}", page.organisation.title);
        rows.push(self.row("受赠组织", organisation.trim_end()));
        rows.push(self.row("找谁问", self.contact()));
        if let Some(campaign) = &page.campaign {
            rows.push(self.row("募捐活动", campaign.title.clone()));
            if !kept.filing_number.is_empty() {
                rows.push(self.row("备案编号", kept.filing_number.clone()));
            }
            rows.push(self.row("管理费", percent_text(kept.administrative_share)));
        }
        let state = crate::words::gift_state(&page.state);
        rows.push(self.row("状态", self.say(Sentence::known(state))));
        if let Some(message) = &page.message {
            rows.push(self.row("您的留言", message.clone()));
        }
        rows
    }

    fn story(&self, moment: &str) -> Vec<Block> {
        let page = &self.kept.page;
        let amount = |share: i64| quantity(share, &page.unit, self.language);
        let mut rows: Vec<Row> = page
            .segments
            .iter()
            .map(|segment| {
                Row::new(
                    amount(segment.share),
                    self.say(segment.end.sentence.clone()),
                )
            })
            .collect();
        if page.remaining > 0 {
            let words = self.say("其余部分的去向太长，没有印在这里，请扫码查看。");
            rows.push(Row::new(amount(page.remaining), words));
        }
        rows.push(Row::new(
            amount(page.amount),
            self.say("合计，正好等于这笔捐赠。"),
        ));
        vec![
            Block::Heading(self.say(say!(
                "钱在哪里（截至 {moment}）",
                moment = moment.to_string()
            ))),
            Block::Rows(rows),
            Block::Small(self.say("按先进先出约定对应：先到的捐款先用。")),
        ]
    }

    fn promise(&self) -> Vec<Block> {
        let Some(promise) = &self.kept.promise else {
            return Vec::new();
        };
        vec![
            Block::Heading(self.say("捐赠当天的使用计划")),
            Block::Text(promise.clone()),
            Block::Small(self.say("活动发布以后，使用计划的文字没有改动过。")),
        ]
    }

    /// Whom to ask, in a line that leaves the receipt on one page: what the organisation published, or the office that
    /// registered it.
    fn contact(&self) -> String {
        let contact = &self.kept.contact;
        if !contact.is_published() {
            let none = self.say("这家组织还没有公布联系方式。");
            let next = match contact.register_office.as_str() {
                "" => self.say("可以向登记它的民政部门询问。"),
                office => self.say(say!(
                    "可以向它的登记管理机关询问：{office}。",
                    office = office.to_string()
                )),
            };
            return format!("{none}{next}");
        }
        let mut words = vec![contact.desk.as_str()];
        words.extend(contact.telephones.iter().map(String::as_str));
        words.extend(Some(contact.mail.as_str()).filter(|mail| !mail.is_empty()));
        self.say(say!(
            "{words}（由组织自行填写，不在日志里）",
            words = words.join("　")
        ))
    }

    fn proof(&self) -> Vec<Block> {
        let kept = self.kept;
        let beside = [
            self.say("用手机扫码，可以看到这笔钱此刻在哪里，并核对记录的指纹。"),
            self.say(say!(
                "公开日志：{origin}，第{n}条。",
                origin = kept.origin.clone(),
                n = kept.page.seal.leaf_index
            )),
            self.say(say!(
                "记录的指纹（SHA-256）：{hash}",
                hash = kept.leaf_hash.clone()
            )),
            self.say(kept.page.seal.sentence.clone()),
            self.say(say!(
                "离线核验：在凭据页下载证明文件，打开 {address} 把文件放进去，或运行 shanji verify。",
                address = format!("{}/verify", self.house)
            )),
        ];
        vec![
            Block::Heading(self.say("怎样核验")),
            Block::Code {
                content: code_content(kept, self.house),
                beside: beside.to_vec(),
            },
            Block::Rule,
            Block::Small(self.say(
                "本凭据由善款记录生成，不是公益事业捐赠票据，不能用于税前扣除；需要捐赠票据，请向受赠组织索取。",
            )),
            Block::Small(self.say(
                "证明文件证明的是这笔捐赠的记录没有被改动；钱的去向以打印时的公开记录为准，以后会继续更新。",
            )),
        ]
    }
}
