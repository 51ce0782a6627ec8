//! The five reasons that a subscriber may choose, and no other.

use autorevoke::protocol::CodeReason;

const REASONS: [(u8, &str); 5] = [
    (0, "unspecified"),
    (1, "keyCompromise"),
    (3, "affiliationChanged"),
    (4, "superseded"),
    (5, "cessationOfOperation"),
];

#[test]
fn they_have_the_vendors_numbers_and_the_names_of_rfc_5280() {
    assert_eq!(
        CodeReason::ALL.map(|reason| (reason.number(), reason.name())),
        REASONS
    );
    assert_eq!(CodeReason::default().number(), 0);
    for (number, name) in REASONS {
        assert_eq!(
            CodeReason::from_number(i64::from(number)).map(CodeReason::name),
            Some(name)
        );
        assert_eq!(CodeReason::from_name(name).map(CodeReason::number), Some(number));
    }
}

#[test]
fn no_other_number_or_name_is_one() {
    for number in (-300..300).chain([i64::MIN, i64::MAX, 1 << 32, (1 << 32) + 1, 256, 257]) {
        let known = REASONS.iter().any(|(it, _)| i64::from(*it) == number);
        assert_eq!(CodeReason::from_number(number).is_some(), known, "{number}");
    }
    for name in [
        "",
        "keycompromise",
        "KeyCompromise",
        "cACompromise",
        "Superseded",
        "1",
        " unspecified",
    ] {
        assert_eq!(CodeReason::from_name(name), None, "{name:?}");
    }
}

#[test]
fn the_key_comes_first_in_what_a_person_reads() {
    for reason in CodeReason::ALL {
        assert!(reason.when_to_choose().ends_with('.'));
    }
    assert!(
        CodeReason::KeyCompromise
            .when_to_choose()
            .contains("may have been exposed")
    );
    for reason in [
        CodeReason::AffiliationChanged,
        CodeReason::Superseded,
        CodeReason::CessationOfOperation,
    ] {
        assert!(reason.when_to_choose().contains("the key is safe"));
    }
}
