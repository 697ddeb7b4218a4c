//! 〔商密根〕 The log's own statements of its root with SM3, and the edge of that tree between them.
//!
//! The edge is derived state: at most 63 digests in one row, which belong to the newest statement. If they do not lead to
//! its root, the tree is computed from the first leaf again.

use super::standing::stream_end;
use crate::batch::Batch;
use crate::house::{house_set, house_value};
use db::{Result, Session, Tx, args, sql};
use kernel::{Day, Id, Timestamp};
use leaf::{LeafError, LeafTime, OwnWord, SM3_STREAM, Sm3Root, digest_parse, digest_text, ids};
use tlog::{Hash, Sm3Tree, sm3_leaf_hash};

/// Where the edge stands among the facts of the house.
const EDGE: &str = "sm3_edge";
/// Leaves that are read at once: a megabyte or two.
const AT_ONCE: i64 = 4_096;
/// Leaves that the writer itself may read before it states the root; whoever is further behind reads them first.
const BEHIND_MAX: i64 = 4 * AT_ONCE;

/// 〔最近的商密根〕 The newest sealed statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sm3Stated {
    /// How many statements there are.
    pub count: i64,
    /// The Beijing day of the newest one.
    pub day: Day,
    /// What it says.
    pub said: Sm3Root,
}

/// The newest sealed statement of the root with SM3; nothing if there is none.
///
/// # Errors
/// The engine's refusal.
pub async fn sm3_stated(session: &mut Session) -> Result<Option<Sm3Stated>> {
    let Some(end) = stream_end(session, SM3_STREAM).await? else {
        return Ok(None);
    };
    let leaf = super::log::leaf_at(session, end.index).await?;
    Ok(leaf.and_then(|leaf| {
        Some(Sm3Stated {
            count: end.count,
            day: leaf::Leaf::parse(&leaf.bytes).ok()?.time.day(),
            said: Sm3Root::parse(&leaf.bytes)?,
        })
    }))
}

/// The tree under a statement, as it was put away; an empty one if there is none, or not that one.
///
/// # Errors
/// The engine's refusal.
pub async fn sm3_kept(session: &mut Session, stated: Option<&Sm3Stated>) -> Result<Sm3Tree> {
    let text = house_value(session, EDGE).await?;
    let kept = text.as_deref().and_then(tree_of);
    let fits = |tree: &Sm3Tree| {
        let said = stated.map(|stated| stated.said);
        let own = i64::try_from(tree.size()).unwrap_or(i64::MAX);
        said.is_some_and(|said| said.before == own && said.root == tree.root())
    };
    Ok(kept.filter(fits).unwrap_or_default())
}

/// Takes the next committed leaves into the tree. Returns how many; 0 at the end.
///
/// # Errors
/// The engine's refusal.
pub async fn sm3_grow(session: &mut Session, tree: &mut Sm3Tree) -> Result<usize> {
    let sql = sql!("SELECT bytes FROM log_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2");
    let from = i64::try_from(tree.size()).unwrap_or(i64::MAX);
    let mut taken = 0_usize;
    session
        .each(sql, args![from, AT_ONCE], |row| {
            tree.append_hash(sm3_leaf_hash(row.slice(0)?));
            taken = taken.saturating_add(1);
            Ok(())
        })
        .await?;
    Ok(taken)
}

/// Size and peaks as one line of words.
fn text_of(tree: &Sm3Tree) -> String {
    let mut text = tree.size().to_string();
    for peak in tree.peaks() {
        text.push(' ');
        text.push_str(&digest_text(&peak.0));
    }
    text
}

fn tree_of(text: &str) -> Option<Sm3Tree> {
    let mut words = text.split(' ');
    let size = words.next()?.parse().ok()?;
    let peaks: Option<Vec<Hash>> = words.map(|word| digest_parse(word).map(Hash)).collect();
    Sm3Tree::from_peaks(size, peaks?)
}

impl Batch {
    /// States the root over all leaves so far, of which `tree` has the first ones, and puts the edge away; if `known`
    /// statements were there when that was decided and the tree is not far behind. Returns the index if it was written.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn sm3_leaf(
        &mut self,
        (tree, known): (&Sm3Tree, i64),
        now: Timestamp,
    ) -> Result<std::result::Result<Option<i64>, LeafError>> {
        self.load_streams(&[SM3_STREAM.to_owned()]).await?;
        let count = self.state.streams.get(SM3_STREAM).copied().unwrap_or(0);
        let before = self.state.next_leaf;
        let have = i64::try_from(tree.size()).unwrap_or(i64::MAX);
        if count != known || before.saturating_sub(have) > BEHIND_MAX {
            return Ok(Ok(None));
        }
        let mut tree = tree.clone();
        let tx: &mut Tx = self.sql().await?;
        while sm3_grow(tx, &mut tree).await? > 0 {}
        if u64::try_from(before) != Ok(tree.size()) {
            return Ok(Ok(None));
        }
        let said = Sm3Root {
            before,
            root: tree.root(),
        };
        let id = self.house.print(Id::<ids::Sm3Root>::from_raw(before));
        let sequence = count.saturating_add(1);
        let leaf = said.leaf(id, LeafTime::second(now), sequence);
        let written = self.own_leaf(&leaf, (SM3_STREAM, sequence));
        if written.is_ok() {
            house_set(self.change().await?, EDGE, &text_of(&tree)).await?;
        }
        Ok(written.map(Some))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_read_as_it_was_put_away() {
        let mut tree = Sm3Tree::default();
        for size in 0..70_u8 {
            assert_eq!(tree_of(&text_of(&tree)), Some(tree.clone()), "{size}");
            tree.append(&[size]);
        }
        for text in ["", "x", "1", "0 A", "2 AAAA", "-1"] {
            assert_eq!(tree_of(text), None, "{text}");
        }
    }
}
