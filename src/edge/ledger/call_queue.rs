//! Which call goes to the CA next: at most so many at once and so many a second, interactive calls before batch calls.
//!
//! A state machine without clock or I/O: every step takes the time, in milliseconds since 1970. The host keeps a promise for
//! each ticket, asks [`CallQueue::admit`] after every step, and again when that says so.

use std::collections::BTreeMap;

use serde::Serialize;

use super::MAX_WAIT_MS;

/// After so long a batch call counts as interactive, in milliseconds, so that it is admitted at last.
const BATCH_PATIENCE_MS: i64 = 5_000;

/// A place in the queue. Later ones have higher numbers.
pub type Ticket = u32;

/// Which calls are preferred, and how long one waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A caller waits for its answer, and gets one after [`MAX_WAIT_MS`] at the latest.
    Interactive,
    /// Nobody waits for it: it takes a connection that no interactive call needs, however long that takes.
    Batch,
}

/// What has become of calls that were waiting, and when to ask again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Admissions {
    /// A connection is free for these now, in this order.
    pub admitted: Vec<Ticket>,
    /// These have waited for too long.
    pub expired: Vec<Ticket>,
    /// When to ask again, unless something happens before; nothing when only that can change anything.
    pub next_at: Option<i64>,
}

/// A call, from the moment at which it joined.
#[derive(Debug, Clone, Copy)]
struct Call {
    class: Class,
    joined_at: i64,
}

impl Call {
    fn expires_at(self) -> Option<i64> {
        (self.class == Class::Interactive).then(|| self.joined_at + i64::from(MAX_WAIT_MS))
    }
}

/// The calls that wait for a connection to the CA, and those that have one.
#[derive(Debug)]
pub struct CallQueue {
    max_connections: usize,
    /// Between one call and the next.
    pause_ms: i64,
    /// No call is admitted before this.
    not_before: i64,
    next_ticket: Ticket,
    /// By class, in the order in which they joined.
    interactive: BTreeMap<Ticket, Call>,
    batch: BTreeMap<Ticket, Call>,
    /// Interactive calls that wait for a call on trial to end.
    set_aside: BTreeMap<Ticket, Call>,
    admitted: BTreeMap<Ticket, Call>,
    /// Connections of calls that an earlier instance has left in flight.
    left_over: usize,
}

impl CallQueue {
    /// An empty queue: all connections are free.
    pub fn new(max_connections: u32, max_per_second: Option<u32>) -> CallQueue {
        CallQueue {
            max_connections: max_connections as usize,
            pause_ms: max_per_second.map_or(0, |most| i64::from(1_000_u32.div_ceil(most.max(1)))),
            not_before: 0,
            next_ticket: 0,
            interactive: BTreeMap::new(),
            batch: BTreeMap::new(),
            set_aside: BTreeMap::new(),
            admitted: BTreeMap::new(),
            left_over: 0,
        }
    }

    /// Counts calls that an earlier instance has left in flight. Each of them ends with [`CallQueue::left_over_ended`].
    pub fn take_over(&mut self, in_flight: usize, now: i64) {
        self.left_over = in_flight;
        self.not_before = now + self.pause_ms;
    }

    /// A call that an earlier instance had left in flight is at its end.
    pub fn left_over_ended(&mut self) {
        self.left_over = self.left_over.saturating_sub(1);
    }

    /// A call waits from now on, until [`CallQueue::admit`] names its ticket.
    pub fn join(&mut self, class: Class, now: i64) -> Ticket {
        let ticket = self.next_ticket;
        self.next_ticket = ticket.wrapping_add(1);
        let call = Call {
            class,
            joined_at: now,
        };
        self.waiting(class).insert(ticket, call);
        ticket
    }

    /// Who is admitted, and who has waited for too long. Each ticket is named once, unless its call is set aside.
    pub fn admit(&mut self, now: i64) -> Admissions {
        let mut admissions = Admissions::default();
        for waiting in [&mut self.interactive, &mut self.set_aside] {
            // They joined one after the other.
            while let Some(first) = waiting.first_entry()
                && first.get().expires_at().is_some_and(|at| at <= now)
            {
                admissions.expired.push(first.remove_entry().0);
            }
        }
        while self.has_connection()
            && now >= self.not_before
            && let Some((ticket, call)) = self.pop_next(now)
        {
            self.not_before = now + self.pause_ms;
            self.admitted.insert(ticket, call);
            admissions.admitted.push(ticket);
        }
        let is_paced = self.has_connection() && !(self.interactive.is_empty() && self.batch.is_empty());
        let expiries = [&self.interactive, &self.set_aside].map(|waiting| waiting.values().next().copied());
        admissions.next_at = expiries
            .into_iter()
            .flatten()
            .filter_map(Call::expires_at)
            .chain(is_paced.then_some(self.not_before))
            .min();
        admissions
    }

