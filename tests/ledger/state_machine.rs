//! Random histories against a simple reference: the ledger never says more than what is known, never sends again what
//! it may not, and forgets nothing.

use autorevoke::edge::ledger::{Attempt, Begun, Purpose};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::audit_chain::assert_whole;
use crate::sqlite_host::{Bench, real, test};

const ORDERS: [&str; 2] = ["7", "77"];
const TIMEOUT_MS: i64 = 3_000;
const WINDOW_MS: i64 = 12_000;

/// How many histories `npm test` tries; `AUTOREVOKE_HISTORIES` says otherwise.
const HISTORIES: u32 = 1_500;

#[derive(Debug, Clone, Copy)]
enum Event {
    /// Somebody asks for a call.
    Begin { order: usize, test: bool },
    /// The edge does by itself what is due.
    Due,
    /// Time passes, in milliseconds.
    Pass { millis: i64 },
    /// One of the calls under way is answered.
    End { which: usize, body: &'static str },
    /// One of them could not be written, or was never heard of again.
    Lose { which: usize },
    /// The process goes down, and another one comes up.
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let bodies = prop_oneof![
        3 => Just("errorCode=0"),
        1 => Just("errorCode=-21&errorMessage=done"),
        1 => Just("errorCode=-20&errorMessage=done"),
        1 => Just("errorCode=-35&errorMessage=no"),
        1 => Just("errorCode=-42&errorMessage=busy"),
        1 => Just("errorCode=-14&errorMessage=unknown"),
        2 => Just("<html>"),
    ];
    let event = prop_oneof![
        6 => (0..ORDERS.len(), prop::bool::weighted(0.3)).prop_map(|(order, test)| Event::Begin { order, test }),
        6 => Just(Event::Due),
        5 => prop::sample::select(vec![500, 1_100, 3_500, 9_000, 400_000]).prop_map(|millis| Event::Pass { millis }),
        8 => (0..4_usize, bodies).prop_map(|(which, body)| Event::End { which, body }),
        1 => (0..4_usize).prop_map(|which| Event::Lose { which }),
        1 => Just(Event::Restart),
    ];
    prop::collection::vec(event, 1..40)
}

/// What is known of one order, from what its real attempts and probes have told, in that order.
fn reference(told: &[&str], under_way: bool) -> &'static str {
    if under_way {
        return "sending";
    }
    let is_done = |end: &&str| ["revoked", "already-revoked", "already-rejected"].contains(end);
    let since_done = told.iter().rposition(is_done).map_or(told, |at| &told[at..]);
    if since_done.contains(&"unknown") {
        return "unknown";
    }
    let runs: Vec<&&str> = told
        .iter()
        .rev()
        .take_while(|end| **end != "unknown")
        .filter(|end| is_done(end))
        .collect();
    match (runs.first(), told.is_empty()) {
        // The CA's "already" about what it had accepted from us, with nothing unknown in between.
        (Some(_), _) if runs.contains(&&"revoked") => "revoked",
        (Some(&&"already-revoked"), _) => "already-revoked",
        (Some(_), _) => "already-rejected",
        (None, false) => "refused",
        (None, true) => "pending",
    }
}

fn end_of(body: &str) -> &'static str {
    match body {
        "errorCode=0" => "revoked",
        "errorCode=-21&errorMessage=done" => "already-revoked",
        "errorCode=-20&errorMessage=done" => "already-rejected",
        "errorCode=-35&errorMessage=no" | "errorCode=-42&errorMessage=busy" => "refused",
        _ => "unknown",
    }
}

/// What a bystander has seen of one order.
#[derive(Default)]
struct Seen {
    ever: bool,
    /// What its real attempts and its probes have told.
    told: Vec<&'static str>,
    /// When the attempts began of which nothing is known; empty when all is known.
    lost: Vec<i64>,
    /// Whether the last probe after the last loss was answered 0.
    probe_accepted: bool,
}

impl Seen {
    fn tell(&mut self, end: &'static str, begun: i64) {
        self.told.push(end);
        match end {
            "unknown" => {
                self.lost.push(begun);
                self.probe_accepted = false;
            }
            // After an unknown attempt a refusal says nothing; but the order is not sent again because of an older probe.
            "refused" => self.probe_accepted = false,
            _ => self.lost.clear(),
        }
    }
}

struct Call {
    order: usize,
    test: bool,
    begun: i64,
    attempt: Box<Attempt>,
}

struct Play {
    bench: Bench,
    seen: [Seen; 2],
    under_way: Vec<Call>,
}

impl Play {
    fn new() -> Play {
        let (timeout, window) = (TIMEOUT_MS.to_string(), WINDOW_MS.to_string());
        let bench = Bench::with(&[("CA_TIMEOUT_MS", &timeout), ("RESEND_WINDOW_MS", &window)]);
        Play {
            bench,
            seen: Default::default(),
            under_way: Vec::new(),
        }
    }

