//! JSON that means only one thing.

use autorevoke::strict_json::{MAX_DEPTH, read, read_object};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn what_is_ambiguous_is_refused() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    for bad in [
        "",
        " ",
        "{",
        "{}{}",
        "{} x",
        "[1,]",
        "nul",
        "\u{feff}{}",
        r#"{"a":1,"a":1}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"__proto__":{}}"#,
        r#"{"a":{"__proto__":1}}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":1e999}"#,
        &nested(MAX_DEPTH + 1),
        &nested(100_000),
    ] {
        assert!(read(bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(40)]);
    }
    assert!(read(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert!(read(b"{\"a\":\"\xff\"}").is_err());
    for no_object in ["[]", "1", "null", "\"a\"", "true"] {
        assert!(read_object(no_object.as_bytes()).is_err(), "{no_object}");
    }
}

#[test]
fn an_error_quotes_nothing_of_the_text() {
    for text in [
        r#"{"canary": canary}"#,
        r#"{"canary":1,"canary":2}"#,
        "canary",
        r#"{"a":"canary"#,
        r#"["canary" "canary"]"#,
    ] {
        assert!(!read(text.as_bytes()).unwrap_err().contains("canary"), "{text}");
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(value in values()) {
        prop_assert_eq!(read(value.to_string().as_bytes()).unwrap(), value);
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn broken_json_does_no_harm(value in values(), at: prop::sample::Index, byte: u8) {
        let mut bytes = value.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read(&bytes);
    }
}
