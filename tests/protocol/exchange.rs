//! An exchange with the CA, as short as a test wants to say it.

use std::sync::LazyLock;

use autorevoke::protocol::{Answer, Credentials, Name, Reply, Sent, UnknownCause, parse};

/// The order that was asked about.
pub const ORDER_NUMBER: &str = "123456";

static CREDENTIALS: LazyLock<Credentials> =
    LazyLock::new(|| Credentials::new("demo-reseller", "demo-password").unwrap());

/// The call for that order, or a test call.
pub fn sent(test: bool) -> Sent<'static> {
    Sent {
        name: Name::order_number(ORDER_NUMBER).unwrap(),
        test,
        credentials: &CREDENTIALS,
    }
}

/// The answer to a real call.
pub fn judged(reply: &Reply<'_>) -> Answer {
    parse(reply, &sent(false))
}

/// The answer to a body that was closed by the connection's end: nothing says how long it should have been.
pub fn open(body: impl AsRef<[u8]>) -> Answer {
    judged(&Reply {
        status: 200,
        content_length: None,
        content_encoding: None,
        body: body.as_ref(),
    })
}

/// The answer to a body that came with its `Content-Length`.
pub fn measured(body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let content_length = Some(body.len() as u64);
    judged(&Reply {
        status: 200,
        content_length,
        content_encoding: None,
        body,
    })
}

/// Why it is not known what the CA did; a panic if it is known.
pub fn cause(answer: &Answer) -> UnknownCause {
    match answer {
        Answer::Unknown(unknown) => unknown.cause(),
        known => panic!("not unknown: {known:?}"),
    }
}

#[track_caller]
pub fn assert_accepted(body: &str) {
    for answer in [open(body), measured(body)] {
        assert!(matches!(answer, Answer::Accepted(_)), "{body:?} gave {answer:?}");
    }
}

#[track_caller]
pub fn assert_unknown(body: impl AsRef<[u8]>) {
    let body = body.as_ref();
    for answer in [open(body), measured(body)] {
        assert!(
            matches!(answer, Answer::Unknown(_)),
            "{:?} gave {answer:?}",
            String::from_utf8_lossy(body)
        );
    }
}

#[track_caller]
pub fn assert_refused(body: &str, code: i32, message: Option<&str>) {
    for answer in [open(body), measured(body)] {
        assert!(matches!(answer, Answer::Refused(_)), "{body:?} gave {answer:?}");
        assert_eq!(
            (answer.code(), answer.message()),
            (Some(code), message),
            "{body:?}"
        );
    }
}