    fn is_under_way(&self, order: usize) -> bool {
        self.under_way
            .iter()
            .any(|call| call.order == order && !call.test)
    }

    fn state(&self, order: usize) -> &'static str {
        reference(&self.seen[order].told, self.is_under_way(order))
    }

    fn play(&mut self, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::Begin { order, test: is_test } => self.begin(order, is_test)?,
            Event::Due => self.due()?,
            Event::Pass { millis } => self.bench.pass(millis),
            Event::End { which, body } if which < self.under_way.len() => {
                let call = self.under_way.remove(which);
                self.bench.finish(&call.attempt, body);
                self.end(&call, end_of(body));
            }
            Event::Lose { which } if which < self.under_way.len() => {
                let call = self.under_way.remove(which);
                self.bench.ledger.release(&call.attempt);
                self.end(&call, "unknown");
            }
            Event::Restart => {
                for call in std::mem::take(&mut self.under_way) {
                    self.end(&call, "unknown");
                }
                self.bench.restart();
            }
            Event::End { .. } | Event::Lose { .. } => {}
        }
        Ok(())
    }

    fn begin(&mut self, order: usize, is_test: bool) -> Result<(), TestCaseError> {
        let number = ORDERS[order];
        let revocation = if is_test { test(number) } else { real(number) };
        if !is_test && self.is_under_way(order) {
            prop_assert_eq!(self.bench.answered(&revocation).0, 409);
            return Ok(());
        }
        let begun = self.bench.now();
        let attempt = self.bench.sent(&revocation);
        self.under_way.push(Call {
            order,
            test: is_test,
            begun,
            attempt,
        });
        self.seen[order].ever = true;
        Ok(())
    }

    /// Whatever is due must be allowed, by the rules as a bystander reads them.
    fn due(&mut self) -> Result<(), TestCaseError> {
        let now = self.bench.now();
        for revocation in self.bench.due() {
            let order = ORDERS
                .iter()
                .position(|number| *number == revocation.order.order_number())
                .unwrap();
            prop_assert_eq!(self.state(order), "unknown");
            let seen = &self.seen[order];
            if revocation.purpose == Purpose::Resend {
                prop_assert!(
                    seen.probe_accepted,
                    "sent again without a probe that says that it can be"
                );
                let last = seen.lost.last().copied().unwrap_or(now);
                let first = seen.lost.first().copied().unwrap_or(now);
                prop_assert!(
                    now - last >= TIMEOUT_MS - SLACK_MS,
                    "sent again {} ms after the loss",
                    now - last
                );
                prop_assert!(
                    now - first <= WINDOW_MS + SLACK_MS,
                    "sent again {} ms after the first",
                    now - first
                );
                prop_assert!(!revocation.order.test());
            } else {
                prop_assert_eq!(revocation.purpose, Purpose::Probe);
                prop_assert!(revocation.order.test(), "a probe must change nothing");
            }
            let test = revocation.order.test();
            match self.bench.begin(&revocation) {
                Ok(Begun::Send(attempt)) => self.under_way.push(Call {
                    order,
                    test,
                    begun: now,
                    attempt,
                }),
                other => prop_assert!(false, "not begun: {:?}", other),
            }
        }
        Ok(())
    }

    fn end(&mut self, call: &Call, end: &'static str) {
        let unknown = self.state(call.order) == "unknown";
        let seen = &mut self.seen[call.order];
        match call.attempt.purpose() {
            Purpose::Probe => match end {
                "already-revoked" | "already-rejected" if unknown => seen.tell(end, call.begun),
                _ if unknown => seen.probe_accepted = end == "revoked",
                _ => {}
            },
            _ if call.test => {}
            _ => seen.tell(end, call.begun),
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        for (order, number) in ORDERS.iter().enumerate() {
            if self.seen[order].ever {
                prop_assert_eq!(self.bench.state(number), self.state(order), "order {}", number);
            } else {
                prop_assert_eq!(self.bench.order(number).0, 404);
            }
        }
        Ok(())
    }
}

/// The clock of the tests moves by a millisecond whenever it is read.
const SLACK_MS: i64 = 50;

fn check(history: &[Event]) -> Result<(), TestCaseError> {
    let mut play = Play::new();
    for event in history {
        play.play(*event)?;
        play.check()?;
    }
    assert_whole(&play.bench.audit());
    Ok(())
}

#[test]
fn random_histories_agree_with_the_reference() {
    let histories = std::env::var("AUTOREVOKE_HISTORIES")
        .ok()
        .and_then(|text| text.parse().ok());
    let config = Config {
        cases: histories.unwrap_or(HISTORIES),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng)
        .run(&events(), |history| check(&history))
        .unwrap();
}
