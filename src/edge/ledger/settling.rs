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

    /// The same while a real call is under way.
    pub(super) fn sending(self) -> Standing {
        Standing {
            state: State::Sending,
            ..self
        }
    }

    /// After a real attempt that began at `begun` ended with `attempt`; before it the order stood at `prior`.
    pub(super) fn after_attempt(self, prior: State, attempt: State, begun: i64, now: i64) -> Standing {
        match (prior.after(attempt), attempt) {
            (State::Unknown, State::Unknown) => Standing {
                first_lost_at: self.first_lost_at.or(Some(begun)),
                lost_at: Some(begun),
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
