//! Each limit of an order at its edge and one over, and each wrong type in each place, through both ways.

use std::time::{Duration, Instant};

use autorevoke::protocol::{Draft, InvalidOrder, Member, Order, Via, order_from_members};

const WAYS: [Via; 2] = [Via::Edge, Via::Direct];
const MEMBERS: [&str; 8] = [
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    "accountID",
    "responseFormat",
];

fn text(text: impl Into<String>) -> Member {
    Member::Text(text.into())
}

/// An order of number 1 with one more member; or with that one in the number's place.
fn with(name: &str, member: Member, via: Via) -> Result<Order, InvalidOrder> {
    let number = (name != "orderNumber").then(|| ("orderNumber", text("1")));
    order_from_members(number.into_iter().chain([(name, member)]), via)
}

/// Both ways, or the one through which the member exists.
fn ways(name: &str) -> &'static [Via] {
    if ["accountID", "responseFormat"].contains(&name) {
        &[Via::Direct]
    } else {
        &WAYS
    }
}

#[track_caller]
fn taken(name: &str, member: Member) -> Order {
    let taken = |via: &Via| with(name, member.clone(), *via).expect(name);
    let mut orders: Vec<Order> = ways(name).iter().map(taken).collect();
    orders.pop().unwrap()
}

/// Refused whichever way it goes, with this field as the only one at fault; gives the fault.
#[track_caller]
fn refused(name: &str, member: Member) -> String {
    let mut said = String::new();
    for via in ways(name) {
        let faults = with(name, member.clone(), *via).expect_err(name);
        let [(field, fault)] = faults.fields() else {
            panic!("{faults}")
        };
        assert_eq!(field, name);
        said.clone_from(fault);
    }
    said
}

#[test]
fn order_numbers_go_from_1_to_the_largest_signed_integer() {
    for number in [
        "1",
        "9",
        "10",
        "123456",
        "9007199254740993",
        "999999999999999999",
        "9223372036854775807",
    ] {
        assert_eq!(taken("orderNumber", text(number)).name().value(), number);
    }
    let wrong = [
        "",
        "0",
        "00",
        "01",
        "007",
        "-1",
        "+1",
        "-0",
        " 1",
        "1 ",
        "1\n",
        "\t1",
        "1.0",
        "1e3",
        "0x10",
        "1,000",
        "1_000",
        "١٢٣",
        "１２３",
        "１",
        "1\0",
        "\x001",
        "\u{feff}1",
        "1²",
        "½",
        "Ⅷ",
        "一",
        "9223372036854775808",
        "9999999999999999999",
        "10000000000000000000",
        "18446744073709551616",
        "true",
        "NaN",
        "null",
        "1n",
        "#1",
        "1;2",
        "1&test=N",
        "1%20",
    ];
    for number in wrong {
        refused("orderNumber", text(number));
    }
    refused("orderNumber", text("1".repeat(100_000)));
}

#[test]
fn order_numbers_that_are_numbers_are_taken_while_they_are_exact() {
    for (number, digits) in [
        (1.0, "1"),
        (123_456.0, "123456"),
        (9_007_199_254_740_991.0, "9007199254740991"),
    ] {
        assert_eq!(
            taken("orderNumber", Member::Number(number)).name().value(),
            digits
        );
    }
    for number in [
        9_007_199_254_740_992.0,
        1e16,
        9.223_372_036_854_776e18,
        1e300,
        f64::MAX,
    ] {
        assert!(
            refused("orderNumber", Member::Number(number)).contains("pass it as a string"),
            "{number}"
        );
    }
    for number in [
        0.0,
        -0.0,
        -1.0,
        0.5,
        1.5,
        123_456.000_1,
        f64::MIN,
        f64::EPSILON,
        f64::NAN,
        f64::INFINITY,
    ] {
        refused("orderNumber", Member::Number(number));
    }
    refused("orderNumber", Member::Number(f64::NEG_INFINITY));
}

