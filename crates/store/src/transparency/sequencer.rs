//! The sequencer: reads committed leaves again, hashes them, builds tiles and hands a checkpoint to the writer.
//!
//! It is a function of the database: losing everything it holds loses nothing.

use crate::batch::House;
use crate::limits::SEAL_LEAVES_MAX;
use db::{Col, Db, Result, Tx, args, bulk, sql};
use kernel::Timestamp;
use std::sync::Arc;
use tlog::{Checkpoint, Edge, Hash, Signer, Tile, TileKind};

/// What one tick adds: full tiles and one signed checkpoint.
#[derive(Debug)]
pub struct SealRows {
    tiles: Vec<(i64, i64, [u8; 32], Vec<u8>)>,
    size: i64,
    root: [u8; 32],
    note: String,
    signed_at: i64,
}

impl SealRows {
    /// Leaves that the checkpoint covers.
    pub fn size(&self) -> i64 {
        self.size
    }
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The engine's refusal.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// A stored leaf does not hash to its stored hash, or leaves are missing.
    #[error("日志叶 {index} 的内容与入库时的散列不符，已停止签名，请立即通知管理员核查数据库")]
    Damaged {
        /// The leaf.
        index: i64,
    },
    /// The rebuilt tree is not the one that was signed before.
    #[error("日志与上一次签名的检查点不一致，已停止签名，请立即通知管理员核查数据库")]
    Inconsistent,
    /// The edge or the checkpoint could not be made.
    #[error("检查点无法生成：{0}")]
    Making(String),
}

/// 〔定序〕 The growing edge of the log in memory.
#[derive(Debug)]
pub struct Sequencer {
    house: Arc<House>,
    signer: Signer,
    edge: Edge,
    sealed: i64,
}

impl Sequencer {
    /// Rebuilds the edge at the newest checkpoint and checks that it is the tree that was signed.
    ///
    /// # Errors
    /// `SealError`.
    pub async fn load(
        db: &Db,
        house: Arc<House>,
        signer: Signer,
    ) -> std::result::Result<Sequencer, SealError> {
        let mut read = db.read_tx().await?;
        let newest = sql!("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1");
        let newest = read
            .opt(newest, args![], |r| Ok((r.i64(0)?, r.array::<32>(1)?)))
            .await?;
        let Some((size, root)) = newest else {
            return Ok(Sequencer {
                house,
                signer,
                edge: Edge::new(),
                sealed: 0,
            });
        };
        let mut tiles = Vec::new();
        for path in Edge::tiles_to_rebuild(size as u64) {
            let TileKind::Hashes(level) = path.kind() else {
                continue;
            };
            let sql = sql!("SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2");
            let index = path.index() as i64;
            let bytes = read
                .one(sql, args![i64::from(level), index], |r| r.bytes(0))
                .await?;
            tiles.push(
                Tile::from_bytes(path, &bytes).map_err(|e| SealError::Making(e.to_string()))?,
            );
        }
        let from = size - size % 256;
        let sql = sql!("SELECT hash FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx");
        let trailing = read
            .rows(sql, args![from, size], |r| Ok(Hash(r.array(0)?)))
            .await?;
        let edge = Edge::rebuild(size as u64, &tiles, &trailing)
            .map_err(|e| SealError::Making(e.to_string()))?;
        if edge.root().0 != root {
            return Err(SealError::Inconsistent);
        }
        Ok(Sequencer {
            house,
            signer,
            edge,
            sealed: size,
        })
    }

    /// Leaves under the newest checkpoint.
    pub fn sealed(&self) -> i64 {
        self.sealed
    }

    /// Reads what was committed since, hashes it from its stored bytes and signs; nothing if nothing is new.
    ///
    /// The edge moves on only with [`Sequencer::sealed_up_to`], after the writer has committed the rows.
    ///
    /// # Errors
    /// `SealError`; the edge is unchanged then.
    pub async fn next(
        &self,
        db: &Db,
        now: Timestamp,
    ) -> std::result::Result<Option<(SealRows, Edge)>, SealError> {
        let sql =
            sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2");
        let mut edge = self.edge.clone();
        let mut wrong = None;
        let mut expected = self.sealed;
        let limit = SEAL_LEAVES_MAX as i64;
        let mut read = db.read_tx().await?;
        read.each(sql, args![self.sealed, limit], |r| {
            let (index, hash) = (r.i64(0)?, tlog::leaf_hash(r.slice(1)?));
            let sound = index == expected && hash.0 == r.array::<32>(2)?;
            if !sound || edge.append(hash).is_err() {
                wrong.get_or_insert(expected);
            }
            expected += 1;
            Ok(())
        })
        .await?;
        drop(read);
        if let Some(index) = wrong {
            return Err(SealError::Damaged { index });
        }
        if expected == self.sealed {
            return Ok(None);
        }
        let rows = self.rows(&mut edge, now)?;
        Ok(Some((rows, edge)))
    }

