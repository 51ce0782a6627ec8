//! The status of an order, and when an unknown outcome is probed or sent again: probes with growing pauses, and one more real
//! call within a window. After a day of probes the order waits for a person.
//!
//! A probe sends the same order as a test call, which changes nothing. "Already revoked" and "already rejected" settle the
//! order. A 0 proves nothing, since the lost call may still be running, but allows to send the order again.

use serde::Deserialize;
use serde_json::Value;

use super::host::flag;
use super::revocation::Purpose;
use super::state::State;

const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 300_000;
/// In the first hour after the last lost call the pauses double; after that they are this long, in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// How long after the last lost call the probes end, in milliseconds.
const PROBED_FOR_MS: i64 = 86_400_000;

/// The columns of a [`OrderStatus`], in its order.
pub(super) const COLUMNS: &str =
    "state, first_lost_at, lost_at, probes, probe_accepted, settle_at, settled, restored";

/// Writes the identity of an order, the time, its real call if one begins, and [`OrderStatus::values`].
pub(super) const WRITE: &str = "INSERT INTO orders (identity, updated_at, last_attempt, state, first_lost_at, lost_at, probes, \
     probe_accepted, settle_at, settled, restored) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET \
     updated_at = excluded.updated_at, last_attempt = COALESCE(excluded.last_attempt, last_attempt), state = excluded.state, first_lost_at = excluded.first_lost_at, \
     lost_at = excluded.lost_at, probes = excluded.probes, probe_accepted = excluded.probe_accepted, \
     settle_at = excluded.settle_at, settled = excluded.settled, restored = excluded.restored";

/// When an order may be sent again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resends {
    /// How long a lost call may still be running, in milliseconds.
    pub(super) timeout_ms: u32,
    /// How long after the first lost attempt, in milliseconds; 0: never.
    pub(super) window_ms: u32,
}

/// What the ledger knows of an order, besides its attempts. All times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct OrderStatus {
    pub(super) state: State,
    /// When the first attempt with an unknown outcome began.
    first_lost_at: Option<i64>,
    /// When the last of them began at the latest.
    lost_at: Option<i64>,
    /// Probes since then.
    probes: u32,
    /// Whether the last of them was answered 0.
    #[serde(deserialize_with = "flag")]
    probe_accepted: bool,
    /// When the next probe or re-send is due; nothing if the order waits for a person.
    pub(super) settle_at: Option<i64>,
    /// Whether a probe has settled it.
    #[serde(deserialize_with = "flag")]
    pub(super) settled: bool,
    /// Whether it is unknown because the ledger was restored from a backup, in which it was refused.
    #[serde(deserialize_with = "flag")]
    pub(super) restored: bool,
}

impl OrderStatus {
    /// A status with nothing to settle.
    pub(super) fn known(state: State) -> OrderStatus {
        OrderStatus {
            state,
            first_lost_at: None,
            lost_at: None,
            probes: 0,
            probe_accepted: false,
            settle_at: None,
            settled: false,
            restored: false,
        }
    }

    /// The values of the columns, in their order.
    pub(super) fn values(&self) -> [Value; 8] {
        [
            self.state.name().into(),
            self.first_lost_at.into(),
            self.lost_at.into(),
            self.probes.into(),
            i64::from(self.probe_accepted).into(),
            self.settle_at.into(),
            i64::from(self.settled).into(),
            i64::from(self.restored).into(),
        ]
    }

    /// The same while a real call is in flight.
    pub(super) fn sending(self) -> OrderStatus {
        OrderStatus {
            state: State::Sending,
            ..self
        }
    }

    /// The same while a probe is in flight, which has ended by `until`: nothing else is due before.
    pub(super) fn probing(self, until: i64) -> OrderStatus {
        OrderStatus {
            settle_at: Some(until),
            ..self
        }
    }

    /// The same without further probes.
    pub(super) fn left_to_a_person(self) -> OrderStatus {
        OrderStatus {
            settle_at: None,
            ..self
        }
    }

