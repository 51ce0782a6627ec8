//! What is done about an order with an unknown outcome, and when: probes with growing pauses, and within a window one
//! more real call.
//!
//! A probe is the same order as a test call, which changes nothing. "Already revoked" and "already rejected" settle the
//! order; a 0 proves nothing, since the lost call may still be running, but then the order may be sent again.

use serde_json::Value;

use super::command::Purpose;
use super::state::State;
use crate::edge::config::LedgerConfig;

const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 300_000;

/// The columns that [`Standing::read`] takes, in its order.
pub(super) const COLUMNS: &str = "state, first_lost_at, lost_at, probes, probe_accepted, settle_at, settled";

/// Where an order stands; all times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: State,
    /// When the first of the attempts began whose outcome is unknown.
    first_lost_at: Option<i64>,
    /// When the last of them began.
    lost_at: Option<i64>,
    /// Probes since then.
    probes: u32,
    /// Whether the last of them was answered 0.
    probe_accepted: bool,
    /// When something is to be done next.
    settle_at: Option<i64>,
    /// Whether it was a probe that found the state out.
    pub(super) settled: bool,
}

impl Standing {
    /// Known for sure, one way or the other.
    pub(super) fn known(state: State) -> Standing {
        Standing {
            state,
            first_lost_at: None,
            lost_at: None,
            probes: 0,
            probe_accepted: false,
            settle_at: None,
            settled: false,
        }
    }

    pub(super) fn read(columns: &[Value]) -> Option<Standing> {
        let [
            state,
            first_lost_at,
            lost_at,
            probes,
            probe_accepted,
            settle_at,
            settled,
        ] = columns
        else {
            return None;
        };
        Some(Standing {
            state: State::from_name(state.as_str()?),
            first_lost_at: first_lost_at.as_i64(),
            lost_at: lost_at.as_i64(),
            probes: probes.as_u64().and_then(|probes| u32::try_from(probes).ok())?,
            probe_accepted: probe_accepted.as_i64()? != 0,
            settle_at: settle_at.as_i64(),
            settled: settled.as_i64()? != 0,
        })
    }

    /// The values of the columns, in their order.
    pub(super) fn values(&self) -> [Value; 7] {
        [
            self.state.name().into(),
            self.first_lost_at.into(),
            self.lost_at.into(),
            self.probes.into(),
            i64::from(self.probe_accepted).into(),
            self.settle_at.into(),
            i64::from(self.settled).into(),
        ]
    }

    /// The same with another state: a call that was about to be made is not.
    pub(super) fn with_state(self, state: State) -> Standing {
        Standing { state, ..self }
    }

    /// The same while a real call is under way.
    pub(super) fn sending(self) -> Standing {
        Standing {
            state: State::Sending,
            ..self
        }
    }

    /// After a real attempt ended with `attempt`, before which the order stood at `prior`. It was sent not before the first of
    /// two times, nor after the second: they differ where it waited for its turn.
    pub(super) fn after_attempt(
        self,
        prior: State,
        attempt: State,
        (earliest, latest): (i64, i64),
        now: i64,
    ) -> Standing {
        match (prior.after(attempt), attempt) {
            (State::Unknown, State::Unknown) => Standing {
                first_lost_at: self.first_lost_at.or(Some(earliest)),
                lost_at: Some(latest),
                settle_at: Some(now + FIRST_PAUSE_MS),
                ..Standing::known(State::Unknown)
            },
            // A refusal does not tell what became of the attempt before it.
            (State::Unknown, _) => Standing {
                state: State::Unknown,
                probe_accepted: false,
                settle_at: Some(now + self.pause()),
                ..self
            },
            (state, _) => Standing::known(state),
        }
    }

    /// After a probe was answered with `found`; `None` if it changes nothing, since the order is not unknown any more.
    pub(super) fn after_probe(self, found: State, now: i64, config: &LedgerConfig) -> Option<Standing> {
        if self.state != State::Unknown {
            return None;
        }
        if matches!(found, State::AlreadyRevoked | State::AlreadyRejected) {
            return Some(Standing {
                settled: true,
                ..Standing::known(found)
            });
        }
        let probed = Standing {
            probes: self.probes.saturating_add(1),
            probe_accepted: found == State::Tested,
            ..self
        };
        let later = now + probed.pause();
        let resend_at = probed
            .resend_window(config)
            .filter(|(first, last)| now <= *last && first <= last);
        let settle_at = resend_at.map_or(later, |(first, _)| later.min(first.max(now)));
        Some(Standing {
            settle_at: Some(settle_at),
            ..probed
        })
    }

    /// What is to be done at `now`.
    pub(super) fn due(&self, now: i64, config: &LedgerConfig) -> Option<Purpose> {
        if self.state != State::Unknown || self.settle_at.is_none_or(|at| at > now) {
            return None;
        }
        let window = self.resend_window(config);
        let resend = window.is_some_and(|(first, last)| (first..=last).contains(&now));
        Some(if resend { Purpose::Resend } else { Purpose::Probe })
    }

    /// From when until when the order may be sent again by itself: not before the lost call must have ended, not long
    /// after the first, since the order may have been replaced by then, and only when the CA has just accepted a probe.
    fn resend_window(&self, config: &LedgerConfig) -> Option<(i64, i64)> {
        if !self.probe_accepted || config.resend_window_ms == 0 {
            return None;
        }
        let first = self.lost_at? + i64::from(config.timeout_ms);
        let last = self.first_lost_at? + i64::from(config.resend_window_ms);
        Some((first, last))
    }

