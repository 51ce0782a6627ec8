//! How a job is watched: after which failures, and how long until the next connection.

use proptest::prelude::*;

use super::question;
use crate::client::failure::Failure;
use crate::client::jobs::Operation;
use crate::client::jobs::stream::{Seen, may_pass, pause_ms};
use crate::problem::Kind;

fn failure(kind: Kind, status: Option<u16>, retry_after: Option<u32>) -> Failure {
    let watch = question(Operation::Watch, false, []).unwrap();
    let mut failure = Failure::of(kind, &watch.call(), String::new());
    failure.status = status;
    failure.retry_after = retry_after;
    failure
}

#[test]
fn a_watcher_connects_again_after_what_may_pass_and_nothing_else() {
    for kind in Kind::ALL {
        let passes = matches!(
            kind,
            Kind::UnknownOutcome | Kind::RateLimited | Kind::Internal | Kind::CaBusy
        );
        assert_eq!(may_pass(&failure(*kind, None, None)), passes, "{}", kind.name());
    }
    // By the edge it may pass; by this client itself, its options would be as wrong the next time.
    assert!(may_pass(&failure(Kind::NotSent, Some(503), None)));
    assert!(!may_pass(&failure(Kind::Aborted, Some(503), None)));
}

fn after(failures: u32, retry_ms: Option<u64>) -> Seen {
    Seen {
        failures,
        retry_ms,
        ..Seen::default()
    }
}

#[test]
fn the_pause_doubles_up_to_a_minute() {
    let pauses =
        [0, 1, 2, 3, 4, 5, 6, 31, u32::MAX].map(|failures| pause_ms(None, &after(failures, None), 0.5));
    assert_eq!(
        pauses,
        [
            2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0, 60_000.0, 60_000.0, 60_000.0, 60_000.0
        ]
    );
    assert_eq!(pause_ms(None, &after(0, Some(250)), 0.5), 250.0);
    assert_eq!(pause_ms(None, &after(2, Some(250)), 0.0), 750.0);
}

#[test]
fn the_edge_says_how_long_at_least_but_for_an_hour_at_most() {
    let pause = |seconds| {
        pause_ms(
            Some(&failure(Kind::RateLimited, Some(429), seconds)),
            &after(0, None),
            0.5,
        )
    };
    assert_eq!(pause(Some(30)), 30_000.0);
    assert_eq!(pause(Some(1)), 2_000.0);
    assert_eq!(pause(None), 2_000.0);
    assert_eq!(pause(Some(u32::MAX)), 3_600_000.0);
}

proptest! {
    #![proptest_config(crate::client::tests::cases(2_000))]

    #[test]
    fn a_pause_is_never_none_and_never_without_end(
        failures in any::<u32>(),
        retry_ms in proptest::option::of(250_u64..=60_000),
        told_to in proptest::option::of(any::<u32>()),
        random in 0.0..1.0_f64,
    ) {
        let failure = failure(Kind::RateLimited, Some(429), told_to);
        let pause = pause_ms(Some(&failure), &after(failures, retry_ms), random);
        prop_assert!((187.0..=3_600_000.0).contains(&pause), "{}", pause);
        prop_assert_eq!(pause.trunc(), pause);
        prop_assert!(pause >= f64::from(told_to.unwrap_or_default().min(3600)) * 1000.0);
        let alone = pause_ms(None, &after(failures, retry_ms), random);
        prop_assert!(alone <= 75_000.0);
    }
}
