//! Backoff of batch calls (jobs, probes, re-sends) while the CA is busy or does not answer. Interactive calls are not held up
//! by it.

/// The first pause, in milliseconds. Each further one is twice as long.
const FIRST_PAUSE_MS: i64 = 1_000;
/// The longest one.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// What jobs may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    /// Send.
    Send,
    /// Send one test call first, which shows whether the CA answers: an outage must not make a job's rows unknown.
    Check,
    /// Nothing before this time (milliseconds since 1970).
    Wait(i64),
}

/// A pause that grows once for all calls that were in flight together.
#[derive(Debug, Clone, Copy, Default)]
struct Growing {
    until: i64,
    pause: i64,
    /// When it grew last. Calls that began earlier say nothing new.
    grown_at: i64,
}

impl Growing {
    fn grow(&mut self, begun: i64, now: i64) {
        if begun >= self.grown_at {
            self.pause = (self.pause * 2).clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
            self.grown_at = now;
        }
        self.until = now + self.pause;
    }
}

/// What the last answers say about the CA.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    busy: Growing,
    lost: Growing,
    /// How many calls in a row were lost.
    lost_in_a_row: u32,
    /// How many make an outage.
    outage: u32,
}

impl Pace {
    /// The state of a new process: one lost call is an outage, since the last process may have ended in one.
    pub(super) fn begun(max_connections: u32) -> Pace {
        let outage = max_connections.max(2);
        Pace {
            outage,
            lost_in_a_row: outage - 1,
            ..Pace::default()
        }
    }

    /// The CA answered that it is busy.
    pub(super) fn busy(&mut self, begun: i64, now: i64) {
        self.lost_in_a_row = 0;
        self.lost = Growing::default();
        self.busy.grow(begun, now);
    }

    /// A call was lost.
    pub(super) fn lost(&mut self, begun: i64, now: i64) {
        self.lost_in_a_row = self.lost_in_a_row.saturating_add(1);
        if self.lost_in_a_row >= self.outage {
            self.lost.grow(begun, now);
        }
    }

    /// A check was answered in a way that shows only that the CA is there. One row is tried next; if it is lost, the pauses go
    /// on growing.
    pub(super) fn is_there(&mut self, now: i64) {
        self.lost_in_a_row = self.outage.saturating_sub(1);
        self.lost.until = now;
    }

    /// The CA answered a call. It counts against busy answers only if it began after the last of them.
    pub(super) fn answered(&mut self, begun: i64) {
        let busy = Some(self.busy).filter(|busy| begun < busy.grown_at);
        *self = Pace {
            outage: self.outage,
            busy: busy.unwrap_or_default(),
            ..Pace::default()
        };
    }

    /// A check is in flight, and has ended by then.
    pub(super) fn checking(&mut self, until: i64) {
        self.lost.until = until;
    }

    /// Until when batch calls wait because the CA is busy.
    pub(super) fn busy_until(&self) -> i64 {
        self.busy.until
    }

    /// What jobs may do at `now`.
    pub(super) fn jobs(&self, now: i64) -> Go {
        if now < self.busy.until {
            return Go::Wait(self.busy.until);
        }
        if self.lost_in_a_row < self.outage {
            return Go::Send;
        }
        if now < self.lost.until {
            Go::Wait(self.lost.until)
        } else {
            Go::Check
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Go, Pace};

    #[test]
    fn calls_that_were_lost_together_count_as_one_outage() {
        let mut pace = Pace::begun(4);
        pace.answered(0);
        for _ in 0..3 {
            pace.lost(10, 20);
        }
        assert_eq!(pace.jobs(20), Go::Send);
        pace.lost(10, 20);
        pace.lost(10, 21);
        assert_eq!(pace.jobs(21), Go::Wait(1_021));
        assert_eq!(pace.jobs(1_021), Go::Check);
        pace.lost(1_021, 1_030);
        assert_eq!(pace.jobs(1_031), Go::Wait(3_030));
        pace.answered(1_021);
        assert_eq!(pace.jobs(1_032), Go::Send);
    }

    #[test]
    fn a_ca_that_answers_nothing_clear_is_tried_with_growing_pauses() {
        let mut pace = Pace::begun(2);
        let mut now = 0;
        for wanted in [1_000, 2_000, 4_000] {
            pace.lost(now, now);
            assert_eq!(pace.jobs(now), Go::Wait(now + wanted));
            now += wanted;
            assert_eq!(pace.jobs(now), Go::Check);
            pace.is_there(now);
            assert_eq!(pace.jobs(now), Go::Send);
        }
    }

    #[test]
    fn the_pauses_grow_to_a_minute() {
        let mut pace = Pace::begun(1);
        let mut now = 0;
        for _ in 0..20 {
            pace.busy(now, now);
            now = pace.busy_until();
        }
        assert_eq!(pace.jobs(now - 1), Go::Wait(now));
        pace.busy(now, now);
        assert_eq!(pace.busy_until(), now + 60_000);
        pace.answered(now - 1);
        assert_eq!(pace.busy_until(), now + 60_000);
        pace.answered(now);
        pace.busy(now, now);
        assert_eq!(pace.busy_until(), now + 1_000);
    }

    #[test]
    fn a_new_process_does_not_begin_an_outage_anew() {
        let mut pace = Pace::begun(4);
        assert_eq!(pace.jobs(0), Go::Send);
        pace.lost(0, 5);
        assert_eq!(pace.jobs(5), Go::Wait(1_005));
    }
}
