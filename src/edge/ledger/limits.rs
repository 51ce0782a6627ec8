//! How much one person may ask of the CA: so many calls in a minute, so many revocations in 24 hours.
//!
//! The windows slide, and every call that was begun counts. They are read from the stored attempts, so a restart resets
//! nothing. Each call counts for its actor and for its person, and the larger count decides: neither a second key of one person
//! nor a second person named by one actor begins anew.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::Ledger;
use super::host::{Host, HostError, Typed};
use crate::api::caller::{Caller, Limit, Limits, Me};
use crate::edge::command::Asker;
use crate::edge::config::LedgerConfig;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::names::{actor_key, person_key};

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const DAY_MS: i64 = 86_400_000;

/// Above so many actors and persons, those without a call in 24 hours are forgotten.
const MAX_IDLE: usize = 1_000;

/// So many calls are read from the database at once.
const READ_CALLS: usize = 1_000;

/// The calls of one actor, or of one person, are counted together.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Actor(String),
    Person(String),
}

fn both(actor: &str, person: &str) -> [Counted; 2] {
    [
        Counted::Actor(actor_key(actor)),
        Counted::Person(person_key(person)),
    ]
}

/// The calls of the last 24 hours, by actor and by person.
#[derive(Debug, Default)]
pub(super) struct Usages(BTreeMap<Counted, Usage>);

impl Usages {
    /// Reads it from the attempts, page by page: a day may have had a hundred thousand.
    pub(super) fn read(host: &impl Host, now: i64) -> Result<Usages, HostError> {
        let (day, minute) = (now - DAY_MS, now - MINUTE_MS);
        // One look into the index for each person there ever was, and none at what is older than a day.
        let people: Vec<(String,)> = host.rows(
            "WITH RECURSIVE names (name) AS (SELECT MIN(person) FROM attempts UNION ALL \
             SELECT (SELECT MIN(person) FROM attempts WHERE person > name) FROM names WHERE name IS NOT NULL) \
             SELECT name FROM names WHERE EXISTS (SELECT 1 FROM attempts WHERE person = name AND started_at > ?)",
            &[day.into()],
        )?;
        let mut usages = Usages::default();
        for (person,) in people {
            let mut last = (day, i64::MAX);
            loop {
                let page: Vec<(String, i64, i64, i64)> = host.rows(
                    "SELECT actor, started_at, id, test FROM attempts WHERE person = ? AND (started_at, id) > (?, ?) \
                     AND limited = 1 AND actor <> 'edge' AND (test = 0 OR started_at > ?) ORDER BY started_at, id LIMIT ?",
                    &[
                        person.as_str().into(),
                        last.0.into(),
                        last.1.into(),
                        minute.into(),
                        READ_CALLS.into(),
                    ],
                )?;
                for (actor, at, id, test) in &page {
                    usages.count(actor, &person, *at, *test == 1);
                    last = (*at, *id);
                }
                if page.len() < READ_CALLS {
                    break;
                }
            }
        }
        // An actor may have called as several people, who were read one after the other.
        usages.0.values_mut().for_each(Usage::sort);
        Ok(usages)
    }

    /// Counts a call that began at `at`.
    pub(super) fn count(&mut self, actor: &str, person: &str, at: i64, test: bool) {
        if self.0.len() > MAX_IDLE {
            self.0.retain(|_, usage| {
                usage.forget(at);
                !usage.is_empty()
            });
        }
        for counted in both(actor, person) {
            self.0.entry(counted).or_default().count(at, test);
        }
    }

    /// Whether another call may begin at `now`.
    pub(super) fn check(
        &mut self,
        actor: &str,
        person: &str,
        now: i64,
        test: bool,
        config: &LedgerConfig,
    ) -> Result<(), Reached> {
        let checked = both(actor, person).map(|counted| match self.0.get_mut(&counted) {
            Some(usage) => usage.check(now, test, config),
            None => Usage::default().check(now, test, config),
        });
        let reached = checked.into_iter().filter_map(Result::err);
        reached
            .max_by_key(|reached| reached.retry_after)
            .map_or(Ok(()), Err)
    }

