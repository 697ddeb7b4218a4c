//! Somebody knows the name, telephone and identity number of every donor of the demo province, every amount, time and
//! organisation, and has the whole public log, but no key. Which statement is whose?
//!
//! No commitment opens by guessing, not even with the right words; nothing in the log is a bare hash of anything he
//! can list. What the log does show in clear (amount, day, campaign, and to whoever watches it live the minute) is
//! measured instead.

use super::tests::play;
use kernel::Timestamp;
use leaf::{Json, Leaf, LeafTime, commit, digest_parse, digest_text, salt};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::audit::{DonationAuditRow, donation_rows_after, donation_rows_by_id};

/// Rows read at once.
const PAGE: i64 = 2_000;

/// The public log, and what the attacker knows.
struct Known {
    leaves: Vec<(Leaf, String)>,
    gifts: Vec<DonationAuditRow>,
    /// Everything that he would try: names, telephones, identities, messages, times, amounts, the right words.
    dictionary: BTreeSet<String>,
    /// The names of natural persons among it.
    names: BTreeSet<String>,
    log_bytes: usize,
}

fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A telephone and an identity number that follow from a name: a leaked list has them for everybody.
fn numbers_of(name: &str) -> [String; 2] {
    let digest = sha256(name);
    let number = digest
        .iter()
        .take(6)
        .fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    let body = format!("110101{:04}0315{:03}", 1950 + number % 60, number % 1_000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .filter_map(|(c, w)| Some(c.to_digit(10)? * w))
        .sum();
    let check = "10X98765432"
        .chars()
        .nth((sum % 11) as usize)
        .unwrap_or('0');
    [
        format!("138{:08}", number % 100_000_000),
        format!("{body}{check}"),
    ]
}

async fn known() -> Known {
    let played = play().await;
    let mut read = played.app.db().read_tx().await.unwrap();
    let (mut leaves, mut log_bytes) = (Vec::new(), 0);
    loop {
        let from = i64::try_from(leaves.len()).unwrap();
        let page = store::audit::leaf_rows_from(&mut read, from, PAGE)
            .await
            .unwrap();
        if page.is_empty() {
            break;
        }
        for row in page {
            log_bytes += row.bytes.len();
            let text = String::from_utf8(row.bytes.clone()).unwrap();
            leaves.push((Leaf::parse(&row.bytes).unwrap(), text));
        }
    }
    let (mut gifts, mut after) = (Vec::new(), i64::MIN);
    loop {
        let page = donation_rows_after(&mut read, after, PAGE).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.id;
        let keys: Vec<i64> = page.iter().map(|gift| gift.id).collect();
        gifts.extend(donation_rows_by_id(&mut read, &keys).await.unwrap());
    }
    let (mut dictionary, mut names) = (BTreeSet::new(), BTreeSet::new());
    for gift in &gifts {
        let words = gift.private.as_ref().unwrap();
        let moment = Timestamp::from_micros(gift.paid_at);
        dictionary.extend([
            words.name.clone(),
            words.message.clone(),
            words.opened.clone(),
            gift.donor_public.clone(),
            gift.amount.to_string(),
            moment.rfc3339(),
            moment.day().to_string(),
        ]);
        if !words.name.is_empty() {
            dictionary.extend(numbers_of(&words.name));
            if words.name.chars().count() <= 4 {
                names.insert(words.name.clone());
            }
        }
        let private =
            store::fundraising::donation_private(&mut read, kernel::Id::from_raw(gift.id));
        dictionary.insert(private.await.unwrap().unwrap().contact);
    }
    dictionary.remove("");
    Known {
        leaves,
        gifts,
        dictionary,
        names,
        log_bytes,
    }
}

/// Every digest that stands anywhere in a leaf, with what it stands for.
fn digests(leaf: &Leaf) -> Vec<(String, [u8; 32])> {
    fn inside(key: &str, value: &Json, found: &mut Vec<(String, [u8; 32])>) {
        match value {
            Json::Text(text) => found.extend(digest_parse(text).map(|d| (key.to_owned(), d))),
            Json::List(list) => list.iter().for_each(|value| inside(key, value, found)),
            Json::Map(map) => map
                .iter()
                .for_each(|(key, value)| inside(key, value, found)),
            Json::Int(_) | Json::Bool(_) => {}
        }
    }
    let mut found: Vec<_> = leaf
        .commitments
        .iter()
        .map(|(f, c)| (f.clone(), *c))
        .collect();
    found.extend(leaf.reference.map(|hash| ("ref".to_owned(), hash)));
    leaf.data
        .iter()
        .for_each(|(key, value)| inside(key, value, &mut found));
    found
}

/// Keys and salts that anybody can compute for a field of a leaf.
fn guesses(leaf: &Leaf, field: &str, value: &str) -> Vec<[u8; 32]> {
    let organisation = leaf.organisation.as_deref().unwrap_or_default();
    let keys = [
        [0; 32],
        [0xFF; 32],
        sha256(""),
        sha256(&leaf.id),
        sha256(organisation),
        sha256(field),
        sha256(value),
        sha256(format!("{}{field}", leaf.id)),
        sha256(format!("{organisation}{}", leaf.id)),
        sha256("shanji"),
        sha256("shanji/salt/1"),
    ];
    keys.iter()
        .flat_map(|key| [*key, salt(key, &leaf.id, field)])
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_found_by_guessing_in_the_demo_log() {
    let known = known().await;
    let by_id: BTreeMap<String, &DonationAuditRow> = known
        .gifts
        .iter()
        .map(|gift| {
            (
                known.leaves[usize::try_from(gift.leaf_index).unwrap()]
                    .0
                    .id
                    .clone(),
                gift,
            )
        })
        .collect();
    every_commitment_is_its_own(&known);
    the_right_words_open_nothing_without_the_key(&known, &by_id);
    no_digest_is_a_bare_hash(&known);
    no_word_stands_in_clear(&known);
    let lines = measure(&known);
    println!(
        "{} leaves, {} bytes, {} gifts, {} words tried",
        known.leaves.len(),
        known.log_bytes,
        known.gifts.len(),
        known.dictionary.len()
    );
    lines.iter().for_each(|line| println!("{line}"));
}

/// Salts have 256 bits that nobody else has, and equal words have unequal commitments.
fn every_commitment_is_its_own(known: &Known) {
    let all: Vec<[u8; 32]> = known
        .leaves
        .iter()
        .flat_map(|(leaf, _)| leaf.commitments.values().copied())
        .collect();
    let different: BTreeSet<&[u8; 32]> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "two commitments are equal");
    let keys: Vec<&[u8]> = known
        .gifts
        .iter()
        .map(|g| g.private.as_ref().unwrap().key.as_slice())
        .collect();
    assert!(keys.iter().all(|key| key.len() == 32));
    let different: BTreeSet<&&[u8]> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "two gifts have one key");
    // The same name gave more than once; no two of its commitments are equal.
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for gift in &known.gifts {
        *named
            .entry(gift.private.as_ref().unwrap().name.as_str())
            .or_default() += 1;
    }
    assert!(
        named.values().any(|times| *times > 1),
        "nobody gave twice: nothing was shown"
    );
}

