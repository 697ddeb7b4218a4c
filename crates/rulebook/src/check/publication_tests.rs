//! Cases of publications, corrections and protected fields.

use super::*;
use crate::check::coverage::{Pair, law_on, number};

fn publication(class: Option<DisclosureClass>, placement: Placement) -> Vec<Finding> {
    check_publication(
        &law_on("2026-06-01"),
        &PublicationFacts { class, placement },
    )
}

fn correction(change: fn(&mut Correction)) -> Vec<Finding> {
    let mut facts = Correction {
        subjects: 1,
        corrected: true,
        overwritten: false,
        note: true,
        same_entry: true,
    };
    change(&mut facts);
    check_correction(&law_on("2026-06-01"), &facts)
}

fn field(kind: FieldKind, donor_agreed: bool) -> Vec<Finding> {
    check_fields(&law_on("2026-06-01"), &[Field { kind, donor_agreed }])
}

fn aid(left_out: &[AidText]) -> Vec<Finding> {
    let written = AidText::ALL
        .into_iter()
        .filter(|text| !left_out.contains(text));
    check_aid_texts(&law_on("2026-06-01"), &written.collect())
}

pub(crate) fn pairs() -> Vec<Pair> {
    assert_eq!(number("DI-01", "classes").count(), Some(7));
    assert_eq!(number("DI-16", "texts").count(), Some(3));
    let fine = || publication(Some(DisclosureClass::Projects), Placement::National);
    let placed = |placement| publication(Some(DisclosureClass::Projects), placement);
    let one = |change, code: &'static str| {
        Pair::of("DI-12", correction(|_| {}), correction(change), &[code])
    };
    let mut pairs = vec![
        Pair::of(
            "DI-01",
            fine(),
            publication(None, Placement::National),
            &["publication_without_class"],
        ),
        Pair::of(
            "DI-01",
            fine(),
            placed(Placement::Elsewhere),
            &["not_on_national_platform"],
        ),
        Pair::of(
            "DI-01",
            fine(),
            placed(Placement::NationalWithoutProof),
            &["national_platform_without_proof"],
        ),
        one(|f| f.subjects = 2, "entry_shared"),
        one(|f| f.overwritten = true, "publication_overwritten"),
        one(|f| f.note = false, "correction_without_note"),
        one(|f| f.same_entry = false, "correction_elsewhere"),
        Pair::of(
            "DI-12",
            correction(|f| (f.corrected, f.note, f.same_entry) = (false, false, false)),
            correction(|f| f.overwritten = true),
            &["publication_overwritten"],
        ),
    ];
    pairs.extend(fields_and_texts());
    pairs
}

fn fields_and_texts() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for kind in [
        FieldKind::DonorName,
        FieldKind::DonorDomicile,
        FieldKind::DonorContact,
    ] {
        pairs.push(Pair::of(
            "DI-14",
            field(kind, true),
            field(kind, false),
            &["donor_data_without_consent"],
        ));
    }
    for kind in [
        FieldKind::StateSecret,
        FieldKind::BusinessSecret,
        FieldKind::Privacy,
    ] {
        let nothing = check_fields(&law_on("2026-06-01"), &[]);
        pairs.push(Pair::of(
            "DI-14",
            nothing,
            field(kind, true),
            &["secret_published"],
        ));
    }
    for text in AidText::ALL {
        pairs.push(Pair::of(
            "DI-16",
            aid(&[]),
            aid(&[text]),
            &["aid_text_missing"],
        ));
    }
    pairs
}

#[test]
fn what_was_due_under_an_older_order_is_left_to_people() {
    let facts = PublicationFacts {
        class: Some(DisclosureClass::Projects),
        placement: Placement::Elsewhere,
    };
    let found = check_publication(&law_on("2025-06-01"), &facts);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["number_not_in_book"]);
}