#[test]
fn limits_count_characters_not_bytes_nor_units() {
    for (name, limit) in [("revocationReason", 1024), ("productCode", 50)] {
        for character in ["x", "é", "€", "😀", "&", " "] {
            taken(name, text(character.repeat(limit)));
            let fault = refused(name, text(character.repeat(limit + 1)));
            assert!(fault.contains(&limit.to_string()), "{fault}");
        }
    }
}

#[test]
fn a_reason_has_no_control_characters_but_newline_and_tab() {
    assert_eq!(
        taken("revocationReason", text("a\n\tb")).revocation_reason(),
        Some("a\n\tb")
    );
    for control in (0..=0x9f).map(char::from).filter(|c| c.is_control()) {
        let member = text(format!("a{control}b"));
        if !"\n\t".contains(control) {
            assert!(refused("revocationReason", member.clone()).contains("control characters"));
        }
        assert!(refused("productCode", member).contains("control characters"));
    }
}

#[test]
fn an_empty_text_is_not_given() {
    assert_eq!(taken("revocationReason", text("")).revocation_reason(), None);
    assert_eq!(taken("productCode", text("")).product_code(), None);
}

#[test]
fn test_is_a_boolean_or_a_capital_letter() {
    for (member, test) in [
        (Member::Bool(true), true),
        (Member::Bool(false), false),
        (text("Y"), true),
        (text("N"), false),
    ] {
        assert_eq!(taken("test", member).test(), test);
    }
    assert!(!taken("product", Member::Number(1.0)).test());
    for wrong in [
        "y", "n", "yes", "no", "YES", "Yes", "true", "false", "1", "0", "", " ", "Y ", " Y", "Y\n", "YN",
        "Ｙ",
    ] {
        refused("test", text(wrong));
    }
    refused("test", Member::Number(1.0));
    refused("test", Member::Number(0.0));
}

#[test]
fn reasons_are_the_five_by_number_or_name() {
    let reasons = [
        (0, "unspecified"),
        (1, "keyCompromise"),
        (3, "affiliationChanged"),
        (4, "superseded"),
        (5, "cessationOfOperation"),
    ];
    for (number, name) in reasons {
        assert_eq!(taken("codeReason", text(name)).code_reason().number(), number);
        assert_eq!(
            taken("codeReason", Member::Number(f64::from(number)))
                .code_reason()
                .number(),
            number
        );
    }
    assert_eq!(taken("product", Member::Number(1.0)).code_reason().number(), 0);
    for number in [
        2.0,
        6.0,
        7.0,
        9.0,
        10.0,
        -1.0,
        0.5,
        1.000_000_1,
        256.0,
        257.0,
        f64::NAN,
        f64::INFINITY,
        4_294_967_297.0,
    ] {
        refused("codeReason", Member::Number(number));
    }
    for name in [
        "",
        "0",
        "1",
        "keycompromise",
        "KEYCOMPROMISE",
        "key-compromise",
        "keyCompromise ",
        "cACompromise",
    ] {
        refused("codeReason", text(name));
    }
}

#[test]
fn integers_are_exact_and_not_negative() {
    for name in ["product", "accountID"] {
        for (number, exact) in [
            (0.0, 0),
            (488.0, 488),
            (9_007_199_254_740_991.0, 9_007_199_254_740_991),
        ] {
            let order = taken(name, Member::Number(number));
            assert_eq!(
                if name == "product" {
                    order.product()
                } else {
                    order.account_id()
                },
                Some(exact)
            );
        }
        for number in [
            -1.0,
            0.5,
            488.5,
            9_007_199_254_740_992.0,
            1e300,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ] {
            refused(name, Member::Number(number));
        }
        for digits in ["", "488", "+488", " 488", "four"] {
            refused(name, text(digits));
        }
    }
}

