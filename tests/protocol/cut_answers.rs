//! Answers cut at every byte: a beginning may never say something else than the whole.

use autorevoke::protocol::{Answer, Reply, UnknownCause};

use crate::exchange::{assert_unknown, cause, judged, measured, open};

const WHOLE: [&str; 10] = [
    "-16\n",
    "-160\r\nThe partner says no",
    "-21\r\nalready revoked\r\n",
    "errorCode=-16&errorMessage=Login+failed%21",
    "errorCode=-214\n",
    "ERRORCODE=-160&errorMessage=The+partner+says+%E2%82%AC&errorItem=x\r\n",
    "errorMessage=Login+failed&errorCode=-160&errorItem=x",
    "errorMessage=Login+failed&errorCode=-160\r\n",
    "\u{feff}-999999999\rno",
    "errorDetail=%2d1&errorMessage=-1&errorCode=-35&",
];

#[test]
fn a_cut_failure_keeps_its_code_or_loses_it() {
    for whole in WHOLE {
        let code = open(whole).code();
        assert!(code.is_some_and(|code| code < 0), "{whole:?}");
        for at in 0..whole.len() {
            let cut = open(&whole.as_bytes()[..at]);
            assert!(
                cut.code().is_none() || cut.code() == code,
                "{whole:?} cut at {at} gave {cut:?}"
            );
        }
    }
}

#[test]
fn a_cut_that_the_length_shows_is_unknown() {
    for whole in WHOLE
        .into_iter()
        .chain(["0\r\n", "errorCode=0", "errorCode=0&", "errorCode=0&status=x"])
    {
        for length in (0..whole.len() as u64 + 3)
            .chain([u64::MAX])
            .filter(|it| *it != whole.len() as u64)
        {
            let body = whole.as_bytes();
            let reply = Reply {
                status: 200,
                content_length: Some(length),
                content_encoding: None,
                body,
            };
            assert_eq!(cause(&judged(&reply)), UnknownCause::LengthMismatch);
        }
    }
}

#[test]
fn a_code_that_may_go_on_is_trusted_only_with_its_length() {
    for body in [
        "-1",
        "-16",
        "errorCode=-1",
        "errorCode=-16",
        "errorMessage=no&errorCode=-1",
        "-1 ",
        "\n-1\t",
    ] {
        assert_eq!(cause(&open(body)), UnknownCause::MaybeCut, "{body:?}");
        assert!(measured(body).code().is_some_and(|code| code < 0), "{body:?}");
    }
    for body in [
        "-1\n",
        "-1 \r",
        "errorCode=-1&",
        "errorCode=-1\n",
        "errorMessage=no&errorCode=-1\n",
    ] {
        assert_eq!(open(body).code(), Some(-1), "{body:?}");
    }
}

#[test]
fn a_success_that_shows_that_it_was_cut_is_unknown() {
    // Of `errorCode=0&errorMessage=no` and `errorCode=0&status=%E2%82%AC`.
    for body in [
        "errorCode=0&e",
        "errorCode=0&errorMessage",
        "errorCode=0&status=%E2%8",
        "errorCode=0&x=%",
    ] {
        assert_unknown(body);
    }
    // The message may have been cut off where the bytes stop.
    assert_eq!(cause(&open("errorCode=0&errorMessage=")), UnknownCause::MaybeCut);
    assert!(matches!(
        measured("errorCode=0&errorMessage="),
        Answer::Accepted(_)
    ));
    assert!(matches!(open("errorCode=0&errorMessage=\n"), Answer::Accepted(_)));
}
