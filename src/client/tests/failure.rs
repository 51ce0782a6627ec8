//! What a failure says: whether anything can have left, and nothing that must not be told.

use proptest::prelude::*;

use super::{SECRET, through_edge};
use crate::client::call::{Call, Effect, Operation, Subject};
use crate::client::deadline::Loss;
use crate::client::failure::{Failure, Thrown};
use crate::client::jobs;
use crate::client::task::Waiter;
use crate::client::transport::Exchange;
use crate::problem::Kind;
use crate::protocol::{Name, REDACTED};

const ALL: [(Operation, Effect); 9] = [
    (Operation::Revoke, Effect::Revokes),
    (Operation::Revoke, Effect::Tests),
    (Operation::Order, Effect::Reads),
    (Operation::Settle, Effect::Revokes),
    (Operation::Settle, Effect::Tests),
    (Operation::AuditHead, Effect::Reads),
    (Operation::Job(jobs::Operation::Start), Effect::Revokes),
    (Operation::Job(jobs::Operation::Start), Effect::Tests),
    (Operation::Job(jobs::Operation::Pause), Effect::Plans),
];

fn calls() -> impl Iterator<Item = Call<'static>> {
    ALL.into_iter().map(|(operation, effect)| Call {
        operation,
        effect,
        subject: match operation {
            Operation::Job(_) => Subject::Job("17"),
            _ => Subject::Certificate(Name::order("17")),
        },
    })
}

#[test]
fn before_it_has_left_nothing_can_have_been_revoked() {
    for call in calls() {
        let not_sent = Failure::not_sent(&call, "because.");
        assert_eq!((not_sent.kind, not_sent.may_have_revoked), (Kind::NotSent, false));
        assert!(
            not_sent.message.starts_with("Nothing was sent for "),
            "{not_sent}"
        );
        let aborted = Failure::aborted(&call, false);
        assert_eq!((aborted.kind, aborted.may_have_revoked), (Kind::Aborted, false));
        assert!(
            aborted
                .message
                .ends_with(" was aborted before anything was sent."),
            "{aborted}"
        );
    }
}

#[test]
fn after_it_has_left_only_what_cannot_revoke_has_not() {
    for call in calls() {
        let may = call.effect == Effect::Revokes;
        for failure in [Failure::unknown(&call, "why"), Failure::aborted(&call, true)] {
            assert_eq!(failure.may_have_revoked, may, "{call:?}");
            let is_about_job = matches!(call.subject, Subject::Job(_));
            let subject = if is_about_job {
                "for job 17"
            } else {
                "for order 17"
            };
            assert!(failure.message.contains(subject), "{failure}");
            assert_eq!(failure.name.is_some(), !is_about_job);
            assert_eq!(failure.message.contains("do not assume either"), may, "{failure}");
            let reassures = failure.message.contains("Nothing was changed")
                || failure.message.contains("nothing is revoked");
            assert_eq!(
                reassures,
                matches!(call.effect, Effect::Tests | Effect::Reads),
                "{failure}"
            );
        }
        assert_eq!(Failure::unknown(&call, "why").kind, Kind::UnknownOutcome);
        assert_eq!(Failure::aborted(&call, true).kind, Kind::Aborted);
    }
}

#[test]
fn about_all_jobs_and_about_nothing_no_subject_is_named() {
    let me = Call::reading(Operation::Me, Subject::None);
    let failure = Failure::unknown(&me, "why");
    assert_eq!(
        failure.message,
        "No answer that can be believed: why. Nothing was changed, since this call only reads."
    );
    assert_eq!(failure.name, None);
    let all = Call {
        operation: Operation::Job(jobs::Operation::PauseAll),
        effect: Effect::Plans,
        subject: Subject::None,
    };
    let failure = Failure::unknown(&all, "why");
    assert!(failure.message.contains("Jobs may go on revoking"), "{failure}");
}

#[test]
fn no_whole_answer_is_unknown_and_says_why() {
    let options = through_edge(Operation::Revoke).options;
    let waiter = Waiter::default();
    for call in calls() {
        let exchange = Exchange::new(call, &options, &waiter);
        for (loss, why) in [
            (Loss::TimedOut, ": there was no whole answer in time."),
            (Loss::TooLong, ": the answer was too long."),
            (Loss::NoResponse, ": what fetch gave is not a response."),
        ] {
            let failure = exchange.lost(loss);
            assert_eq!(failure.kind, Kind::UnknownOutcome);
            assert_eq!(failure.may_have_revoked, call.effect == Effect::Revokes);
            assert!(failure.message.contains(why), "{failure}");
        }
    }
}

fn caused(message: &str, name: Option<&str>, deeper: Option<&str>) -> Failure {
    let call = Call::reading(Operation::Me, Subject::None);
    let thrown = Thrown {
        message: Some(message.to_owned()),
        name: name.map(str::to_owned),
        deeper: deeper.map(str::to_owned),
    };
    Failure::unknown(&call, "why").caused_by(thrown, &[SECRET])
}

#[test]
fn what_was_thrown_is_told_by_name_and_message_alone() {
    let cause = caused("fetch failed", Some("TypeError"), Some("no route"))
        .cause
        .clone()
        .unwrap();
    assert_eq!(cause.name.as_deref(), Some("TypeError"));
    assert_eq!(cause.message, "fetch failed (no route)");
    for name in ["", "a b", "TypeError\n", "Ä", &*"a".repeat(65)] {
        assert_eq!(
            caused("x", Some(name), None).cause.as_ref().unwrap().name,
            None,
            "{name}"
        );
    }
    let call = Call::reading(Operation::Me, Subject::None);
    let nothing = Failure::unknown(&call, "why").caused_by(Thrown::default(), &[]);
    assert!(nothing.cause.is_none());
}

#[test]
fn what_was_thrown_is_withheld_where_it_has_a_secret() {
    for (message, deeper) in [
        ("OPEN-SESAME?", None),
        ("open%2Dsesame", None),
        ("fetch failed", Some("to open-sesame")),
    ] {
        let failure = caused(message, None, deeper);
        assert_eq!(failure.cause.as_ref().unwrap().message, REDACTED);
    }
}

#[test]
fn a_failure_is_shown_by_its_message_and_debugged_without_texts_of_others() {
    let mut failure = caused("fetch failed", None, None);
    failure.error_message = Some("text of the CA".to_owned());
    assert_eq!(failure.to_string(), failure.message);
    let shown = format!("{failure:?}");
    assert!(
        shown.contains("UnknownOutcome") && shown.contains("may_have_revoked: false"),
        "{shown}"
    );
    assert!(
        !shown.contains("text of the CA") && !shown.contains("fetch failed"),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(super::cases(2_000))]

    #[test]
    fn a_cause_has_neither_control_characters_nor_the_secret(before in ".{0,20}", after in ".{0,20}", has in any::<bool>()) {
        let message = [before.as_str(), if has { SECRET } else { "" }, after.as_str()].concat();
        let failure = caused(&message, None, None);
        let told = &failure.cause.as_ref().unwrap().message;
        prop_assert!(!told.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{:?}", told);
        if has {
            prop_assert_eq!(told, REDACTED);
        }
    }
}