    /// The status after a real attempt ended with `attempt`; `prior` is the state before it. The call left between `earliest` and
    /// `latest`, which differ if its process ended.
    pub(super) fn after_attempt(
        self,
        prior: State,
        attempt: State,
        (earliest, latest): (i64, i64),
        now: i64,
    ) -> OrderStatus {
        match (prior.after(attempt), attempt) {
            (State::Unknown, State::Unknown) => OrderStatus {
                first_lost_at: self.first_lost_at.or(Some(earliest)),
                lost_at: Some(latest),
                settle_at: Some(now + FIRST_PAUSE_MS),
                restored: self.restored,
                ..OrderStatus::known(State::Unknown)
            },
            // A refusal does not settle the attempt before it.
            (State::Unknown, _) => OrderStatus {
                state: State::Unknown,
                probe_accepted: false,
                // Not before a probe ends that may be in flight.
                settle_at: self
                    .pause(now)
                    .map(|pause| (now + pause).max(self.settle_at.unwrap_or(now))),
                ..self
            },
            (state, _) => OrderStatus::known(state),
        }
    }

    /// The status after a probe that began at `begun` was answered with `found`; `None` if it changes nothing, because the order
    /// is not unknown any more, or the answer says nothing about an attempt that was lost since.
    pub(super) fn after_probe(
        self,
        found: State,
        begun: i64,
        now: i64,
        resends: Resends,
    ) -> Option<OrderStatus> {
        if self.state != State::Unknown {
            return None;
        }
        if matches!(found, State::AlreadyRevoked | State::AlreadyRejected) {
            return Some(OrderStatus {
                settled: true,
                ..OrderStatus::known(found)
            });
        }
        if self.lost_at.is_some_and(|lost| begun <= lost) {
            return None;
        }
        let probed = OrderStatus {
            probes: self.probes.saturating_add(1),
            probe_accepted: found == State::Tested,
            ..self
        };
        let later = probed.pause(now).map(|pause| now + pause);
        let resend_at = probed
            .resend_window(resends)
            .filter(|(first, last)| now <= *last && first <= last)
            .map(|(first, _)| first.max(now));
        Some(OrderStatus {
            settle_at: later.into_iter().chain(resend_at).min(),
            ..probed
        })
    }

    /// What is due at `now`.
    pub(super) fn due(&self, now: i64, resends: Resends) -> Option<Purpose> {
        if self.state != State::Unknown || self.settle_at.is_none_or(|at| at > now) {
            return None;
        }
        let window = self.resend_window(resends);
        let resend = window.is_some_and(|(first, last)| (first..=last).contains(&now));
        Some(if resend { Purpose::Resend } else { Purpose::Probe })
    }

    /// Since when its outcome is unknown; nothing where that is not known either.
    pub(super) fn unknown_since(&self) -> Option<i64> {
        let since = self.first_lost_at.filter(|at| *at > 0);
        since.filter(|_| self.state == State::Unknown)
    }

    /// Until when it may be sent again by itself.
    pub(super) fn resend_until(&self, now: i64, resends: Resends) -> Option<i64> {
        self.settle_at?;
        let until = self.unknown_since()? + i64::from(resends.window_ms);
        Some(until).filter(|until| resends.window_ms > 0 && now <= *until)
    }

    /// From when until when the order may be sent again by itself: after the lost call must have ended, soon after the first
    /// attempt, since the order may be replaced later, and only if the CA has accepted the last probe.
    fn resend_window(&self, resends: Resends) -> Option<(i64, i64)> {
        if !self.probe_accepted || resends.window_ms == 0 {
            return None;
        }
        let first = self.lost_at? + i64::from(resends.timeout_ms);
        let last = self.first_lost_at? + i64::from(resends.window_ms);
        Some((first, last))
    }