fn the_right_words_open_nothing_without_the_key(
    known: &Known,
    gifts: &BTreeMap<String, &DonationAuditRow>,
) {
    let (mut tried, mut opened) = (0, 0);
    for (leaf, _) in &known.leaves {
        let Some(gift) = gifts.get(&leaf.id) else {
            continue;
        };
        let Some(commitment) = leaf.commitments.get("gift") else {
            continue;
        };
        let words = gift.private.as_ref().unwrap();
        for value in [&words.opened, &words.name, &words.message] {
            for guess in guesses(leaf, "gift", value) {
                tried += 1;
                assert_ne!(
                    commit(&guess, &leaf.id, "gift", value),
                    *commitment,
                    "{}",
                    leaf.id
                );
            }
        }
        // The key opens it: the test looks at the right thing.
        let key: [u8; 32] = words.key.as_slice().try_into().unwrap();
        let right = commit(
            &salt(&key, &leaf.id, "gift"),
            &leaf.id,
            "gift",
            &words.opened,
        );
        opened += usize::from(right == *commitment);
    }
    println!(
        "{tried} guesses of salts with the right words; {opened} commitments open with their key"
    );
    assert!(opened > 2_000 && tried > 100_000);
}

fn no_digest_is_a_bare_hash(known: &Known) {
    let mut bare = BTreeMap::new();
    for word in &known.dictionary {
        let once = sha256(word);
        let spelt: String = once.iter().map(|b| format!("{b:02x}")).collect();
        for hash in [
            once,
            sha256(once),
            sha256(&spelt),
            sha256(spelt.to_uppercase()),
            sha256(format!("{word}\n")),
        ] {
            bare.insert(hash, word);
        }
    }
    let mut looked_at = 0;
    for (leaf, text) in &known.leaves {
        for (place, digest) in digests(leaf) {
            looked_at += 1;
            assert!(
                !bare.contains_key(&digest),
                "{} {place} is the hash of {:?}",
                leaf.id,
                bare.get(&digest)
            );
        }
        // Numbers of receipts and of records come from no word either.
        let body = leaf.id.split('_').nth(1).unwrap();
        for hash in [
            sha256(leaf.organisation.as_deref().unwrap_or_default()),
            sha256(text),
        ] {
            assert!(!crockford(&hash).starts_with(&body[..8]), "{}", leaf.id);
        }
    }
    let printed: BTreeMap<String, &String> = bare
        .iter()
        .map(|(hash, word)| (crockford(hash)[..8].to_owned(), *word))
        .collect();
    let of_ids = known
        .leaves
        .iter()
        .filter(|(leaf, _)| printed.contains_key(&leaf.id[4..12]));
    // Forty bits of some thousands of numbers against some ten thousands of hashes: one in ten thousand by chance.
    assert_eq!(of_ids.count(), 0);
    assert!(looked_at > 3_000, "{looked_at}");
}