    fn rows(&self, edge: &mut Edge, now: Timestamp) -> std::result::Result<SealRows, SealError> {
        let making = |e: String| SealError::Making(e);
        let root = edge.root();
        let checkpoint = Checkpoint::new(&self.house.origin, edge.size(), root)
            .map_err(|e| making(e.to_string()))?;
        let note = checkpoint
            .sign(&[&self.signer])
            .map_err(|e| making(e.to_string()))?;
        // What is about to be published is read back with the verifier's own code.
        let known = [self.signer.verifier().clone()];
        let opened = Checkpoint::open(&note, &self.house.origin, &known)
            .map_err(|e| making(e.to_string()))?;
        if opened.root() != root || opened.size() != edge.size() {
            return Err(SealError::Inconsistent);
        }
        let tiles = edge
            .take_full_tiles()
            .iter()
            .filter_map(|tile| {
                let root = tile.root()?;
                Some((
                    i64::from(tile.level()),
                    tile.index() as i64,
                    root.0,
                    tile.to_bytes(),
                ))
            })
            .collect();
        Ok(SealRows {
            tiles,
            size: edge.size() as i64,
            root: root.0,
            note: note.to_string(),
            signed_at: now.micros(),
        })
    }

    /// The writer has committed the rows: the edge moves on.
    pub fn sealed_up_to(&mut self, edge: Edge) {
        self.sealed = edge.size() as i64;
        self.edge = edge;
    }
}

/// Writes tiles and checkpoint.
pub(crate) async fn seal_write(tx: &mut Tx, rows: &SealRows) -> Result<()> {
    let levels: Vec<i64> = rows.tiles.iter().map(|t| t.0).collect();
    let indexes: Vec<i64> = rows.tiles.iter().map(|t| t.1).collect();
    let roots: Vec<&[u8]> = rows.tiles.iter().map(|t| t.2.as_slice()).collect();
    let hashes: Vec<&[u8]> = rows.tiles.iter().map(|t| t.3.as_slice()).collect();
    let tiles = bulk!("log_tile(level, idx, root, hashes)", "");
    let columns = [
        Col::I(&levels),
        Col::I(&indexes),
        Col::B(&roots),
        Col::B(&hashes),
    ];
    tx.bulk(tiles, &columns).await?;
    let insert =
        sql!("INSERT INTO log_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4)");
    tx.exec(
        insert,
        args![rows.size, rows.root, &rows.note, rows.signed_at],
    )
    .await
    .map(|_| ())
}

/// Writes the first leaf if the log is empty: its origin, key and first day.
///
/// # Errors
/// The engine's refusal, or a leaf that cannot be written.
pub async fn found(db: &Db, house: &House, now: Timestamp) -> std::result::Result<(), SealError> {
    let mut tx = db.begin().await?;
    let first = sql!("SELECT idx FROM log_leaf WHERE idx = 0");
    if tx.opt(first, args![], |r| r.i64(0)).await?.is_some() {
        tx.rollback().await?;
        return Ok(());
    }
    let mut minter = kernel::IdMinter::new(0);
    let leaf = leaf::Leaf {
        id: house.print(minter.mint::<leaf::ids::Announcement>(now)),
        kind: leaf::Kind::Log,
        organisation: None,
        time: leaf::LeafTime::second(now),
        streams: Vec::new(),
        moves: Vec::new(),
        swaps: Vec::new(),
        reference: None,
        commitments: std::collections::BTreeMap::new(),
        data: [
            (
                "key".to_string(),
                leaf::Json::from(house.verifier_key.as_str()),
            ),
            (
                "origin".to_string(),
                leaf::Json::from(house.origin.as_str()),
            ),
            (
                "start".to_string(),
                leaf::Json::from(now.day().to_string().as_str()),
            ),
        ]
        .into(),
    };
    let bytes = leaf
        .encode()
        .map_err(|e| SealError::Making(e.to_string()))?;
    let hash = tlog::leaf_hash(&bytes).0;
    let insert = sql!("INSERT INTO log_leaf (idx, bytes, hash) VALUES (0, $1, $2)");
    tx.exec(insert, args![&bytes, hash]).await?;
    crate::house::house_set(&mut tx, "origin", &house.origin).await?;
    crate::house::house_set(&mut tx, "founded", &now.rfc3339()).await?;
    tx.commit().await?;
    Ok(())
}
