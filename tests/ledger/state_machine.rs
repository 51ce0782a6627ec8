//! Random histories against a simple reference: the ledger never says more than what is known, never sends again what
//! it may not, and forgets nothing.

use std::collections::HashMap;

use autorevoke::edge::ledger::{Attempt, Begun, HostError, Purpose, Revocation, Settlement};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::histories;
use crate::sqlite_host::{Bench, answer_of, read, revocation};

const ORDERS: [&str; 2] = ["7", "77"];
const CALLERS: [&str; 2] = ["key:a", "key:b"];
const KEYS: [&str; 2] = ["k", "kk"];
const TIMEOUT_MS: i64 = 3_000;
const WINDOW_MS: i64 = 12_000;

/// How many histories `npm test` tries.
const HISTORIES: u32 = 2_000;

#[derive(Debug, Clone, Copy)]
enum Event {
    /// Somebody asks for a call.
    Begin(Asked),
    /// A person has an order settled.
    Settle { order: usize, resend: bool },
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
    /// So many statements succeed yet, and what comes next fails unless it takes no more.
    Fail { healthy: u32 },
}

/// What a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    order: usize,
    test: bool,
    caller: usize,
    key: Option<usize>,
}

impl Asked {
    fn revocation(self) -> Revocation {
        let order = json!({ "codeReason": 1, "orderNumber": ORDERS[self.order], "test": self.test });
        revocation(CALLERS[self.caller], self.key.map(|key| KEYS[key]), order)
    }

    /// Keys are each caller's own.
    fn key(self) -> Option<(usize, usize)> {
        Some((self.caller, self.key?))
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let key = prop::option::weighted(0.4, 0..KEYS.len());
    (0..ORDERS.len(), prop::bool::weighted(0.3), 0..CALLERS.len(), key).prop_map(
        |(order, test, caller, key)| Asked {
            order,
            test,
            caller,
            key,
        },
    )
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
        6 => asked().prop_map(Event::Begin),
        1 => (0..ORDERS.len(), any::<bool>()).prop_map(|(order, resend)| Event::Settle { order, resend }),
        6 => Just(Event::Due),
        5 => prop::sample::select(vec![500, 1_100, 3_500, 9_000, 400_000]).prop_map(|millis| Event::Pass { millis }),
        8 => (0..4_usize, bodies).prop_map(|(which, body)| Event::End { which, body }),
        1 => (0..4_usize).prop_map(|which| Event::Lose { which }),
        1 => Just(Event::Restart),
        3 => (0..16_u32).prop_map(|healthy| Event::Fail { healthy }),
    ];
    prop::collection::vec(event, 1..40)
}

const DONE: [&str; 3] = ["revoked", "already-revoked", "already-rejected"];

/// What is known of one order, from what its real attempts and probes have told, in that order.
fn reference(told: &[&str], under_way: bool) -> &'static str {
    if under_way {
        return "sending";
    }
    let is_done = |end: &&str| DONE.contains(end);
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
    /// When the last probe was answered that counts.
    heard: i64,
    /// A loss that is not written yet: until it is, what an older probe brings is not taken up.
    unwritten: bool,
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
    /// Whether the order was unknown when it began.
    after_unknown: bool,
    /// What its caller asked for; nothing when it is to settle an order.
    asked: Option<Asked>,
    attempt: Box<Attempt>,
}

/// The last attempt under a key.
struct Kept {
    asked: Asked,
    end: &'static str,
    busy: bool,
    /// Whether the CA may have acted, although the caller was not told that it did.
    in_doubt: bool,
}

/// What a caller must be told: HTTP status, outcome or kind of problem, and whether the CA may have acted.
#[derive(Debug, PartialEq, Eq)]
struct Told(u16, String, bool);

impl Told {
    fn read((status, answer): &(u16, Value)) -> Told {
        let kind = answer["type"]
            .as_str()
            .map(|it| it.replace("urn:autorevoke:problem:", ""));
        let said = kind.or_else(|| answer["outcome"].as_str().map(str::to_owned));
        Told(
            *status,
            said.unwrap_or_default(),
            answer["mayHaveRevoked"] == true,
        )
    }

    /// By how a call ended; a refusal after an unknown attempt must not read like "not revoked".
    fn of(end: &'static str, test: bool, busy: bool, after_unknown: bool) -> Told {
        let (status, said) = match end {
            "revoked" if test => (200, "tested"),
            "revoked" | "already-revoked" | "already-rejected" => (200, end),
            "refused" if after_unknown && !test => (502, "unknown-outcome"),
            "refused" if busy => (503, "ca-busy"),
            "refused" => (422, "ca-refused"),
            _ => (502, "unknown-outcome"),
        };
        Told(status, said.to_owned(), status == 502 && !test)
    }
}

