//! Any answer of the CA: judged by the rule as the tests' oracle reads it, and telling nothing of the login.

use std::sync::LazyLock;

use autorevoke::protocol::{Answer, Credentials, Name, Reply, Sent, parse};

#[path = "../../tests/protocol/oracle.rs"]
mod oracle;

const ORDER_NUMBER: &str = "123456";
const LOGIN_NAME: &str = "demo-reseller";
const LOGIN_PASSWORD: &str = "p&w=0+%41 ü";

static CREDENTIALS: LazyLock<Credentials> =
    LazyLock::new(|| Credentials::new(LOGIN_NAME, LOGIN_PASSWORD).expect("within the limits"));

// The first two bytes choose the framing: the rest is the body.
pub fn check(input: &[u8]) {
    let [framing, wrong_length, body @ ..] = input else {
        return;
    };
    let content_length = match framing & 3 {
        0 | 1 => None,
        2 => Some(body.len() as u64),
        _ => Some(u64::from(*wrong_length)),
    };
    let content_encoding = match framing >> 2 & 15 {
        0 => Some("gzip"),
        1 => Some("identity"),
        _ => None,
    };
    let status = if framing >> 6 == 3 {
        100 + u16::from(*wrong_length) * 2
    } else {
        200
    };
    let test = framing >> 6 == 2;
    let answer = parse(
        &Reply {
            status,
            content_length,
            content_encoding,
            body,
        },
        &Sent {
            name: Name::order_number(ORDER_NUMBER).expect("an order number"),
            test,
            credentials: &CREDENTIALS,
        },
    );

    let asked = oracle::Asked {
        order_number: ORDER_NUMBER,
        test,
    };
    let certain = oracle::certain_code(status, content_length, content_encoding, body, asked);
    assert_eq!(answer.code(), certain);
    assert_eq!(matches!(answer, Answer::Accepted(_)), certain == Some(0));
    assert_eq!(matches!(answer, Answer::AlreadyRevoked(_)), certain == Some(-21));
    assert_eq!(matches!(answer, Answer::AlreadyRejected(_)), certain == Some(-20));
    assert_eq!(
        matches!(answer, Answer::Unknown(_)),
        certain.is_none_or(|code| code == -14)
    );

    let extra = answer.extra();
    assert!(extra.len() <= 33);
    // Most have no text of the CA, and spelling them out takes longer than judging them.
    if answer.message().is_some() || !extra.is_empty() {
        let shown = format!("{answer:?}").to_lowercase();
        assert!(!shown.contains(LOGIN_NAME) && !shown.contains(LOGIN_PASSWORD));
    }
    if let Some(message) = answer.message() {
        assert!(message.chars().count() <= 1025 && !message.contains(char::is_control));
    }
}