    fn pause(&self) -> i64 {
        FIRST_PAUSE_MS
            .saturating_mul(1 << self.probes.min(16))
            .min(LONGEST_PAUSE_MS)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BEGUN: i64 = 1_000_000;
    const NOW: i64 = BEGUN + 100;
    const TIMEOUT: i64 = 5_000;
    const WINDOW: i64 = 20_000;

    fn config() -> LedgerConfig {
        LedgerConfig {
            account_id: None,
            endpoint: String::new(),
            timeout_ms: 5_000,
            max_connections: 4,
            max_per_second: None,
            rate_limit_per_minute: 60,
            daily_limit: 200,
            resend_window_ms: 20_000,
            approval_above: 10,
            kid: String::new(),
            digests: Default::default(),
        }
    }

    fn lost() -> Standing {
        Standing::known(State::Pending).sending().after_attempt(
            State::Pending,
            State::Unknown,
            (BEGUN, BEGUN),
            NOW,
        )
    }

    fn probed(standing: Standing, found: State, now: i64) -> Standing {
        standing.after_probe(found, now, &config()).unwrap()
    }

    fn settle_in(standing: &Standing, now: i64) -> i64 {
        standing.settle_at.unwrap() - now
    }

    #[test]
    fn what_is_due_is_due_at_its_very_millisecond() {
        let standing = lost();
        assert_eq!(settle_in(&standing, NOW), FIRST_PAUSE_MS);
        assert_eq!(standing.due(NOW + FIRST_PAUSE_MS - 1, &config()), None);
        assert_eq!(
            standing.due(NOW + FIRST_PAUSE_MS, &config()),
            Some(Purpose::Probe)
        );
    }

    #[test]
    fn it_is_sent_again_from_the_first_to_the_last_millisecond_of_its_window() {
        let (first, last) = (BEGUN + TIMEOUT, BEGUN + WINDOW);
        let early = probed(lost(), State::Tested, first - 1);
        assert_eq!(settle_in(&early, first - 1), 1);
        assert_eq!(early.due(first - 1, &config()), None);
        for now in [first, last] {
            let in_time = probed(lost(), State::Tested, now);
            assert_eq!(settle_in(&in_time, now), 0);
            assert_eq!(in_time.due(now, &config()), Some(Purpose::Resend));
        }
        let late = probed(lost(), State::Tested, last + 1);
        assert_eq!(settle_in(&late, last + 1), 2 * FIRST_PAUSE_MS);
        assert_eq!(
            late.due(last + 1 + 2 * FIRST_PAUSE_MS, &config()),
            Some(Purpose::Probe)
        );
        let missed = probed(lost(), State::Tested, last);
        assert_eq!(missed.due(last + 1, &config()), Some(Purpose::Probe));
    }

    #[test]
    fn a_window_of_one_moment_is_one() {
        let config = LedgerConfig {
            resend_window_ms: config().timeout_ms,
            ..config()
        };
        let at = BEGUN + TIMEOUT;
        let standing = lost().after_probe(State::Tested, at - 10, &config).unwrap();
        assert_eq!(settle_in(&standing, at - 10), 10);
        assert_eq!(standing.due(at, &config), Some(Purpose::Resend));
        let closed = LedgerConfig {
            resend_window_ms: config.timeout_ms - 1,
            ..config
        };
        let standing = lost().after_probe(State::Tested, NOW, &closed).unwrap();
        assert_eq!(settle_in(&standing, NOW), 2 * FIRST_PAUSE_MS);
    }

    #[test]
    fn a_sooner_probe_is_not_put_off_for_a_later_window() {
        let standing = probed(lost(), State::Tested, NOW);
        assert_eq!(settle_in(&standing, NOW), 2 * FIRST_PAUSE_MS);
        assert_eq!(
            standing.due(NOW + 2 * FIRST_PAUSE_MS, &config()),
            Some(Purpose::Probe)
        );
    }

    #[test]
    fn the_pauses_go_on_growing_after_a_refusal_of_another_call() {
        let mut standing = lost();
        for _ in 0..2 {
            standing = probed(standing, State::Refused, NOW);
        }
        let accepted = probed(standing, State::Tested, NOW);
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
        let standing = probed(lost(), State::Tested, NOW);
        let again = standing
            .sending()
            .after_attempt(State::Unknown, State::Unknown, (NOW, NOW), NOW + 7);
        assert_eq!((again.first_lost_at, again.lost_at), (Some(BEGUN), Some(NOW)));
        assert_eq!((again.probes, again.probe_accepted), (0, false));
        assert_eq!(settle_in(&again, NOW + 7), FIRST_PAUSE_MS);
    }

    #[test]
    fn pauses_end_at_the_longest() {
        let mut standing = lost();
        for probes in 1..40_u32 {
            standing = probed(standing, State::Refused, NOW);
            let doubled = FIRST_PAUSE_MS << probes.min(20);
            assert_eq!(settle_in(&standing, NOW), doubled.min(LONGEST_PAUSE_MS));
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let settled = probed(lost(), State::AlreadyRevoked, NOW);
        assert!(settled.settled);
        for standing in [lost(), probed(lost(), State::Tested, NOW), settled] {
            assert_eq!(Standing::read(&standing.values()), Some(standing));
        }
        assert_eq!(Standing::read(&[]), None);
    }

    #[test]
    fn nothing_is_due_for_what_is_known() {
        for state in State::ALL {
            let standing = Standing { state, ..lost() };
            let due = standing.due(NOW + FIRST_PAUSE_MS, &config());
            assert_eq!(due.is_some(), state == State::Unknown);
            assert_eq!(
                standing.after_probe(State::Tested, NOW, &config()).is_some(),
                state == State::Unknown
            );
        }
    }
}
