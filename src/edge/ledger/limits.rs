//! How much one person may ask of the CA: so many calls in a minute, so many revocations in 24 hours.
//!
//! The windows slide, and every call that was begun counts; the attempts themselves are the record, so that neither a
//! crash nor a restart forgives any.

use std::collections::VecDeque;

use crate::edge::config::LedgerConfig;

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const DAY_MS: i64 = 86_400_000;

/// When one person's calls began, oldest first.
#[derive(Debug, Default)]
pub(super) struct Usage {
    minute: VecDeque<i64>,
    day: VecDeque<i64>,
}

/// A limit that is reached: when it lets the next call through, in seconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) retry_after: u32,
    pub(super) daily: bool,
}

impl Usage {
    /// Counts a call that began at `at`; test calls count for the minute only.
    pub(super) fn count(&mut self, at: i64, test: bool) {
        self.minute.push_back(at);
        if !test {
            self.day.push_back(at);
        }
    }

    /// Whether another call may begin at `now`.
    pub(super) fn check(&mut self, now: i64, test: bool, config: &LedgerConfig) -> Result<(), Reached> {
        self.forget(now);
        let minute = wait(&self.minute, now, MINUTE_MS, config.rate_limit_per_minute);
        let day = wait(&self.day, now, DAY_MS, config.daily_limit).filter(|_| !test);
        match (minute, day) {
            (None, None) => Ok(()),
            (minute, day) => Err(Reached {
                retry_after: seconds(minute.max(day).unwrap_or_default()),
                daily: day > minute,
            }),
        }
    }

    /// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
    pub(super) fn headers(&mut self, now: i64, config: &LedgerConfig) -> [(&'static str, String); 2] {
        self.forget(now);
        let (per_minute, per_day) = (config.rate_limit_per_minute, config.daily_limit);
        let left = |window: &VecDeque<i64>, limit: u32| u64::from(limit).saturating_sub(window.len() as u64);
        let reset = |window: &VecDeque<i64>, length: i64| {
            seconds(window.front().map_or(length, |oldest| oldest + length - now))
        };
        [
            (
                "RateLimit-Policy",
                format!("\"minute\";q={per_minute};w=60, \"day\";q={per_day};w=86400"),
            ),
            (
                "RateLimit",
                format!(
                    "\"minute\";r={};t={}, \"day\";r={};t={}",
                    left(&self.minute, per_minute),
                    reset(&self.minute, MINUTE_MS),
                    left(&self.day, per_day),
                    reset(&self.day, DAY_MS),
                ),
            ),
        ]
    }

    fn forget(&mut self, now: i64) {
        for (window, length) in [(&mut self.minute, MINUTE_MS), (&mut self.day, DAY_MS)] {
            while window.front().is_some_and(|oldest| oldest + length <= now) {
                window.pop_front();
            }
        }
    }
}

/// How long until one more fits into the window, in milliseconds; nothing if it does now.
fn wait(window: &VecDeque<i64>, now: i64, length: i64, limit: u32) -> Option<i64> {
    let excess = window.len().checked_sub(limit as usize)?;
    // With a limit of 0 there is nothing to wait for.
    Some(window.get(excess).map_or(length, |begun| begun + length - now))
}

/// Whole seconds, rounded up, at least one.
fn seconds(millis: i64) -> u32 {
    u32::try_from((millis + 999) / 1000).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000_000;

    fn config(rate_limit_per_minute: u32, daily_limit: u32) -> LedgerConfig {
        LedgerConfig {
            account_id: None,
            endpoint: String::new(),
            timeout_ms: 5_000,
            max_connections: 4,
            max_per_second: None,
            rate_limit_per_minute,
            daily_limit,
            resend_window_ms: 20_000,
            approval_above: 10,
            kid: String::new(),
            digests: Default::default(),
        }
    }

    fn used(at: &[i64]) -> Usage {
        let mut usage = Usage::default();
        for at in at {
            usage.count(*at, false);
        }
        usage
    }

    fn reached(retry_after: u32, daily: bool) -> Result<(), Reached> {
        Err(Reached { retry_after, daily })
    }

    #[test]
    fn a_window_lets_go_at_its_very_millisecond() {
        let config = config(1, 100);
        let mut usage = used(&[NOW]);
        assert_eq!(
            usage.check(NOW + MINUTE_MS - 1, false, &config),
            reached(1, false)
        );
        assert_eq!(usage.check(NOW + MINUTE_MS, false, &config), Ok(()));
    }

    #[test]
    fn one_waits_for_as_many_to_leave_as_are_too_many() {
        // The limit was lowered meanwhile.
        let mut usage = used(&[NOW, NOW + 10_000, NOW + 20_000]);
        assert_eq!(
            usage.check(NOW + 20_000, false, &config(2, 100)),
            reached(50, false)
        );
        assert_eq!(
            usage.check(NOW + 20_000, false, &config(1, 100)),
            reached(60, false)
        );
        assert_eq!(
            usage.check(NOW + 20_000, false, &config(0, 100)),
            reached(60, false)
        );
        assert_eq!(usage.check(NOW + 20_000, false, &config(4, 100)), Ok(()));
    }

    #[test]
    fn seconds_are_rounded_up() {
        for (millis, wanted) in [(-5, 1), (0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_001, 60)] {
            assert_eq!(seconds(millis), wanted, "{millis} ms");
        }
    }

    #[test]
    fn the_longer_wait_is_told_and_whose_it_is() {
        let day = DAY_MS - MINUTE_MS;
        let mut usage = used(&[NOW, NOW + day]);
        let at = NOW + day + 1_000;
        assert_eq!(usage.check(at, false, &config(1, 100)), reached(59, false));
        assert_eq!(usage.check(at, false, &config(100, 2)), reached(59, true));
        // As long as each other, it is the minute's.
        let mut both = used(&[NOW, NOW + day, NOW + day]);
        assert_eq!(both.check(NOW + day, false, &config(2, 3)), reached(60, false));
        assert_eq!(both.check(NOW + day, false, &config(2, 2)), reached(86_400, true));
    }

    #[test]
    fn a_test_call_does_not_wait_for_the_day() {
        let mut usage = used(&[NOW]);
        assert_eq!(usage.check(NOW, true, &config(100, 1)), Ok(()));
        assert_eq!(usage.check(NOW, true, &config(1, 1)), reached(60, false));
        usage.count(NOW, true);
        assert_eq!((usage.minute.len(), usage.day.len()), (2, 1));
    }

    #[test]
    fn the_headers_tell_what_is_left_and_until_when() {
        let mut usage = used(&[NOW - MINUTE_MS, NOW - 1_000]);
        let [policy, limit] = usage.headers(NOW, &config(3, 5));
        assert_eq!(
            policy,
            (
                "RateLimit-Policy",
                "\"minute\";q=3;w=60, \"day\";q=5;w=86400".to_owned()
            )
        );
        assert_eq!(
            limit,
            ("RateLimit", "\"minute\";r=2;t=59, \"day\";r=3;t=86340".to_owned())
        );
        let [_, fresh] = Usage::default().headers(NOW, &config(3, 5));
        assert_eq!(fresh.1, "\"minute\";r=3;t=60, \"day\";r=5;t=86400");
    }
}
