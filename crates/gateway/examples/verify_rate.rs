//! How many payment notices one core believes in a second, by algorithm.
//!
//! `cargo run --release -p gateway --features rsa-keygen --example verify_rate`

use std::hint::black_box;

use gateway::payment::demo::fresh_rsa_key;
use gateway::payment::{
    ChannelKeys, DemoGateway, Merchant, NoticeKind, PaymentNotice, SignedNotice, verify,
};
use gateway::{Clock, Stopwatch, SystemClock, SystemEntropy};
use kernel::{Amount, Fen, Secret, Timestamp};

const NOTICES: usize = 2_000;
const ROUNDS: u64 = 10;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let merchant = Merchant {
        channel: "demo".into(),
        number: "M1".into(),
    };
    let watch = Stopwatch::start();
    let private = fresh_rsa_key(&SystemEntropy)?;
    println!("RSA-2048 key made in {} ms", watch.micros() / 1_000);
    measure(
        "Ed25519",
        &DemoGateway::ed25519(&Secret::new([7; 32]), &merchant)?,
    )?;
    measure("RSA-2048", &DemoGateway::rsa(&private, &merchant)?)?;
    Ok(())
}

fn measure(name: &str, gateway: &DemoGateway) -> Result<(), Failure> {
    let now = SystemClock.now();
    let mut keys = ChannelKeys::new();
    keys.add(gateway.key().clone())?;
    let watch = Stopwatch::start();
    let posts: Vec<SignedNotice> = (0..NOTICES)
        .map(|n| sign(gateway, n, now))
        .collect::<Result<_, _>>()?;
    let signed = watch.per_second(u64::try_from(NOTICES)?);
    let mut best = 0;
    for _ in 0..ROUNDS {
        let watch = Stopwatch::start();
        for post in &posts {
            black_box(verify(&keys, &post.as_headers(), &post.body, now)?);
        }
        best = best.max(watch.per_second(u64::try_from(NOTICES)?));
    }
    println!("{name:9} signs {signed}/s, verifies {best}/s on one core (best of {ROUNDS})");
    Ok(())
}

fn sign(gateway: &DemoGateway, n: usize, now: Timestamp) -> Result<SignedNotice, Failure> {
    let notice = PaymentNotice {
        channel: "demo".into(),
        merchant: "M1".into(),
        external_id: format!("42000020261122{n:010}"),
        order: format!("int_{n:013}"),
        concerns: None,
        kind: NoticeKind::Payment,
        amount: Amount::new(5_000).ok_or("amount")?,
        fee: Fen::new(30),
        paid_at: now,
    };
    Ok(gateway.sign(&notice, now, &SystemEntropy)?)
}
