//! "These are all" and "there is none": proofs of completeness from a real house, on both engines.

use crate::house::{House, on_each_engine};
use app::IndexQuestion;
use leaf::{Answered, IndexProof, Proved};
use std::sync::Arc;
use testkit::TestApp;
use tlog::{ProofFile, Signer, VerifierKey};

/// Gifts: more than stand in one row of a stream.
const GIFTS: usize = 270;

async fn ask(house: &House, question: IndexQuestion) -> Proved {
    let text = house.app.index_proof(question).await.unwrap().unwrap();
    let file: ProofFile = text.parse().unwrap();
    let key: VerifierKey = house.app.verifier_key().parse().unwrap();
    IndexProof::open(&file, house.app.origin(), &[key]).unwrap()
}

/// Every leaf of a stream, asked for page by page: (index, bytes).
async fn whole(house: &House, name: &str, page: i64) -> Vec<(i64, Vec<u8>)> {
    let mut found = Vec::new();
    loop {
        let from = i64::try_from(found.len()).unwrap();
        let proved = ask(house, IndexQuestion::Page(name.into(), from, page)).await;
        let Answered::Page { count, leaves, .. } = proved.answered else {
            panic!("no page: {:?}", proved.answered)
        };
        found.extend(leaves.into_iter().map(|leaf| (leaf.index, leaf.bytes)));
        if i64::try_from(found.len()).unwrap() >= count {
            return found;
        }
    }
}

/// The leaves that name the stream, read from the log itself.
async fn members(house: &House, name: &str) -> Vec<(i64, Vec<u8>)> {
    let mut read = house.app.db().read_tx().await.unwrap();
    let count = store::transparency::leaf_count(&mut read).await.unwrap();
    let indexes: Vec<i64> = (0..count).collect();
    let mut leaves = store::transparency::leaves_at(&mut read, &indexes)
        .await
        .unwrap();
    leaves.sort_by_key(|leaf| leaf.index);
    let named = leaves
        .into_iter()
        .filter(|leaf| leaf::streams_of(&leaf.bytes).contains(&name));
    named.map(|leaf| (leaf.index, leaf.bytes)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_streams_are_proved_page_by_page() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let name = leaf::stream_name(&campaign).unwrap();
        for number in 0..GIFTS {
            house
                .give(&campaign, "1.00", &format!("idx-{number}"))
                .await;
            // Checkpoints fall at odd places, so that rows of streams are added to again and again.
            if number % 57 == 0 {
                house.app.seal_now().await.unwrap();
            }
        }
        house.app.seal_now().await.unwrap();
        let expected = members(&house, &name).await;
        assert!(expected.len() > GIFTS);
        for page in [1_000, 97] {
            assert!(
                whole(&house, &name, page).await == expected,
                "pages of {page}"
            );
        }
        let absent = ask(&house, IndexQuestion::Page("pen/none".into(), 0, 5)).await;
        assert_eq!(absent.answered, Answered::Absent("pen/none".into()));
        let below = ask(&house, IndexQuestion::Below("camp/".into())).await;
        let Answered::Below(_, streams) = below.answered else {
            panic!("no list")
        };
        assert_eq!(streams.len(), 1);
        assert_eq!(
            (streams[0].0.as_str(), streams[0].1),
            (name.as_str(), expected.len() as i64)
        );
        page_names_the_end(&house, &campaign, &expected).await;
        reload(&house, &name).await;
        house.check_all().await;
    })
    .await;
}

/// The page of a campaign names the newest statement under the checkpoint.
async fn page_names_the_end(house: &House, campaign: &str, sealed: &[(i64, Vec<u8>)]) {
    let page = house.app.campaign_page(campaign, None).await.unwrap();
    let record = page.record.unwrap();
    assert_eq!(Some(&record.stream), leaf::stream_name(campaign).as_ref());
    assert_eq!(record.count, i64::try_from(sealed.len()).unwrap());
    assert_eq!(Some(record.index), sealed.last().map(|leaf| leaf.0));
    assert!(record.index < record.sealed);
}

/// A sequencer that starts anew proves the same from what the database holds.
async fn reload(house: &House, name: &str) {
    let seed = *house.app.secrets().log_seed.expose();
    let signer = Signer::from_seed(house.app.origin(), &seed).unwrap();
    let same = Arc::new(store::House::new(
        kernel::IdCipher::new(*house.app.secrets().id_key.expose()),
        *house.app.secrets().commit_key.expose(),
        house.app.origin(),
        signer.verifier().to_string(),
    ));
    let standing = store::transparency::SharedStanding::default();
    let db = house.app.db();
    let folder = tempfile::tempdir().unwrap();
    let guard = folder.path().join(app::GUARD_FILE);
    std::fs::copy(house.app.config().guard.as_path(), &guard).unwrap();
    let guard = store::transparency::Guard::at(&guard);
    let places = (Arc::clone(&standing), guard);
    let keys = Arc::new(store::transparency::LogKeys::new(vec![signer]));
    store::transparency::Sequencer::load(db, same, keys, places)
        .await
        .unwrap();
    let question = IndexQuestion::Page(name.into(), 3, 5);
    let mut read = db.read_tx().await.unwrap();
    let found = standing.read().await.look(question.clone()).unwrap();
    let tiles = store::transparency::TileCache::default();
    let again = store::transparency::index_proof(&mut read, &tiles, found)
        .await
        .unwrap();
    let before = house.app.index_proof(question).await.unwrap();
    assert_eq!(before, Some(again.to_string()));
}

/// A checkpoint that the database refuses: nothing of it stays, neither there nor in memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_failed_leaves_the_index_as_it_was() {
    let house = TestApp::sqlite().await;
    let charity = house.charity("江城市慈善总会").await;
    house.gift(&charity, "1").await;
    house.seal_now().await.unwrap();
    let before = house.log_checkpoint().await.unwrap();
    house.gift(&charity, "2").await;
    house
        .script("CREATE TRIGGER full BEFORE INSERT ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    for _ in 0..2 {
        assert!(house.seal_now().await.is_err());
    }
    assert_eq!(house.log_checkpoint().await.unwrap(), before);
    assert_eq!(house.seal_stopped(), None, "it is tried again");
    house.script("DROP TRIGGER full").await;
    house.gift(&charity, "3").await;
    house.seal_now().await.unwrap();
    house.check_all().await;
    let question = IndexQuestion::Below("org/".into());
    assert!(house.index_proof(question).await.unwrap().is_some());
}
