//! The deadline clock: how fast a job goes, how fast it has to, and whether it will be late.

/// The length of the windows in which finished rows are counted, in milliseconds.
pub(super) const WINDOW_MS: i64 = 30_000;
/// After its start a job's rate is not known for this long, in milliseconds, unless there is one already.
const WARM_UP_MS: i64 = 3_000;

/// How many rows were finished lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Window {
    /// When the present window began.
    pub(super) at: i64,
    /// Rows finished in it.
    pub(super) count: i64,
    /// Rows finished in the one before.
    pub(super) before: i64,
}

impl Window {
    /// The same at `now`: windows that have passed are left behind.
    pub(super) fn moved(self, now: i64) -> Window {
        match now - self.at {
            since if since < WINDOW_MS => self,
            since if since < 2 * WINDOW_MS => Window {
                at: self.at + WINDOW_MS,
                count: 0,
                before: self.count,
            },
            _ => Window {
                at: now,
                count: 0,
                before: 0,
            },
        }
    }

    /// The same with `rows` more finished at `now`.
    pub(super) fn with(self, rows: i64, now: i64) -> Window {
        let moved = self.moved(now);
        Window {
            count: moved.count + rows,
            ..moved
        }
    }

    /// Rows a second at `now`, of a job that has been running since `since`.
    fn rate(self, since: i64, now: i64) -> f64 {
        let moved = self.moved(now);
        let into = (now - moved.at).max(0);
        // The window before counts as far as it lies in the last WINDOW_MS.
        let rest = 1.0 - into as f64 / WINDOW_MS as f64;
        let rows = moved.count as f64 + moved.before as f64 * rest;
        let length = (now - since).clamp(1, WINDOW_MS);
        rows * 1000.0 / length as f64
    }
}

/// What is known of a job's pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    /// Rows a second; of a running job only.
    pub(super) rate: Option<f64>,
    /// Rows a second that the deadline takes.
    pub(super) needed: Option<f64>,
    /// When the last row will be finished at this rate, in milliseconds since 1970.
    pub(super) eta: Option<i64>,
    /// Whether the deadline will be missed at this rate.
    pub(super) at_risk: bool,
}

/// What a job's pace depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Rows that are pending or in flight.
    pub(super) remaining: i64,
    pub(super) deadline: Option<i64>,
    /// Since when it is running; nothing when it is not.
    pub(super) running_since: Option<i64>,
    /// Whether it was started, and stands still.
    pub(super) stands_still: bool,
    pub(super) window: Window,
}

impl Reading {
    pub(super) fn pace(&self, now: i64) -> Pace {
        let rate = self.running_since.and_then(|since| {
            let rate = self.window.rate(since, now);
            (rate > 0.0 || now - since >= WARM_UP_MS).then_some(rate)
        });
        let open = self.remaining > 0;
        let left = self.deadline.map(|deadline| deadline - now);
        let needed = left
            .filter(|left| open && *left > 0)
            .map(|left| self.remaining as f64 * 1000.0 / left as f64);
        let eta = rate
            .filter(|rate| open && *rate > 0.0)
            .map(|rate| now.saturating_add((self.remaining as f64 * 1000.0 / rate) as i64));
        let too_slow = match (rate, eta, self.deadline) {
            (_, Some(eta), Some(deadline)) => eta > deadline,
            // It has run for a while, and nothing came of it.
            (Some(_), None, Some(_)) => true,
            _ => self.stands_still,
        };
        Pace {
            rate,
            needed,
            eta,
            at_risk: open && left.is_some_and(|left| left <= 0 || too_slow),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Reading, WINDOW_MS, Window};

    const START: i64 = 1_790_000_000_000;

    /// A job of 1,000 rows that runs at `per_second` for `seconds`.
    fn after(per_second: i64, seconds: i64, deadline: i64) -> (Reading, i64) {
        let mut window = Window {
            at: START,
            ..Window::default()
        };
        for second in 1..=seconds {
            window = window.with(per_second, START + second * 1000);
        }
        let reading = Reading {
            remaining: 1000 - per_second * seconds,
            deadline: Some(deadline),
            running_since: Some(START),
            stands_still: false,
            window,
        };
        (reading, START + seconds * 1000)
    }

    #[test]
    fn a_steady_rate_is_found_from_the_first_seconds_on() {
        for seconds in [1, 5, 29, 30, 31, 45, 60, 61, 90] {
            let (reading, now) = after(4, seconds, START + 3_600_000);
            let rate = reading.pace(now).rate.unwrap();
            assert!((3.5..=4.5).contains(&rate), "{rate} after {seconds} s");
        }
    }

    #[test]
    fn it_is_at_risk_as_soon_as_the_rate_will_miss_the_deadline() {
        // 4 a second need 250 s.
        let (reading, now) = after(4, 20, START + 240_000);
        let pace = reading.pace(now);
        assert!(pace.at_risk && pace.eta.unwrap() > START + 240_000 && pace.needed.unwrap() > 4.0);
        let (reading, now) = after(4, 20, START + 260_000);
        assert!(!reading.pace(now).at_risk);
    }

    #[test]
    fn a_rate_falls_when_nothing_is_finished_any_more() {
        let (reading, now) = after(4, 60, START + 3_600_000);
        let slower = reading.pace(now + WINDOW_MS / 2).rate.unwrap();
        assert!((1.5..=2.5).contains(&slower), "{slower}");
        let stuck = reading.pace(now + 3 * WINDOW_MS);
        assert_eq!((stuck.rate, stuck.eta, stuck.at_risk), (Some(0.0), None, true));
    }

    #[test]
    fn nothing_is_said_before_anything_is_known() {
        let (reading, now) = after(0, 1, START + 10_000);
        let pace = reading.pace(now);
        assert_eq!((pace.rate, pace.eta, pace.at_risk), (None, None, false));
        let (reading, now) = after(0, 4, START + 10_000);
        assert!(reading.pace(now).at_risk);
        let late = Reading {
            running_since: None,
            ..reading
        };
        assert!(late.pace(START + 10_000).at_risk);
        let finished = Reading { remaining: 0, ..late };
        assert!(!finished.pace(START + 10_000).at_risk);
    }
}
