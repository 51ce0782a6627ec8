//! Arbitrary members: an order is either sent as it was given or refused, and a refusal quotes nothing.

use autorevoke::protocol::{Credentials, Draft, Member, Via, order_from_members};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::{select, subsequence};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use crate::runner::holds;

const NAMES: [&str; 10] = [
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    "accountID",
    "responseFormat",
    "loginPassword",
    "comment",
];
const CANARY: &str = "c4n4ry";

fn via() -> impl Strategy<Value = Via> {
    select(&[Via::Edge, Via::Direct][..])
}

fn any_member() -> impl Strategy<Value = Member> {
    prop_oneof![
        "\\PC{0,60}".prop_map(Member::Text),
        any::<String>().prop_map(Member::Text),
        "[0-9]{1,20}".prop_map(Member::Text),
        select(&["Y", "N", "y", "keyCompromise", "superseded", ""][..])
            .prop_map(|it| Member::Text(it.into())),
        any::<f64>().prop_map(Member::Number),
        (-3_i32..10).prop_map(|it| Member::Number(it.into())),
        (0_u64..1 << 54).prop_map(|it| Member::Number(it as f64)),
        any::<bool>().prop_map(Member::Bool),
        Just(Member::MalformedText),
        Just(Member::Other),
    ]
}

fn members(member: impl Strategy<Value = Member>) -> impl Strategy<Value = Vec<(&'static str, Member)>> {
    (subsequence(&NAMES[..], 0..=10).prop_shuffle(), vec(member, 10))
        .prop_map(|(names, values)| names.into_iter().zip(values).collect())
}

/// Whether the contract takes this value, written as a table of its own.
fn is_taken(name: &str, member: &Member, via: Via) -> bool {
    let integer =
        |number: f64, from: f64| number >= from && number <= 9_007_199_254_740_991.0 && number % 1.0 == 0.0;
    let short = |text: &str, limit: usize, spared: &str| {
        text.chars().count() <= limit && text.chars().all(|c| !c.is_control() || spared.contains(c))
    };
    match (name, member) {
        ("orderNumber", Member::Text(text)) => {
            let digits =
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
            digits && text.parse::<i64>().is_ok()
        }
        ("orderNumber", Member::Number(number)) => integer(*number, 1.0),
        ("codeReason", Member::Number(number)) => [0.0, 1.0, 3.0, 4.0, 5.0].contains(number),
        ("codeReason", Member::Text(name)) => {
            "unspecified keyCompromise affiliationChanged superseded cessationOfOperation"
                .split(' ')
                .any(|it| it == name)
        }
        ("revocationReason", Member::Text(text)) => short(text, 1024, "\n\t"),
        ("productCode", Member::Text(text)) => short(text, 50, ""),
        ("product", Member::Number(number)) => integer(*number, 0.0),
        ("test", Member::Bool(_)) => true,
        ("test", Member::Text(text)) => text == "Y" || text == "N",
        ("accountID", Member::Number(number)) => via == Via::Direct && integer(*number, 0.0),
        ("responseFormat", Member::Number(number)) => {
            via == Via::Direct && (*number == 0.0 || *number == 1.0)
        }
        _ => false,
    }
}

#[test]
fn exactly_the_members_at_fault_are_named() {
    holds(60_000, (members(any_member()), via()), |(members, via)| {
        let mut expected: Vec<&str> = members
            .iter()
            .filter(|(name, member)| !is_taken(name, member, via))
            .map(|(name, _)| *name)
            .collect();
        if members.iter().all(|(name, _)| *name != "orderNumber") {
            expected.push("orderNumber");
        }
        expected.sort_unstable();
        let faults = order_from_members(members, via).err();
        let mut named: Vec<&str> = faults
            .iter()
            .flat_map(|it| it.fields())
            .map(|(field, _)| field.as_str())
            .collect();
        named.sort_unstable();
        prop_assert_eq!(named, expected);
        Ok(())
    });
}

#[test]
fn no_fault_quotes_a_value() {
    let canary = prop_oneof![
        "\\PC{0,5}".prop_map(|around| Member::Text(format!("{around}{CANARY}{around}"))),
        (0_usize..1200).prop_map(|more| Member::Text(CANARY.to_owned() + &"x".repeat(more))),
        Just(Member::Text(format!("{CANARY}\0"))),
        Just(Member::Number(-81_549_300.25)),
        Just(Member::Number(8.154_930_077e22)),
        Just(Member::Number(-81_549_300.0)),
    ];
    holds(20_000, (members(canary), via()), |(members, via)| {
        let faults = order_from_members(members, via).expect_err("none of these is an order");
        let said = format!("{faults}{faults:?}{:?}", faults.fields());
        prop_assert!(!said.contains(CANARY) && !said.contains("81549300"), "{}", said);
        Ok(())
    });
    let draft = Draft {
        order_number: CANARY.into(),
        revocation_reason: [CANARY, "\0"].concat(),
        product_code: CANARY.repeat(9),
        ..Draft::default()
    };
    assert!(!format!("{:?}", draft.check().unwrap_err()).contains(CANARY));
    let faults = Credentials::new(CANARY.repeat(11), [CANARY, "\n"].concat()).unwrap_err();
    assert!(!format!("{faults}{faults:?}").contains(CANARY));
}