struct Play {
    bench: Bench,
    seen: [Seen; 2],
    under_way: Vec<Call>,
    /// By caller and key.
    kept: HashMap<(usize, usize), Kept>,
    failing: Option<u32>,
    /// Whether a transaction was rolled back, so that the next call finds what could not be written.
    rolled_back: bool,
}

impl Play {
    fn new(bench: Bench) -> Play {
        Play {
            bench,
            seen: Default::default(),
            under_way: Vec::new(),
            kept: HashMap::new(),
            failing: None,
            rolled_back: false,
        }
    }

    /// Does something, of which a statement may fail: then there is nothing of it.
    fn tried<T>(&mut self, work: impl FnOnce(&Bench) -> Result<T, HostError>) -> Option<T> {
        let done = self.bench.tried(self.failing.take(), work);
        self.rolled_back |= done.is_none();
        done
    }

    fn is_under_way(&self, order: usize) -> bool {
        self.under_way
            .iter()
            .any(|call| call.order == order && !call.test)
    }

    /// Whether the edge by itself is finding out about its last loss, by a call that may still be going on. The late answer to
    /// an older one says what is to be done all the same.
    fn is_probed(&self, order: usize) -> bool {
        let lost = self.seen[order].lost.last().copied().unwrap_or_default();
        self.under_way.iter().any(|call| {
            call.order == order
                && call.begun > lost.max(self.seen[order].heard)
                && self.bench.now() - call.begun < TIMEOUT_MS
                && call.attempt.purpose() == Purpose::Probe
                && call.attempt.revocation().is_automatic()
        })
    }

