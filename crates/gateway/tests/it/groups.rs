//! Notices that arrive together: each gets its own verdict, whoever stands beside it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use gateway::SeededEntropy;
use gateway::payment::limits::GROUP;
use gateway::payment::{
    ChannelKeys, DemoGateway, Merchant, NoticeKind, NoticeRefused, PaymentNotice, SignedNotice,
    Verifier, look_at, verify,
};
use kernel::{Amount, Fen, Secret, Timestamp};

const NOW: Timestamp = Timestamp::from_micros(1_795_320_000_000_000);

/// Two merchants and what they sent: every third post is spoilt in its body, every seventh in its signature.
fn posts(count: usize) -> (ChannelKeys, Vec<SignedNotice>) {
    let gateways: Vec<DemoGateway> = ["M1", "M2"]
        .into_iter()
        .map(|number| {
            let merchant = Merchant {
                channel: "demo".into(),
                number: number.into(),
            };
            DemoGateway::ed25519(&Secret::new([7; 32]), &merchant).unwrap()
        })
        .collect();
    let mut keys = ChannelKeys::new();
    for gateway in &gateways {
        keys.add(gateway.key().clone()).unwrap();
    }
    let post = |n: usize| {
        let gateway = &gateways[n % gateways.len()];
        let notice = PaymentNotice {
            channel: "demo".into(),
            merchant: gateway.key().merchant.clone(),
            external_id: format!("{n:020}"),
            order: String::new(),
            concerns: None,
            kind: NoticeKind::Payment,
            amount: Amount::new(5_000).unwrap(),
            fee: Fen::new(30),
            paid_at: NOW,
        };
        let entropy = SeededEntropy::new(n as u64);
        let mut post = gateway.sign(&notice, NOW, &entropy).unwrap();
        if n.is_multiple_of(3) {
            post.body.push(b' ');
        }
        if n.is_multiple_of(7) {
            post.signature.replace_range(..2, "AA");
        }
        post
    };
    (keys, (0..count).map(post).collect())
}

async fn ask(
    verifier: &Verifier,
    keys: &ChannelKeys,
    post: &SignedNotice,
) -> Result<PaymentNotice, NoticeRefused> {
    let stated = look_at(keys, &post.as_headers(), &post.body)?;
    let verdict = verifier.verdict(&stated.signature).await;
    stated.judge(verdict, NOW)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_a_crowd_gets_what_it_would_get_alone() {
    let (keys, posts) = posts(3 * GROUP);
    let (keys, posts) = (Arc::new(keys), Arc::new(posts));
    let verifier = Arc::new(Verifier::new());
    let tasks: Vec<_> = (0..posts.len())
        .map(|n| {
            let (keys, posts) = (Arc::clone(&keys), Arc::clone(&posts));
            let verifier = Arc::clone(&verifier);
            tokio::spawn(async move { ask(&verifier, &keys, &posts[n]).await })
        })
        .collect();
    for (task, post) in tasks.into_iter().zip(posts.iter()) {
        let alone = verify(&keys, &post.as_headers(), &post.body, NOW);
        assert_eq!(task.await.unwrap(), alone);
    }
    let counters = verifier.counters();
    assert!(counters.signatures.load(Ordering::Relaxed) > 0);
}

#[tokio::test]
async fn what_is_ready_at_once_is_checked_in_one_group() {
    let (keys, posts) = posts(GROUP);
    let good: Vec<_> = posts
        .iter()
        .filter(|post| verify(&keys, &post.as_headers(), &post.body, NOW).is_ok())
        .collect();
    let verifier = Verifier::new();
    let asked = good.iter().map(|post| ask(&verifier, &keys, post));
    let believed = futures_util::future::join_all(asked).await;
    assert!(believed.iter().all(Result::is_ok));
    let counters = verifier.counters();
    let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    assert_eq!(read(&counters.signatures), good.len() as u64);
    assert_eq!(
        read(&counters.groups),
        1,
        "one thread, all ready: one group"
    );
    assert_eq!(read(&counters.spoilt), 0);
}

#[test]
fn a_verifier_outlives_the_runtime_that_served_it() {
    let (keys, posts) = posts(2);
    let verifier = Verifier::new();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    };
    for _ in 0..2 {
        let believed = runtime().block_on(ask(&verifier, &keys, &posts[1]));
        assert!(believed.is_ok());
        let forged = runtime().block_on(ask(&verifier, &keys, &posts[0]));
        assert_eq!(forged, Err(NoticeRefused::SignatureWrong));
    }
}