#[test]
fn response_format_is_0_or_1() {
    assert_eq!(
        taken("responseFormat", Member::Number(0.0))
            .response_format()
            .number(),
        0
    );
    assert_eq!(
        taken("responseFormat", Member::Number(1.0))
            .response_format()
            .number(),
        1
    );
    assert_eq!(
        taken("product", Member::Number(1.0)).response_format().number(),
        1
    );
    for number in [2.0, -1.0, 0.5, f64::NAN] {
        refused("responseFormat", Member::Number(number));
    }
    for digit in ["0", "1", ""] {
        refused("responseFormat", text(digit));
    }
    refused("responseFormat", Member::Bool(true));
}

#[test]
fn every_member_refuses_every_type_that_is_not_its_own() {
    for name in MEMBERS {
        refused(name, Member::Other);
        refused(name, Member::MalformedText);
        refused(name, Member::Number(0.25));
        if name != "test" {
            refused(name, Member::Bool(true));
            refused(name, Member::Bool(false));
        }
    }
    assert!(refused("revocationReason", Member::MalformedText).contains("surrogate"));
    refused("revocationReason", Member::Number(1.0));
    refused("productCode", Member::Number(1.0));
}

#[test]
fn members_of_direct_calls_are_refused_at_the_edge() {
    for name in ["accountID", "responseFormat"] {
        let faults = with(name, Member::Number(1.0), Via::Edge).unwrap_err();
        assert_eq!(faults.fields()[0].0, name);
        assert!(faults.fields()[0].1.contains("direct calls only"));
    }
}

#[test]
fn unknown_members_are_refused_and_named() {
    let names = [
        "",
        "ordernumber",
        "OrderNumber",
        "orderNumber ",
        "order_number",
        "reason",
        "revokeReason",
        "TEST",
        "__proto__",
        "constructor",
        "toString",
        "loginName",
        "loginPassword",
        "errorCode",
        "codereason",
        "0",
        "ä",
        "😀",
    ];
    for name in names {
        for via in WAYS {
            let faults = with(name, text("Y"), via).expect_err(name);
            assert_eq!(
                faults
                    .fields()
                    .iter()
                    .map(|(field, _)| field.as_str())
                    .collect::<Vec<_>>(),
                [name]
            );
        }
    }
}

#[test]
fn an_unknown_name_is_shown_clipped_and_printable() {
    let shown = |name: &str| {
        with(name, Member::Other, Via::Edge).unwrap_err().fields()[0]
            .0
            .clone()
    };
    assert_eq!(shown(&"é".repeat(64)), "é".repeat(64));
    assert_eq!(shown(&"é".repeat(65)), "é".repeat(64) + "…");
    assert!(!shown("a\r\nb\0c\u{1b}[31m").contains(char::is_control));
    // It must not read as another member's name.
    assert_ne!(shown("test\0"), "test");
}

#[test]
fn a_member_given_twice_is_refused() {
    for name in ["orderNumber", "codeReason", "test"] {
        let member = match name {
            "orderNumber" => text("1"),
            "codeReason" => Member::Number(1.0),
            _ => Member::Bool(true),
        };
        let members = [("orderNumber", text("1")), (name, member.clone()), (name, member)];
        let skipped = usize::from(name == "orderNumber");
        let faults = order_from_members(members.into_iter().skip(skipped), Via::Edge).unwrap_err();
        assert_eq!(
            faults
                .fields()
                .iter()
                .map(|(field, _)| field.as_str())
                .collect::<Vec<_>>(),
            [name]
        );
    }
}

