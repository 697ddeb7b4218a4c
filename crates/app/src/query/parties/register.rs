//! The register of an organisation: what holds on a day, and every entry.

use crate::query::found;
use crate::query::transparency::public_salts;
use crate::view::{Link, RegisterLine, RegisterView};
use crate::{App, AppError};
use db::Session;
use domain::parties::register::{Entry, Item, Register, Right, Standing};
use domain::{Sentence, say};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// Entries that a page shows with what opens their words; the newest come first.
const ENTRIES_SHOWN: usize = 200;

/// 〔所问时点〕 On which day, and as it was known when.
#[derive(Debug, Clone, Default)]
pub struct AsOf {
    /// The day, `2026-05-01`; empty for today.
    pub on: String,
    /// A day (its end), a minute of Beijing such as `2026-05-01T11:59`, or a moment in RFC 3339; empty for now.
    pub known: String,
    /// Only entries before this index of the log are listed; empty for the newest ones.
    pub before: String,
}

impl App {
    /// What the register of an organisation says.
    ///
    /// # Errors
    /// `Invalid` where the day or the moment cannot be read, with both at once.
    pub(crate) async fn register_view(
        &self,
        read: &mut Session,
        id: Id<ids::Organisation>,
        asked: &AsOf,
    ) -> Result<RegisterView, AppError> {
        let now = self.now();
        let (on, known) = asked.read(now)?;
        let all = store::parties::register_of(read, id).await?;
        let register = known.map_or_else(|| all.clone(), |moment| all.known_at(moment));
        let holding = Item::ALL
            .into_iter()
            .filter_map(|item| register.on(item, on));
        // Of what there is one at a time the last counts; several may go on with what one had.
        let heirs = register.counting(Item::Successor);
        let heirs: Vec<&Entry> = heirs.filter(|entry| entry.new.covers(on)).collect();
        // A report is read on its own page.
        let several = [Item::Successor, Item::Report];
        let holding = holding.filter(|entry| !several.contains(&entry.new.item));
        let holding: Vec<&Entry> = holding.chain(heirs.iter().copied()).collect();
        let holds = |entry: &Entry| holding.iter().any(|one| one.id == entry.id);
        let mut entries = Vec::new();
        let before: i64 = asked.before.trim().parse().unwrap_or(i64::MAX);
        let listed = register.entries().iter().rev();
        let mut listed = listed.filter(|entry| entry.leaf_index < before);
        for entry in listed.by_ref().take(ENTRIES_SHOWN) {
            let line = self.entry_line(&register, entry);
            entries.push(RegisterLine {
                holds: holds(entry),
                ..line
            });
        }
        let older = listed
            .next()
            .and_then(|_| entries.last().map(|line| line.leaf_index));
        let salts = public_salts(read, entries.iter().map(|line| line.leaf_index)).await?;
        let line_of = |entry: &Entry| {
            let shown = entries
                .iter()
                .find(|line| line.leaf_index == entry.leaf_index);
            shown
                .cloned()
                .unwrap_or_else(|| self.entry_line(&register, entry))
        };
        let stream = leaf::register_stream(&self.print(id)).unwrap_or_default();
        Ok(RegisterView {
            on: on.to_string(),
            known: known.map(Timestamp::rfc3339),
            is_now: known.is_none() && on == now.day(),
            right: right_code(register.right(on)).into(),
            right_sentence: right_sentence(register.right(on)),
            holding: holding.iter().map(|entry| line_of(entry)).collect(),
            former_names: register.former_names(on).into_iter().map(line_of).collect(),
            record: self.newest_of_stream(read, stream).await?,
            successors: self.heirs(&heirs),
            count: i64::try_from(register.entries().len()).unwrap_or(i64::MAX),
            older,
            entries,
            salts,
        })
    }

    /// Who goes on, as links.
    pub(crate) fn heirs(&self, entries: &[&Entry]) -> Vec<Link> {
        let heirs = entries.iter().filter_map(|entry| {
            Some(Link {
                id: self.print(entry.new.successor?),
                title: entry.new.words.clone(),
            })
        });
        heirs.collect()
    }

    /// An entry as pages show it, without what opens its words.
    pub(crate) fn entry_line(&self, register: &Register, entry: &Entry) -> RegisterLine {
        let new = &entry.new;
        RegisterLine {
            id: self.print(entry.id),
            item: new.item.code().into(),
            item_title: new.item.title().into(),
            standing: new.standing.map(|standing| standing.code().into()),
            standing_title: new.standing.map(|standing| standing.title().into()),
            words: new.words.clone(),
            from: new.from.to_string(),
            until: new.until.map(|day| day.to_string()),
            office: new.office.clone(),
            document: new.document.clone(),
            law: new.law.clone(),
            reason: new.reason.clone(),
            source: new.source.clone(),
            matter: new.matter().map(|matter| self.print(matter)),
            is_corrected: register.is_corrected(entry),
            holds: false,
            recorded_at: entry.recorded_at.rfc3339(),
            leaf_index: entry.leaf_index,
            successor: new.successor.map(|successor| self.print(successor)),
        }
    }

