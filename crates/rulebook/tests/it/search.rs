//! The documents, laid into the index of names that the house has.

use crate::{id, law_on};
use find::{Entry, Index, KEYS_MAX, NAME_CHARS_MAX, Query, Window};
use rulebook::Document;

fn documents() -> Vec<Document> {
    law_on("2026-11-22").documents()
}

#[test]
fn every_document_fits_the_index() {
    let documents = documents();
    assert!(documents.len() > 200);
    for document in &documents {
        assert!(document.keys.len() <= KEYS_MAX, "{}", document.id);
        for key in &document.keys {
            let length = key.chars().count();
            assert!(
                (1..=NAME_CHARS_MAX).contains(&length),
                "{}: {key}",
                document.id
            );
        }
        let rule = law_on("2026-11-22").rule(document.id).unwrap();
        let text: String = document.keys[4..].concat();
        assert_eq!(text, rule.text, "{} loses words", document.id);
    }
}

#[test]
fn questions_find_their_rule_first() {
    let documents = documents();
    let index = Index::new();
    let entries: Vec<Entry> = (0_i64..)
        .zip(&documents)
        .map(|(id, document)| Entry {
            id,
            weight: 0,
            keys: document.keys.clone(),
        })
        .collect();
    index.add(&entries);
    let window = Window { skip: 0, take: 5 };
    for (question, rule) in [
        ("CF-08", "CF-08"),
        ("募捐方案备案", "CF-08"),
        ("mujuanfanganbeian", "CF-08"),
        ("捐赠票据的内容", "RC-02"),
        ("慈善法 第十六条", "OR-06"),
        ("不得擔任負責人", "OR-06"),
        ("现场检查", "SU-08"),
        ("关联方名单", "DI-10"),
        ("最终受益人", "EX-06"),
        ("慈善信托备案", "TR-01"),
    ] {
        let found = index.search(&Query::new(question), window);
        let first = found.hits.first().unwrap_or_else(|| panic!("{question}"));
        let at = usize::try_from(first.id).unwrap();
        assert_eq!(documents[at].id, id(rule), "{question}");
    }
}