#[test]
fn thousands_of_unknown_members_are_named_without_delay() {
    let names: Vec<String> = (0..20_000).map(|number| format!("m{number}")).collect();
    let start = Instant::now();
    let faults = order_from_members(names.iter().map(|name| (name, Member::Other)), Via::Edge).unwrap_err();
    assert_eq!(faults.fields().len(), names.len() + 1);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn a_number_below_one_and_a_login_are_told_for_what_they_are() {
    let cases = [
        ("orderNumber", Member::Number(0.0), "must be at least 1"),
        ("orderNumber", Member::Number(-5.0), "must be at least 1"),
        ("loginName", text("x"), "does not belong into the order"),
        ("loginPassword", text("x"), "does not belong into the order"),
    ];
    for (name, member, wanted) in cases {
        for via in WAYS {
            let faults = with(name, member.clone(), via).unwrap_err();
            assert_eq!(faults.fields(), [(name.to_owned(), wanted.to_owned())]);
        }
    }
}

#[test]
fn however_many_there_are_each_is_named_once() {
    let names: Vec<String> = (0..5_000).map(|number| format!("m{number}")).collect();
    let members = names.iter().map(|name| (name, Member::Other));
    let mut faults = order_from_members(members, Via::Edge).unwrap_err();
    assert_eq!(faults.fields().len(), names.len() + 1);
    let known = faults.fields().to_vec();
    let more = order_from_members([("m7", Member::Other), ("more", Member::Other)], Via::Edge);
    faults.merge(more.unwrap_err());
    let (found, [added]) = faults.fields().split_at(known.len()) else {
        panic!("{} faults", faults.fields().len())
    };
    assert_eq!((found, added.0.as_str()), (known.as_slice(), "more"));
}

#[test]
fn without_a_number_there_is_no_order() {
    for via in WAYS {
        let faults = order_from_members([("test", Member::Bool(true))], via).unwrap_err();
        assert_eq!(
            faults.fields(),
            [("orderNumber".to_owned(), "is missing".to_owned())]
        );
        assert!(order_from_members::<&str, _>([], via).is_err());
    }
    assert!(Draft::default().check().is_err());
}

#[test]
fn all_faults_are_named_at_once() {
    let members = [
        ("orderNumber", text("x")),
        ("codeReason", Member::Number(2.0)),
        ("revocationReason", text("x".repeat(1025))),
        ("productCode", text("\0")),
        ("product", Member::Number(-1.0)),
        ("test", text("y")),
        ("accountID", text("1")),
        ("responseFormat", Member::Number(2.0)),
        ("loginName", text("x")),
        ("comment", text("x")),
    ];
    for via in WAYS {
        let faults = order_from_members(members.clone(), via).unwrap_err();
        let mut named: Vec<&str> = faults.fields().iter().map(|(field, _)| field.as_str()).collect();
        named.sort_unstable();
        let mut given = members.clone().map(|(name, _)| name);
        given.sort_unstable();
        assert_eq!(named, given);
        let said = faults.to_string();
        assert!(said.starts_with("The order is invalid and was not sent."));
        assert!(
            faults
                .fields()
                .iter()
                .all(|(field, fault)| said.contains(&format!(" {field} {fault}.")))
        );
    }
    let draft = Draft {
        order_number: "0".into(),
        revocation_reason: "\0".into(),
        product_code: "x".repeat(51),
        ..Draft::default()
    };
    assert_eq!(draft.check().unwrap_err().fields().len(), 3);
}

#[test]
fn the_identity_tells_orders_apart() {
    let identity = |number: &str, product: Option<u64>, code: &str| {
        let draft = Draft {
            order_number: number.into(),
            product,
            product_code: code.into(),
            ..Draft::default()
        };
        draft.check().unwrap().identity()
    };
    let identities = [
        identity("1", None, ""),
        identity("1", Some(0), ""),
        identity("1", Some(2), ""),
        identity("1", None, "2"),
        identity("1", None, "2/"),
        identity("1", None, "/2"),
        identity("1", None, "2/3"),
        identity("1", Some(2), "3"),
        identity("1", Some(2), "/3"),
        identity("12", None, ""),
    ];
    for (at, one) in identities.iter().enumerate() {
        assert!(!identities[at + 1..].contains(one), "{one}");
    }
}