    /// How long until the next probe, in milliseconds; nothing when the probes have ended.
    fn pause(&self, now: i64) -> Option<i64> {
        match now - self.lost_at? {
            since if since < HOUR_MS => Some(
                FIRST_PAUSE_MS
                    .saturating_mul(1 << self.probes.min(16))
                    .min(LONGEST_PAUSE_MS),
            ),
            since if since < PROBED_FOR_MS => Some(HOUR_MS),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::edge::ledger::host::read;

    const BEGUN: i64 = 1_000_000;
    const NOW: i64 = BEGUN + 100;
    const TIMEOUT: i64 = 5_000;
    const WINDOW: i64 = 20_000;

    const RESENDS: Resends = Resends {
        timeout_ms: 5_000,
        window_ms: 20_000,
    };

    fn lost() -> OrderStatus {
        OrderStatus::known(State::Pending).sending().after_attempt(
            State::Pending,
            State::Unknown,
            (BEGUN, BEGUN),
            NOW,
        )
    }

    fn probed(status: OrderStatus, found: State, now: i64) -> OrderStatus {
        status.after_probe(found, now, now, RESENDS).unwrap()
    }

    fn settle_in(status: &OrderStatus, now: i64) -> i64 {
        status.settle_at.unwrap() - now
    }

    #[test]
    fn what_is_due_is_due_at_its_very_millisecond() {
        let status = lost();
        assert_eq!(settle_in(&status, NOW), FIRST_PAUSE_MS);
        assert_eq!(status.due(NOW + FIRST_PAUSE_MS - 1, RESENDS), None);
        assert_eq!(status.due(NOW + FIRST_PAUSE_MS, RESENDS), Some(Purpose::Probe));
    }

    #[test]
    fn it_is_sent_again_from_the_first_to_the_last_millisecond_of_its_window() {
        let (first, last) = (BEGUN + TIMEOUT, BEGUN + WINDOW);
        let early = probed(lost(), State::Tested, first - 1);
        assert_eq!(settle_in(&early, first - 1), 1);
        assert_eq!(early.due(first - 1, RESENDS), None);
        for now in [first, last] {
            let in_time = probed(lost(), State::Tested, now);
            assert_eq!(settle_in(&in_time, now), 0);
            assert_eq!(in_time.due(now, RESENDS), Some(Purpose::Resend));
        }
        let late = probed(lost(), State::Tested, last + 1);
        assert_eq!(settle_in(&late, last + 1), 2 * FIRST_PAUSE_MS);
        assert_eq!(
            late.due(last + 1 + 2 * FIRST_PAUSE_MS, RESENDS),
            Some(Purpose::Probe)
        );
        let missed = probed(lost(), State::Tested, last);
        assert_eq!(missed.due(last + 1, RESENDS), Some(Purpose::Probe));
    }

    #[test]
    fn a_window_of_one_moment_is_one() {
        let resends = Resends {
            window_ms: RESENDS.timeout_ms,
            ..RESENDS
        };
        let at = BEGUN + TIMEOUT;
        let status = lost()
            .after_probe(State::Tested, at - 10, at - 10, resends)
            .unwrap();
        assert_eq!(settle_in(&status, at - 10), 10);
        assert_eq!(status.due(at, resends), Some(Purpose::Resend));
        let closed = Resends {
            window_ms: resends.timeout_ms - 1,
            ..resends
        };
        let status = lost().after_probe(State::Tested, NOW, NOW, closed).unwrap();
        assert_eq!(settle_in(&status, NOW), 2 * FIRST_PAUSE_MS);
    }

    #[test]
    fn a_sooner_probe_is_not_put_off_for_a_later_window() {
        let status = probed(lost(), State::Tested, NOW);
        assert_eq!(settle_in(&status, NOW), 2 * FIRST_PAUSE_MS);
        assert_eq!(
            status.due(NOW + 2 * FIRST_PAUSE_MS, RESENDS),
            Some(Purpose::Probe)
        );
    }

    #[test]
    fn the_pauses_go_on_growing_after_a_refusal_of_another_call() {
        let mut status = lost();
        for _ in 0..2 {
            status = probed(status, State::Refused, NOW);
        }
        let accepted = probed(status, State::Tested, NOW);
        let refused = accepted
            .sending()
            .after_attempt(State::Unknown, State::Refused, (NOW, NOW), NOW + 7);
        assert_eq!(settle_in(&refused, NOW + 7), 8 * FIRST_PAUSE_MS);
        assert_eq!((refused.state, refused.probe_accepted), (State::Unknown, false));
        assert_eq!(
            (refused.first_lost_at, refused.lost_at),
            (Some(BEGUN), Some(BEGUN))
        );
    }

    #[test]
    fn another_loss_begins_anew_but_for_the_window() {
        let status = probed(lost(), State::Tested, NOW);
        let again = status
            .sending()
            .after_attempt(State::Unknown, State::Unknown, (NOW, NOW), NOW + 7);
        assert_eq!((again.first_lost_at, again.lost_at), (Some(BEGUN), Some(NOW)));
        assert_eq!((again.probes, again.probe_accepted), (0, false));
        assert_eq!(settle_in(&again, NOW + 7), FIRST_PAUSE_MS);
    }

    #[test]
    fn pauses_end_at_the_longest() {
        let mut status = lost();
        for probes in 1..40_u32 {
            status = probed(status, State::Refused, NOW);
            let doubled = FIRST_PAUSE_MS << probes.min(20);
            assert_eq!(settle_in(&status, NOW), doubled.min(LONGEST_PAUSE_MS));
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let settled = probed(lost(), State::AlreadyRevoked, NOW);
        assert!(settled.settled);
        for status in [lost(), probed(lost(), State::Tested, NOW), settled] {
            assert_eq!(read(status.values().into()), Some(status));
        }
        assert_eq!(read::<OrderStatus>(Vec::new()), None);
    }

    #[test]
    fn nothing_is_due_for_what_is_known() {
        for state in State::ALL {
            let status = OrderStatus { state, ..lost() };
            let due = status.due(NOW + FIRST_PAUSE_MS, RESENDS);
            assert_eq!(due.is_some(), state == State::Unknown);
            assert_eq!(
                status.after_probe(State::Tested, NOW, NOW, RESENDS).is_some(),
                state == State::Unknown
            );
        }
    }

    #[test]
    fn a_probe_that_began_before_the_last_loss_opens_no_window() {
        assert_eq!(lost().after_probe(State::Tested, BEGUN, NOW, RESENDS), None);
        assert!(
            lost()
                .after_probe(State::Tested, BEGUN + 1, NOW, RESENDS)
                .is_some()
        );
        let found = lost()
            .after_probe(State::AlreadyRevoked, BEGUN, NOW, RESENDS)
            .unwrap();
        assert_eq!((found.state, found.settled), (State::AlreadyRevoked, true));
    }

    #[test]
    fn after_an_hour_probes_come_every_hour_and_after_a_day_none_does() {
        let at = |now: i64| probed(lost(), State::Refused, now).settle_at.map(|at| at - now);
        assert_eq!(at(BEGUN + HOUR_MS - 1), Some(2 * FIRST_PAUSE_MS));
        assert_eq!(at(BEGUN + HOUR_MS), Some(HOUR_MS));
        assert_eq!(at(BEGUN + PROBED_FOR_MS - 1), Some(HOUR_MS));
        let ended = probed(lost(), State::Refused, BEGUN + PROBED_FOR_MS);
        assert_eq!((ended.settle_at, ended.due(i64::MAX, RESENDS)), (None, None));
        // A person may still send it, and a refusal of that brings no probes back.
        let refused =
            ended
                .sending()
                .after_attempt(State::Unknown, State::Refused, (NOW, NOW), BEGUN + PROBED_FOR_MS);
        assert_eq!((refused.state, refused.settle_at), (State::Unknown, None));
    }

    #[test]
    fn what_may_not_be_sent_again_is_probed_only() {
        let never = Resends {
            window_ms: 0,
            ..RESENDS
        };
        let at = BEGUN + TIMEOUT;
        let status = lost().after_probe(State::Tested, at, at, never).unwrap();
        assert_eq!(settle_in(&status, at), 2 * FIRST_PAUSE_MS);
        assert_eq!(status.due(at + 2 * FIRST_PAUSE_MS, never), Some(Purpose::Probe));
    }
}
