//! Callers: who is let in by a key, and which orders a grant reaches.

use autorevoke::audit::sha256_hex;
use autorevoke::edge::caller::{ApiKey, Caller, KeyRefusal, NoPerson, Person, authenticate};
use autorevoke::edge::grant::{Grant, OrderRange, Permission};
use autorevoke::protocol::{Name, NameKind};
use proptest::prelude::*;

fn key(text: &str, id: &str, expires: Option<i64>) -> ApiKey {
    let grant = Grant {
        permissions: vec![Permission::Revoke],
        orders: vec![OrderRange::read("*").unwrap()],
    };
    ApiKey {
        id: id.into(),
        sha256: sha256_hex(text.as_bytes()),
        grant,
        person: None,
        expires,
    }
}

#[test]
fn only_the_whole_key_lets_in() {
    let keys = [
        key("ark_a_secret_with_underscores", "a", None),
        key("ark_a_second", "a", None),
    ];
    for good in ["ark_a_secret_with_underscores", "ark_a_second"] {
        assert_eq!(authenticate(good, &keys, 0).unwrap().actor, "key:a");
    }
    for bad in [
        "",
        "ark_a_",
        "ark_a_secret",
        "ark_a_secret_with_underscores ",
        "ARK_a_second",
        "ark_b_second",
        "secret",
    ] {
        assert_eq!(authenticate(bad, &keys, 0), Err(KeyRefusal::Unknown), "{bad}");
    }
}

#[test]
fn a_digest_under_another_id_and_a_key_without_secret_let_nobody_in() {
    for (text, key) in [
        ("ark_a_x", key("ark_a_x", "b", None)),
        ("ark_a_", key("ark_a_", "a", None)),
    ] {
        assert_eq!(authenticate(text, &[key], 0), Err(KeyRefusal::Unknown));
    }
}

#[test]
fn a_key_is_valid_until_it_expires() {
    let keys = [key("ark_a_x", "a", Some(1000))];
    assert!(authenticate("ark_a_x", &keys, 999).is_ok());
    assert_eq!(
        authenticate("ark_a_x", &keys, 1000),
        Err(KeyRefusal::Expired("a".into()))
    );
    // The same key once more, for longer.
    let both = [keys[0].clone(), key("ark_a_x", "a", Some(2000))];
    assert!(authenticate("ark_a_x", &both, 1000).is_ok());
}

#[test]
fn a_key_stands_for_a_person_only_if_it_names_one() {
    let unnamed = key("ark_a_x", "a", None);
    let named = ApiKey {
        person: Some("alice".into()),
        ..unnamed.clone()
    };
    let caller = authenticate("ark_a_x", &[named], 0).unwrap();
    assert_eq!(caller.person, Person::Named("alice".into()));
    assert_eq!((caller.person_name(), caller.is_person()), ("alice", true));
    let caller = authenticate("ark_a_x", &[unnamed], 0).unwrap();
    assert_eq!(caller.person, Person::Nobody(NoPerson::KeyWithoutPerson));
    assert_eq!((caller.person_name(), caller.is_person()), ("key:a", false));
}

#[test]
fn grants_never_add_up() {
    let grant = |permission, orders: &str| Grant {
        permissions: vec![permission],
        orders: vec![OrderRange::read(orders).unwrap()],
    };
    let grants = vec![grant(Permission::Revoke, "1-10"), grant(Permission::Test, "*")];
    let caller = Caller {
        actor: "key:a".into(),
        person: Person::Nobody(NoPerson::KeyWithoutPerson),
        grants,
    };
    let may = |permission, number| caller.may(&[permission], Name::order_number(number).unwrap());
    assert!(may(Permission::Revoke, "10") && !may(Permission::Revoke, "11"));
    assert!(may(Permission::Test, "11"));
}

#[test]
fn only_a_grant_over_all_orders_covers_what_is_named_otherwise_than_by_its_number() {
    let names = [
        Name::new(NameKind::SerialNumber, "0A1B"),
        // As a number it would be in the ranges.
        Name::new(NameKind::SerialNumber, "10"),
        Name::new(NameKind::CertificateId, "10"),
    ];
    for (orders, all) in [("*", true), ("10", false), ("1-9223372036854775807", false)] {
        let grant = Grant {
            permissions: vec![Permission::Revoke],
            orders: vec![OrderRange::read(orders).unwrap()],
        };
        assert!(grant.reaches(Name::order_number("10").unwrap()), "{orders}");
        assert_eq!(grant.reaches_all(), all, "{orders}");
        for name in names {
            assert_eq!(grant.reaches(name.unwrap()), all, "{orders} {name:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_range_contains_exactly_what_lies_between_its_ends(first in 1..=i64::MAX as u64, last in 1..=i64::MAX as u64, number: u64) {
        let range = OrderRange::read(&format!("{first}-{last}"));
        prop_assert_eq!(range.is_some(), first <= last);
        if let Some(range) = range {
            prop_assert_eq!(range.contains(number), first <= number && number <= last);
        }
    }

    #[test]
    fn whatever_is_no_range_is_refused(text in "[0-9*\\-, +a]{0,24}") {
        if let Some(range) = OrderRange::read(&text) {
            prop_assert_eq!(range.text(), text.as_str());
            let plain = |part: &str| part.parse::<u64>().is_ok_and(|number| number.to_string() == part && number > 0);
            prop_assert!(text == "*" || text.split('-').all(plain), "{}", text);
        }
    }
}