    fn state(&self, order: usize) -> &'static str {
        reference(&self.seen[order].told, self.is_under_way(order))
    }

    fn play(&mut self, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::Begin(asked) => self.begin(asked)?,
            Event::Settle { order, resend } => self.settle(order, resend)?,
            Event::Due => self.due()?,
            Event::Pass { millis } => self.bench.pass(millis),
            Event::End { which, body } if which < self.under_way.len() => {
                let call = self.under_way.remove(which);
                let answer = answer_of(body);
                let written =
                    self.tried(|bench| bench.transaction(|ledger| ledger.finish(&call.attempt, &answer)));
                self.bench.ledger.release(&call.attempt);
                let (end, busy) = match written {
                    Some(_) => (end_of(body), body.contains("-42")),
                    None => ("unknown", false),
                };
                self.seen[call.order].unwritten |= written.is_none() && !call.test;
                let told = written.unwrap_or_else(|| self.bench.ledger.not_written(&call.attempt));
                if call.asked.is_some() {
                    let wanted = Told::of(end, call.test, busy, call.after_unknown);
                    prop_assert_eq!(Told::read(&read(&told)), wanted);
                }
                self.end(&call, end, busy);
            }
            Event::Lose { which } if which < self.under_way.len() => {
                let call = self.under_way.remove(which);
                self.bench.ledger.release(&call.attempt);
                self.seen[call.order].unwritten |= !call.test;
                self.end(&call, "unknown", false);
            }
            Event::Restart => {
                for call in std::mem::take(&mut self.under_way) {
                    self.end(&call, "unknown", false);
                }
                self.bench.restart();
                self.all_written();
            }
            Event::Fail { healthy } => self.failing = Some(healthy),
            Event::End { .. } | Event::Lose { .. } => {}
        }
        Ok(())
    }

    fn begin(&mut self, asked: Asked) -> Result<(), TestCaseError> {
        let revocation = asked.revocation();
        let (told, after_unknown) = (self.told_at_once(asked), self.state(asked.order) == "unknown");
        let begun = self.bench.now();
        match (self.tried(|bench| bench.begin(&revocation)), told) {
            (None, _) => {}
            (Some(Begun::Answer(answer)), Some(told)) => prop_assert_eq!(Told::read(&read(&answer)), told),
            (Some(Begun::Send(attempt)), None) => {
                self.under_way.push(Call {
                    order: asked.order,
                    test: asked.test,
                    begun,
                    after_unknown,
                    asked: Some(asked),
                    attempt,
                });
                self.seen[asked.order].ever = true;
                self.seen[asked.order].unwritten &= asked.test;
                self.after_rollback();
            }
            other => prop_assert!(false, "{:?}", other),
        }
        Ok(())
    }

    /// A call has begun. If something was rolled back before, what could not be written is written now.
    fn after_rollback(&mut self) {
        if std::mem::take(&mut self.rolled_back) {
            self.all_written();
        }
    }

    /// What a caller is told without anything being sent, if that is so.
    fn told_at_once(&self, asked: Asked) -> Option<Told> {
        let refused =
            |status, kind: &str, may_have_revoked| Some(Told(status, kind.to_owned(), may_have_revoked));
        if let Some(key) = asked.key() {
            let mut live = self.under_way.iter().filter_map(|call| call.asked);
            if let Some(same) = live.find(|live| live.key() == Some(key)) {
                return if same == asked {
                    refused(409, "in-progress", !asked.test)
                } else {
                    refused(422, "idempotency-mismatch", false)
                };
            }
            if let Some(kept) = self.kept.get(&key) {
                let state = self.state(asked.order);
                if kept.asked != asked {
                    return refused(422, "idempotency-mismatch", false);
                }
                if kept.in_doubt && !asked.test && DONE.contains(&state) {
                    return Some(Told(200, state.to_owned(), false));
                }
                // What is not known, or was busy, is not frozen.
                if !kept.in_doubt && !kept.busy {
                    return Some(Told::of(kept.end, asked.test, false, false));
                }
            }
        }
        if !asked.test && self.is_under_way(asked.order) {
            // An earlier attempt of this very call may have acted.
            let in_doubt = asked.key().and_then(|key| self.kept.get(&key));
            return refused(409, "in-progress", in_doubt.is_some_and(|kept| kept.in_doubt));
        }
        None
    }

    /// A person asks: only what is unknown is called about, a real call only when they say so.
    fn settle(&mut self, order: usize, resend: bool) -> Result<(), TestCaseError> {
        let (state, now) = (self.state(order), self.bench.now());
        let Some(settlement) = self.tried(|bench| bench.try_settle(ORDERS[order], resend)) else {
            return Ok(());
        };
        match settlement {
            Settlement::Answer(answer) => {
                prop_assert_ne!(state, "unknown");
                let seen = &self.seen[order];
                let status = match state {
                    "sending" => 409,
                    _ if seen.ever => 200,
                    _ => 404,
                };
                prop_assert_eq!(answer.status, status);
            }
            Settlement::Calls(calls) => {
                prop_assert_eq!(state, "unknown");
                self.seen[order].unwritten = false;
                prop_assert_eq!(calls.len(), 1);
                let wanted = if resend { Purpose::Resend } else { Purpose::Probe };
                prop_assert_eq!(calls[0].purpose, wanted);
                prop_assert_eq!(calls[0].order.test(), !resend);
                let attempt = self.bench.sent(&calls[0]);
                self.called(order, now, attempt);
                self.after_rollback();
            }
        }
        Ok(())
    }

    /// A call that settles an order has begun.
    fn called(&mut self, order: usize, begun: i64, attempt: Box<Attempt>) {
        self.under_way.push(Call {
            order,
            test: attempt.purpose() == Purpose::Probe,
            begun,
            after_unknown: true,
            asked: None,
            attempt,
        });
    }

    /// Whatever is due must be allowed, by the rules as a bystander reads them.
    fn due(&mut self) -> Result<(), TestCaseError> {
        let now = self.bench.now();
        let Some(due) = self.tried(|bench| bench.transaction(|ledger| ledger.due())) else {
            return Ok(());
        };
        self.rolled_back = false;
        self.all_written();
        for revocation in due {
            let order = ORDERS
                .iter()
                .position(|number| *number == revocation.order.name().value())
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
            prop_assert!(!self.is_probed(order), "it is being probed");
            match self.bench.begin(&revocation) {
                Ok(Begun::Send(attempt)) => self.called(order, now, attempt),
                other => prop_assert!(false, "not begun: {:?}", other),
            }
        }
        Ok(())
    }

    fn all_written(&mut self) {
        for seen in &mut self.seen {
            seen.unwritten = false;
        }
    }

    fn end(&mut self, call: &Call, end: &'static str, busy: bool) {
        if let Some(asked) = call.asked
            && let Some(key) = asked.key()
        {
            let in_doubt = end == "unknown" || (end == "refused" && call.after_unknown && !call.test);
            self.kept.insert(
                key,
                Kept {
                    asked,
                    end,
                    busy,
                    in_doubt,
                },
            );
        }
        let unknown = self.state(call.order) == "unknown" && !self.seen[call.order].unwritten;
        let now = self.bench.now();
        let seen = &mut self.seen[call.order];
        match call.attempt.purpose() {
            Purpose::Probe => match end {
                "already-revoked" | "already-rejected" if unknown => seen.tell(end, call.begun),
                // One that began before the last loss tells nothing of it.
                _ if unknown && seen.lost.last().is_none_or(|lost| call.begun > *lost) => {
                    seen.probe_accepted = end == "revoked";
                    seen.heard = now;
                }
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

#[test]
fn random_histories_agree_with_the_reference() {
    let (timeout, window) = (TIMEOUT_MS.to_string(), WINDOW_MS.to_string());
    let variables = [
        ("CA_TIMEOUT_MS", timeout.as_str()),
        ("RESEND_WINDOW_MS", window.as_str()),
    ];
    histories::play(HISTORIES, &variables, events(), |bench, history| {
        let mut play = Play::new(bench);
        for event in history {
            play.play(*event)?;
            play.check()?;
        }
        assert_whole(&play.bench.audit());
        Ok(())
    });
}