fn crockford(bytes: &[u8; 32]) -> String {
    let digit = |at: usize| {
        let bit = |n: usize| (bytes[n / 8] >> (7 - n % 8)) & 1;
        (0..5).fold(0, |value, n| (value << 1) | bit(at * 5 + n))
    };
    let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..13)
        .map(|at| char::from(letters[usize::from(digit(at))]))
        .collect()
}

fn no_word_stands_in_clear(known: &Known) {
    let log: String = known.leaves.iter().map(|(_, text)| text.as_str()).collect();
    let private = known.names.iter().filter(|name| name.chars().count() > 1);
    let messages = known
        .gifts
        .iter()
        .map(|g| &g.private.as_ref().unwrap().message)
        .filter(|m| m.chars().count() > 3);
    let numbers = known.names.iter().flat_map(|name| numbers_of(name));
    for word in private.chain(messages).cloned().chain(numbers) {
        assert!(!log.contains(&word), "“{word}” stands in the log");
        assert!(
            !log.contains(&digest_text(&sha256(&word))),
            "“{word}” stands in the log as a hash"
        );
    }
    // A natural person's gift shows its day and no moment.
    let moments = known
        .leaves
        .iter()
        .filter(|(leaf, _)| leaf.kind == leaf::Kind::Gift);
    assert!(moments.clone().count() > 2_000);
    assert!(
        moments
            .clone()
            .all(|(leaf, _)| matches!(leaf.time, LeafTime::Day(_)))
    );
}

/// How many gifts share what an attacker could compare: the smaller the crowd, the surer the link.
fn measure(known: &Known) -> Vec<String> {
    let minute = |gift: &DonationAuditRow| gift.paid_at.div_euclid(60_000_000);
    let hour = |gift: &DonationAuditRow| gift.paid_at.div_euclid(3_600_000_000);
    let campaign = |gift: &DonationAuditRow| gift.campaign.unwrap_or_default();
    let money: Vec<&DonationAuditRow> = known
        .gifts
        .iter()
        .filter(|gift| gift.unit == "fen")
        .collect();
    let crowds = |title: &str, key: &dyn Fn(&DonationAuditRow) -> [i64; 4]| {
        let mut groups: BTreeMap<[i64; 4], usize> = BTreeMap::new();
        money
            .iter()
            .for_each(|gift| *groups.entry(key(gift)).or_default() += 1);
        let mut sizes: Vec<usize> = money.iter().map(|gift| groups[&key(gift)]).collect();
        sizes.sort_unstable();
        let share = |most: usize| sizes.iter().filter(|size| **size <= most).count();
        let per_cent = |count: usize| count * 100 / sizes.len();
        (
            share(1),
            format!(
                "{title}: k=1 {} of {} ({}%), k<5 {} ({}%), median k {}",
                share(1),
                sizes.len(),
                per_cent(share(1)),
                share(4),
                per_cent(share(4)),
                sizes[sizes.len() / 2]
            ),
        )
    };
    let all = [
        crowds("amount", &|g| [g.amount, 0, 0, 0]),
        crowds("amount, organisation", &|g| {
            [g.amount, g.organisation, 0, 0]
        }),
        crowds("amount, organisation, day", &|g| {
            [g.amount, g.organisation, g.day, 0]
        }),
        crowds("amount, campaign, day", &|g| {
            [g.amount, campaign(g), g.day, 0]
        }),
        crowds("amount, organisation, hour", &|g| {
            [g.amount, g.organisation, hour(g), 0]
        }),
        crowds("amount, organisation, minute", &|g| {
            [g.amount, g.organisation, minute(g), 0]
        }),
    ];
    // Knowing more never makes a crowd larger.
    assert!(
        all[0].0 <= all[1].0
            && all[1].0 <= all[2].0
            && all[2].0 <= all[4].0
            && all[4].0 <= all[5].0
    );
    all.into_iter().map(|(_, line)| line).collect()
}