    /// Takes the connection from an interactive call, which has to wait for the call on trial; it keeps its place and its time.
    pub fn set_aside(&mut self, ticket: Ticket) {
        if let Some(call) = self.admitted.remove(&ticket) {
            self.set_aside.insert(ticket, call);
        }
    }

    /// The call on trial is at its end: what was set aside waits for a connection again.
    pub fn resume(&mut self) {
        self.interactive.append(&mut self.set_aside);
    }

    /// A call is at its end, or waits no longer: its connection is free.
    pub fn leave(&mut self, ticket: Ticket) {
        for calls in [
            &mut self.admitted,
            &mut self.interactive,
            &mut self.batch,
            &mut self.set_aside,
        ] {
            calls.remove(&ticket);
        }
    }

    fn waiting(&mut self, class: Class) -> &mut BTreeMap<Ticket, Call> {
        match class {
            Class::Interactive => &mut self.interactive,
            Class::Batch => &mut self.batch,
        }
    }

    fn has_connection(&self) -> bool {
        self.admitted.len() + self.left_over < self.max_connections
    }

    fn pop_next(&mut self, now: i64) -> Option<(Ticket, Call)> {
        let interactive = self.interactive.first_key_value().map(|(ticket, _)| *ticket);
        let patient = self.batch.first_key_value().is_none_or(|(ticket, call)| {
            let has_waited = call.joined_at + BATCH_PATIENCE_MS <= now;
            !has_waited || interactive.is_some_and(|interactive| interactive < *ticket)
        });
        let class = match interactive {
            Some(_) if patient => Class::Interactive,
            _ => Class::Batch,
        };
        self.waiting(class).pop_first()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, clippy::indexing_slicing)]

    use std::collections::{BTreeMap, BTreeSet, VecDeque};

    use proptest::prelude::*;

    use super::{Admissions, BATCH_PATIENCE_MS, CallQueue, Class, MAX_WAIT_MS, Ticket};

    const NOW: i64 = 1_800_000_000_000;
    const WAIT_MS: i64 = MAX_WAIT_MS as i64;

    fn admissions(admitted: &[Ticket], expired: &[Ticket], next_at: Option<i64>) -> Admissions {
        Admissions {
            admitted: admitted.to_vec(),
            expired: expired.to_vec(),
            next_at,
        }
    }

    #[test]
    fn a_call_goes_at_once_while_a_connection_is_free_and_otherwise_when_one_is() {
        let mut queue = CallQueue::new(2, None);
        let calls = [0; 4].map(|_| queue.join(Class::Interactive, NOW));
        assert_eq!(
            queue.admit(NOW),
            admissions(&calls[..2], &[], Some(NOW + WAIT_MS))
        );
        assert_eq!(queue.admit(NOW + 1), admissions(&[], &[], Some(NOW + WAIT_MS)));
        queue.leave(calls[1]);
        assert_eq!(
            queue.admit(NOW + 2),
            admissions(&[calls[2]], &[], Some(NOW + WAIT_MS))
        );
        // One that gives up before it is admitted.
        queue.leave(calls[3]);
        queue.leave(calls[0]);
        assert_eq!(queue.admit(NOW + 3), admissions(&[], &[], None));
    }

    #[test]
    fn interactive_calls_go_before_batch_calls_until_those_have_waited_for_long() {
        let mut queue = CallQueue::new(1, None);
        let first = queue.join(Class::Interactive, NOW);
        assert_eq!(queue.admit(NOW).admitted, [first]);
        let batch = queue.join(Class::Batch, NOW);
        let second = queue.join(Class::Interactive, NOW + 1);
        let third = queue.join(Class::Interactive, NOW + 2);
        queue.leave(first);
        assert_eq!(queue.admit(NOW + BATCH_PATIENCE_MS - 1).admitted, [second]);
        queue.leave(second);
        assert_eq!(queue.admit(NOW + BATCH_PATIENCE_MS).admitted, [batch]);
        queue.leave(batch);
        let last = queue.join(Class::Batch, NOW);
        queue.leave(third);
        // An interactive call that was there before a patient batch call still goes first.
        let early = queue.join(Class::Interactive, NOW);
        let late = queue.join(Class::Batch, NOW);
        assert_eq!(queue.admit(NOW + BATCH_PATIENCE_MS).admitted, [last]);
        queue.leave(last);
        assert_eq!(queue.admit(NOW + BATCH_PATIENCE_MS).admitted, [early]);
        queue.leave(early);
        assert_eq!(queue.admit(NOW + BATCH_PATIENCE_MS).admitted, [late]);
    }

    #[test]
    fn an_interactive_call_expires_and_a_batch_call_does_not() {
        let mut queue = CallQueue::new(1, None);
        let holder = queue.join(Class::Batch, NOW);
        assert_eq!(queue.admit(NOW), admissions(&[holder], &[], None));
        let interactive = queue.join(Class::Interactive, NOW + 5);
        let batch = queue.join(Class::Batch, NOW + 5);
        let at = NOW + 5 + WAIT_MS;
        assert_eq!(queue.admit(at - 1), admissions(&[], &[], Some(at)));
        assert_eq!(queue.admit(at), admissions(&[], &[interactive], None));
        queue.leave(interactive);
        queue.leave(holder);
        assert_eq!(queue.admit(at + WAIT_MS).admitted, [batch]);
    }

    #[test]
    fn calls_are_paced() {
        let mut queue = CallQueue::new(6, Some(4));
        let calls = [0; 3].map(|_| queue.join(Class::Batch, NOW));
        assert_eq!(queue.admit(NOW), admissions(&[calls[0]], &[], Some(NOW + 250)));
        assert_eq!(queue.admit(NOW + 249), admissions(&[], &[], Some(NOW + 250)));
        // A host that comes late gets no two at once.
        assert_eq!(
            queue.admit(NOW + 900),
            admissions(&[calls[1]], &[], Some(NOW + 1_150))
        );
        assert_eq!(queue.admit(NOW + 1_150), admissions(&[calls[2]], &[], None));
    }

    #[test]
    fn what_waits_for_a_trial_keeps_its_place_and_its_time() {
        let mut queue = CallQueue::new(2, None);
        let [trial, first, second] = [0; 3].map(|_| queue.join(Class::Interactive, NOW));
        assert_eq!(queue.admit(NOW).admitted, [trial, first]);
        queue.set_aside(first);
        assert_eq!(queue.admit(NOW + 1).admitted, [second]);
        queue.set_aside(second);
        let late = queue.join(Class::Interactive, NOW + 2);
        assert_eq!(queue.admit(NOW + 2).admitted, [late]);
        queue.leave(late);
        queue.leave(trial);
        queue.resume();
        assert_eq!(queue.admit(NOW + 3).admitted, [first, second]);
        queue.set_aside(second);
        assert_eq!(queue.admit(NOW + WAIT_MS), admissions(&[], &[second], None));
    }

    #[test]
    fn calls_that_an_earlier_instance_left_in_flight_take_their_connections() {
        let mut queue = CallQueue::new(2, Some(10));
        queue.take_over(2, NOW);
        let call = queue.join(Class::Interactive, NOW);
        assert_eq!(queue.admit(NOW + 100), admissions(&[], &[], Some(NOW + WAIT_MS)));
        queue.left_over_ended();
        assert_eq!(queue.admit(NOW + 99), admissions(&[], &[], Some(NOW + 100)));
        assert_eq!(queue.admit(NOW + 100).admitted, [call]);
        queue.left_over_ended();
        queue.left_over_ended();
        let next = queue.join(Class::Interactive, NOW + 200);
        assert_eq!(queue.admit(NOW + 200).admitted, [next]);
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Join(Class),
        /// One of the admitted calls ends.
        End(usize),
        /// One of the admitted interactive calls has to wait for the trial.
        SetAside(usize),
        Resume,
        LeftOverEnds,
        Wait(i64),
        /// As long as the queue says.
        Sleep,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => Just(Step::Join(Class::Interactive)),
            2 => Just(Step::Join(Class::Batch)),
            3 => any::<usize>().prop_map(Step::End),
            1 => any::<usize>().prop_map(Step::SetAside),
            1 => Just(Step::Resume),
            1 => Just(Step::LeftOverEnds),
            2 => (0_i64..3_000).prop_map(Step::Wait),
            3 => Just(Step::Sleep),
        ]
    }

    /// The queue as its host sees it, and what must hold.
    struct World {
        queue: CallQueue,
        now: i64,
        connections: usize,
        per_second: Option<u32>,
        left_over: usize,
        waiting: BTreeMap<Ticket, (Class, i64)>,
        aside: BTreeSet<Ticket>,
        admitted: Vec<Ticket>,
        lately: VecDeque<i64>,
        next_at: Option<i64>,
    }

    impl World {
        fn take(&mut self, step: Step) {
            match step {
                Step::Join(class) => {
                    let ticket = self.queue.join(class, self.now);
                    assert!(self.waiting.insert(ticket, (class, self.now)).is_none());
                }
                Step::End(which) if !self.admitted.is_empty() => {
                    let ticket = self.admitted.remove(which % self.admitted.len());
                    self.waiting.remove(&ticket);
                    self.queue.leave(ticket);
                }
                Step::SetAside(which) if !self.admitted.is_empty() => {
                    let at = which % self.admitted.len();
                    if self.waiting[&self.admitted[at]].0 == Class::Interactive {
                        let ticket = self.admitted.remove(at);
                        self.aside.insert(ticket);
                        self.queue.set_aside(ticket);
                    }
                }
                Step::Resume => {
                    self.aside.clear();
                    self.queue.resume();
                }
                Step::LeftOverEnds => {
                    self.left_over = self.left_over.saturating_sub(1);
                    self.queue.left_over_ended();
                }
                Step::Wait(ms) => self.now += ms,
                Step::Sleep => self.now = self.now.max(self.next_at.unwrap_or_default()),
                Step::End(_) | Step::SetAside(_) => {}
            }
            self.admit();
        }

        fn admit(&mut self) {
            let Admissions {
                admitted,
                expired,
                next_at,
            } = self.queue.admit(self.now);
            for ticket in expired {
                let (class, since) = self.waiting.remove(&ticket).expect("it waits");
                assert!(class == Class::Interactive && self.now >= since + WAIT_MS);
                assert!(!self.admitted.contains(&ticket));
                self.aside.remove(&ticket);
            }
            for ticket in admitted {
                let (class, since) = self.waiting[&ticket];
                assert!(!self.aside.contains(&ticket) && !self.admitted.contains(&ticket));
                let preferred = |(other, (other_class, _)): (&Ticket, &(Class, i64))| {
                    let is_waiting = !self.aside.contains(other) && !self.admitted.contains(other);
                    is_waiting
                        && *other < ticket
                        && (*other_class == class || *other_class == Class::Interactive)
                };
                assert!(!self.waiting.iter().any(preferred), "an earlier one waits");
                let is_overtaken = |(other, (other_class, _)): (&Ticket, &(Class, i64))| {
                    let is_waiting = !self.aside.contains(other) && !self.admitted.contains(other);
                    is_waiting && *other_class == Class::Interactive
                };
                if class == Class::Batch && self.waiting.iter().any(is_overtaken) {
                    assert!(self.now >= since + BATCH_PATIENCE_MS, "an interactive call waits");
                }
                self.admitted.push(ticket);
                self.lately.push_back(self.now);
            }
            let in_use = self.admitted.len() + self.left_over;
            assert!(self.admitted.is_empty() || in_use <= self.connections);
            self.lately.retain(|at| *at > self.now - 1_000);
            if let Some(most) = self.per_second {
                assert!(
                    self.lately.len() <= most as usize,
                    "{} in a second",
                    self.lately.len()
                );
            }
            self.next_at = next_at;
            let idle = self
                .waiting
                .keys()
                .filter(|ticket| !self.aside.contains(*ticket) && !self.admitted.contains(*ticket));
            if in_use < self.connections && idle.count() > 0 {
                assert!(next_at.is_some(), "a free connection is forgotten");
            }
            assert!(next_at.is_none_or(|at| at > self.now));
        }
    }

    proptest! {
        #[test]
        fn nobody_is_forgotten_or_served_twice_and_the_limits_hold(
            steps in proptest::collection::vec(step(), 1..200),
            connections in 1_u32..=6,
            per_second in proptest::option::of(1_u32..=20),
            left_over in 0_usize..3,
        ) {
            let mut world = World {
                queue: CallQueue::new(connections, per_second),
                now: NOW,
                connections: connections as usize,
                per_second,
                left_over,
                waiting: BTreeMap::new(),
                aside: BTreeSet::new(),
                admitted: Vec::new(),
                lately: VecDeque::new(),
                next_at: None,
            };
            world.queue.take_over(left_over, NOW);
            for step in steps {
                world.take(step);
            }
            // However it went: when nothing more comes in, all are admitted.
            while !world.waiting.is_empty() {
                let step = match (world.admitted.is_empty(), world.left_over) {
                    (false, _) => Step::End(0),
                    (true, 1..) => Step::LeftOverEnds,
                    (true, 0) if !world.aside.is_empty() => Step::Resume,
                    _ => Step::Sleep,
                };
                let before = (world.waiting.len(), world.now, world.left_over, world.aside.len());
                world.take(step);
                let after = (world.waiting.len(), world.now, world.left_over, world.aside.len());
                prop_assert_ne!(before, after, "stuck at {:?}", step);
            }
        }
    }
}
