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
