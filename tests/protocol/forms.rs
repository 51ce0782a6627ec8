//! The form that is sent: byte for byte the vendor's, and for any order the pairs that were meant, each once.

use autorevoke::protocol::{CodeReason, Credentials, Draft, ResponseFormat, form};
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use proptest::{option, prop_assert, prop_assert_eq, prop_oneof};

use crate::runner::holds;

/// The arguments of the vendor's page.
const DOCUMENTED: [&str; 10] = [
    "loginName",
    "loginPassword",
    "orderNumber",
    "accountID",
    "revocationReason",
    "codeReason",
    "productCode",
    "product",
    "test",
    "responseFormat",
];

fn sent(draft: Draft, login_name: &str, login_password: &str) -> String {
    let credentials = Credentials::new(login_name, login_password).unwrap();
    form(&draft.check().unwrap(), &credentials).as_str().to_owned()
}

/// A form decoder in the most naive way: split, then undo `+` and `%`. Panics on anything but an exact encoding.
fn decoded(form: &str) -> Vec<(String, String)> {
    let text = |encoded: &str| {
        let mut bytes = Vec::new();
        let mut rest = encoded.as_bytes();
        while let [first, more @ ..] = rest {
            rest = more;
            match first {
                b'+' => bytes.push(b' '),
                b'%' => {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&more[..2]).unwrap(), 16).unwrap());
                    rest = &more[2..];
                }
                plain => {
                    assert!(
                        plain.is_ascii_alphanumeric() || b"*-._".contains(plain),
                        "{plain} is not encoded"
                    );
                    bytes.push(*plain);
                }
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    form.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(key, value)| (text(key), text(value)))
        .collect()
}

#[test]
fn the_vendors_sample_comes_out_byte_for_byte() {
    let draft = Draft {
        order_number: "123456".into(),
        code_reason: CodeReason::KeyCompromise,
        revocation_reason: "Key compromised".into(),
        response_format: ResponseFormat::Text,
        ..Draft::default()
    };
    // curl's `--data-urlencode` writes the space as %20; a form encoder (WHATWG URL, 5.2) as +.
    let sample = "loginName=yourLoginName&loginPassword=yourPassword&orderNumber=123456&codeReason=1\
                  &revocationReason=Key%20compromised&responseFormat=0";
    assert_eq!(
        sent(draft, "yourLoginName", "yourPassword"),
        sample.replace("%20", "+")
    );
}

#[test]
fn an_order_with_nothing_but_its_number_sends_reason_and_format_too() {
    let draft = Draft {
        order_number: "7".into(),
        ..Draft::default()
    };
    let expected = "loginName=me&loginPassword=it&orderNumber=7&codeReason=0&responseFormat=1";
    assert_eq!(sent(draft, "me", "it"), expected);
}

#[test]
fn nothing_that_is_typed_adds_or_changes_an_argument() {
    let evil = "x&loginName=evil&test=N&codeReason=0#?%26%00;\u{2028}=&+%=/ü€\"'\\<>😀";
    let draft = Draft {
        order_number: "7".into(),
        revocation_reason: [evil, "\n\ttest=N"].concat(),
        product_code: "&test=N".into(),
        test: true,
        ..Draft::default()
    };
    let pairs = decoded(&sent(draft, &evil[..40], evil));
    let expected = [
        ("loginName", &evil[..40]),
        ("loginPassword", evil),
        ("orderNumber", "7"),
        ("codeReason", "0"),
        ("revocationReason", &[evil, "\n\ttest=N"].concat()),
        ("productCode", "&test=N"),
        ("test", "Y"),
        ("responseFormat", "1"),
    ];
    assert_eq!(
        pairs,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn a_comment_never_takes_the_place_of_the_reason() {
    for reason in CodeReason::ALL {
        for comment in ["", "keyCompromise", "codeReason=1", "&codeReason=1", "1"] {
            let draft = Draft {
                order_number: "7".into(),
                code_reason: reason,
                revocation_reason: comment.into(),
                ..Draft::default()
            };
            let pairs = decoded(&sent(draft, "me", "it"));
            let codes: Vec<_> = pairs.iter().filter(|(name, _)| name == "codeReason").collect();
            assert_eq!(codes, [&("codeReason".to_owned(), reason.number().to_string())]);
        }
    }
}

fn text(longest: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => select(&['&', '=', '+', '%', ' ', '/', ';', '#', '"', 'a', 'Z', '0', '*', '-', '.', '_', '~'][..]),
        1 => any::<char>().prop_map(|c| if c.is_control() { 'x' } else { c }),
    ];
    proptest::collection::vec(character, 0..=longest).prop_map(String::from_iter)
}

#[test]
fn any_order_decodes_to_what_was_given_each_once() {
    let draft = (
        1_u64..=i64::MAX as u64,
        select(&CodeReason::ALL[..]),
        prop_oneof![9 => text(30), 1 => text(1024)],
        option::of(any::<u64>()),
        text(50),
        option::of(any::<u64>()),
        any::<bool>(),
        any::<bool>(),
    );
    let login = (text(63), text(127));
    holds(30_000, (draft, login), |(draft, login)| {
        let (number, code_reason, revocation_reason, account_id, product_code, product, test, lines) = draft;
        let (login_name, login_password) = (login.0 + "n", login.1 + "p");
        let mut expected = vec![
            ("loginName", login_name.clone()),
            ("loginPassword", login_password.clone()),
            ("orderNumber", number.to_string()),
            ("codeReason", code_reason.number().to_string()),
            ("responseFormat", if lines { "0" } else { "1" }.to_owned()),
        ];
        expected.extend(account_id.map(|it| ("accountID", it.to_string())));
        expected.extend(product.map(|it| ("product", it.to_string())));
        expected.extend(test.then(|| ("test", "Y".to_owned())));
        let texts = [
            ("revocationReason", &revocation_reason),
            ("productCode", &product_code),
        ];
        expected.extend(
            texts
                .into_iter()
                .filter(|(_, it)| !it.is_empty())
                .map(|(name, it)| (name, it.clone())),
        );
        let draft = Draft {
            order_number: number.to_string(),
            code_reason,
            revocation_reason,
            account_id,
            product_code,
            product,
            test,
            response_format: if lines {
                ResponseFormat::Text
            } else {
                ResponseFormat::UrlEncoded
            },
            ..Draft::default()
        };
        let form = sent(draft, &login_name, &login_password);
        prop_assert!(form.is_ascii());
        let mut pairs = decoded(&form);
        prop_assert!(pairs.iter().all(|(name, _)| DOCUMENTED.contains(&name.as_str())));
        pairs.sort();
        expected.sort();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        prop_assert_eq!(pairs, expected);
        Ok(())
    });
}