    /// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
    pub(super) fn headers(
        &mut self,
        actor: &str,
        person: &str,
        now: i64,
        config: &LedgerConfig,
    ) -> [(&'static str, String); 2] {
        let [(minute, minute_ends), (day, day_ends)] = self.left(actor, person, now, config);
        let (per_minute, per_day) = (config.rate_limit_per_minute, config.daily_limit);
        [
            (
                "RateLimit-Policy",
                format!("\"minute\";q={per_minute};w=60, \"day\";q={per_day};w=86400"),
            ),
            (
                "RateLimit",
                format!("\"minute\";r={minute};t={minute_ends}, \"day\";r={day};t={day_ends}"),
            ),
        ]
    }

    /// What is left of the minute and of the day, and in how many seconds there is more.
    fn left(&mut self, actor: &str, person: &str, now: i64, config: &LedgerConfig) -> [(u64, u32); 2] {
        let [by_actor, by_person] = both(actor, person).map(|counted| match self.0.get_mut(&counted) {
            Some(usage) => usage.left(now, config),
            None => Usage::default().left(now, config),
        });
        let less = |one: (u64, u32), other: (u64, u32)| {
            [one, other]
                .into_iter()
                .min_by_key(|(left, ends)| (*left, Reverse(*ends)))
                .unwrap_or(one)
        };
        let ([minute, day], [minute_too, day_too]) = (by_actor, by_person);
        [less(minute, minute_too), less(day, day_too)]
    }
}

impl<H: Host> Ledger<H> {
    /// Who the caller is, as the front's command says it, with each limit and what is left of it.
    pub fn me(&self, by: &Asker, caller: Caller) -> Result<HttpAnswer, HostError> {
        let now = self.host.now();
        let [(minute, _), (day, _)] = self.with_usages(now, |usages| {
            usages.left(&by.actor, &by.person, now, &self.config)
        })?;
        let above = self.config.approval_above;
        let unapproved = self.unapproved_orders(actor_key(&by.actor), person_key(&by.person), now)?;
        let unapproved = u64::try_from(unapproved).unwrap_or_default();
        let of = |limit: u32, left: u64| Limit {
            limit: limit.into(),
            left,
        };
        let limits = Limits {
            minute: of(self.config.rate_limit_per_minute, minute),
            day: of(self.config.daily_limit, day),
            approval_above: of(above, u64::from(above).saturating_sub(unapproved)),
        };
        Ok(HttpAnswer::ok(&Me { caller, limits }))
    }
}

/// When the calls of one actor or person began, the oldest first.
#[derive(Debug, Default)]
struct Usage {
    minute: VecDeque<i64>,
    day: VecDeque<i64>,
}

/// A limit that is reached, and in how many seconds it lets the next call through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) retry_after: u32,
    pub(super) daily: bool,
}

impl Usage {
    /// Counts a call that began at `at`; test calls count for the minute only.
    fn count(&mut self, at: i64, test: bool) {
        self.minute.push_back(at);
        if !test {
            self.day.push_back(at);
        }
    }

    /// Whether another call may begin at `now`.
    fn check(&mut self, now: i64, test: bool, config: &LedgerConfig) -> Result<(), Reached> {
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

    /// What is left of the minute and of the day, and in how many seconds there is more.
    fn left(&mut self, now: i64, config: &LedgerConfig) -> [(u64, u32); 2] {
        self.forget(now);
        let left = |window: &VecDeque<i64>, limit: u32, length: i64| {
            let ends = window.front().map_or(length, |oldest| oldest + length - now);
            (
                u64::from(limit).saturating_sub(window.len() as u64),
                seconds(ends),
            )
        };
        [
            left(&self.minute, config.rate_limit_per_minute, MINUTE_MS),
            left(&self.day, config.daily_limit, DAY_MS),
        ]
    }

    /// Puts the oldest first.
    fn sort(&mut self) {
        for window in [&mut self.minute, &mut self.day] {
            window.make_contiguous().sort_unstable();
        }
    }

    fn is_empty(&self) -> bool {
        self.minute.is_empty() && self.day.is_empty()
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
    fn the_longer_wait_decides_and_says_which_limit_it_is() {
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
    fn the_headers_say_what_is_left_and_until_when() {
        let mut usages = Usages::default();
        usages.count("key:a", "ann", NOW - MINUTE_MS, false);
        usages.count("key:a", "ann", NOW - 1_000, false);
        let [policy, limit] = usages.headers("key:a", "ann", NOW, &config(3, 5));
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
        let [_, fresh] = usages.headers("key:b", "ben", NOW, &config(3, 5));
        assert_eq!(fresh.1, "\"minute\";r=3;t=60, \"day\";r=5;t=86400");
    }

    #[test]
    fn the_larger_count_decides_the_actors_or_the_persons() {
        let mut usages = Usages::default();
        usages.count("key:a", "ann", NOW, false);
        usages.count("key:a", "key:a", NOW, false);
        usages.count("key:b", "ANN", NOW, true);
        let used = |usages: &mut Usages, actor: &str, person: &str| {
            let [(minute, _), (day, _)] = usages.left(actor, person, NOW, &config(10, 10));
            (10 - minute, 10 - day)
        };
        assert_eq!(used(&mut usages, "key:a", "someone else"), (2, 2), "by actor");
        assert_eq!(used(&mut usages, "key:c", "Ann"), (2, 1), "by person");
        assert_eq!(used(&mut usages, "key:a", "ann"), (2, 2), "whichever is more");
        assert_eq!(used(&mut usages, "key:c", "cid"), (0, 0));
        assert_eq!(
            usages.check("key:a", "new", NOW, false, &config(2, 10)),
            reached(60, false)
        );
        assert_eq!(usages.check("key:c", "new", NOW, false, &config(2, 10)), Ok(()));
    }

    #[test]
    fn who_asked_for_nothing_lately_is_forgotten() {
        let mut usages = Usages::default();
        for number in 0..2_000 {
            usages.count(&format!("key:{number}"), &format!("p{number}"), NOW, false);
        }
        assert_eq!(usages.0.len(), 4_000);
        usages.count("key:last", "last", NOW + DAY_MS, false);
        assert_eq!(usages.0.len(), 2);
    }
}