    /// The entry that freezes a campaign of an organisation today, if one does.
    pub(crate) fn stopping_entry(
        &self,
        register: &Register,
    ) -> Result<Option<RegisterLine>, AppError> {
        let Right::Stopped { entry, .. } = register.right(self.now().day()) else {
            return Ok(None);
        };
        let mut entries = register.entries().iter();
        let entry = found(entries.find(|one| one.id == entry), "这条登记记载")?;
        Ok(Some(RegisterLine {
            holds: true,
            ..self.entry_line(register, entry)
        }))
    }
}

impl AsOf {
    fn read(&self, now: Timestamp) -> Result<(Day, Option<Timestamp>), AppError> {
        let mut form = domain::text::Form::new();
        let on = match self.on.trim() {
            "" => Some(now.day()),
            text => form.day("on", "查询日期", text),
        };
        let known = match self.known.trim() {
            "" => None,
            text => {
                let moment = moment(text);
                if moment.is_none() {
                    let sentence =
                        "当时的时间请写成年-月-日或者年-月-日T时:分，例如 2026-05-01T11:59。";
                    form.refuse("known", "moment", sentence);
                }
                moment
            }
        };
        form.finish(()).map_err(AppError::Invalid)?;
        Ok((on.unwrap_or(now.day()), known))
    }
}

/// The end of a day or of a minute in Beijing, or a moment in RFC 3339.
fn moment(text: &str) -> Option<Timestamp> {
    const MINUTE: i64 = 60_000_000;
    if let Ok(day) = Day::parse(text) {
        return day.plus_days(1).start().plus_micros(-1);
    }
    if text.len() == "2026-05-01T11:59".len() {
        let start = Timestamp::parse_rfc3339(&format!("{text}:00+08:00")).ok()?;
        return start.plus_micros(MINUTE - 1);
    }
    Timestamp::parse_rfc3339(text).ok()
}

fn right_code(right: Right) -> &'static str {
    match right {
        Right::Unknown => "unknown",
        Right::Valid(_) => "valid",
        Right::Stopped { .. } => "stopped",
        Right::Expired(_) => "expired",
        Right::NotYet(_) => "not_yet",
    }
}

/// What is so, in one sentence for everybody.
pub(crate) fn right_sentence(right: Right) -> Sentence {
    match right {
        Right::Unknown => "登记簿里没有公开募捐资格的记载。".into(),
        Right::Valid(None) => "可以公开募捐。".into(),
        Right::Valid(Some(until)) => say!("可以公开募捐，证书有效期到{until}。", until),
        Right::Expired(last) => say!("公开募捐资格已于{last}到期，不能公开募捐。", last),
        Right::NotYet(from) => say!("公开募捐资格自{from}起有效，在那以前不能公开募捐。", from),
        Right::Stopped {
            standing: Standing::Suspended,
            until: Some(until),
            ..
        } => say!("公开募捐资格中止到{until}，期间不能公开募捐。", until),
        Right::Stopped {
            standing: Standing::Suspended,
            ..
        } => "公开募捐资格已经中止，不能公开募捐。".into(),
        Right::Stopped { standing, .. } => say!(
            "登记簿里的记载是“{standing}”，不能公开募捐。",
            standing = standing.title()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(on: &str, known: &str, want: Result<(&str, Option<&str>), &[&str]>) {
        let asked = AsOf {
            on: on.into(),
            known: known.into(),
            ..AsOf::default()
        };
        let now = Timestamp::parse_rfc3339("2026-11-22T04:00:00Z").unwrap();
        let got = match asked.read(now) {
            Ok((on, known)) => Ok((on.to_string(), known.map(Timestamp::rfc3339))),
            Err(AppError::Invalid(problems)) => {
                Err(problems.iter().map(|p| p.field).collect::<Vec<_>>())
            }
            Err(other) => panic!("{other:?}"),
        };
        let want = want.map(|(on, known)| (on.to_owned(), known.map(str::to_owned)));
        assert_eq!(got, want.map_err(<[&str]>::to_vec));
    }

    #[test]
    fn days_and_moments_are_read_or_told() {
        check("", "", Ok(("2026-11-22", None)));
        check(
            "2026-05-01",
            "2026-05-01T11:59",
            Ok(("2026-05-01", Some("2026-05-01T03:59:59Z"))),
        );
        check(
            "2026-05-01",
            "2026-05-01",
            Ok(("2026-05-01", Some("2026-05-01T15:59:59Z"))),
        );
        check("gestern", "mittags", Err(&["on", "known"]));
    }
}
