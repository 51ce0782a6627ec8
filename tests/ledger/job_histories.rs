//! Random histories of jobs against the contract's table of states and a bystander who remembers every call: states are
//! always legal, counts always add up, nothing is sent that may not be, nothing of a stopped job is sent by itself, the breaker is
//! moved by no old answer, a failed statement leaves nothing, and no row says more than its calls have told.

use std::collections::{BTreeMap, BTreeSet};

use autorevoke::edge::ledger::{Attempt, Begun, Host, HostError, Ledger, Purpose, Settlement};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::histories;
use crate::job_bench::{By, changing, orders};
use crate::sqlite_host::{Bench, SqliteHost, answer_of, read, real};

/// How many histories `npm test` tries.
const HISTORIES: u32 = 400;
const APPROVAL_ABOVE: i64 = 6;
const PEOPLE: [By; 3] = [By("ann"), By("bob"), By("cleo")];
const ACTIONS: [&str; 6] = [
    "start-job",
    "approve-job",
    "decline-job",
    "pause-job",
    "resume-job",
    "cancel-job",
];

/// The contract's table, word for word.
const LEGAL: [(&str, &[&str]); 7] = [
    ("planned", &["awaiting-approval", "running", "cancelled"]),
    ("awaiting-approval", &["running", "cancelled"]),
    ("running", &["paused", "halted", "done", "cancelled"]),
    ("paused", &["running", "cancelled"]),
    ("halted", &["running", "cancelled"]),
    ("done", &[]),
    ("cancelled", &[]),
];

#[derive(Debug, Clone)]
enum Event {
    Plan {
        who: usize,
        first: u64,
        rows: u64,
        test: bool,
    },
    Change {
        who: usize,
        job: usize,
        action: usize,
    },
    PauseAll,
    ResumeBreaker,
    /// A slice sends what a job has due.
    Next,
    /// Somebody revokes an order by hand.
    Single {
        order: u64,
    },
    Settle,
    /// A person has an order settled, or sent again.
    Decide {
        order: u64,
        resend: bool,
    },
    End {
        which: usize,
        body: &'static str,
    },
    Pass {
        millis: i64,
    },
    Restart,
    /// So many statements succeed yet, and the operation that follows fails unless it takes no more.
    Fail {
        healthy: u32,
    },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let bodies = prop_oneof![
        8 => Just("errorCode=0"),
        1 => Just("errorCode=-21&errorMessage=done"),
        1 => Just("errorCode=-20&errorMessage=done"),
        1 => Just("errorCode=-35&errorMessage=no"),
        1 => Just("errorCode=-23&errorMessage=later"),
        1 => Just("errorCode=-42&errorMessage=busy"),
        1 => Just("errorCode=-16&errorMessage=login"),
        2 => Just(""),
    ];
    let event = prop_oneof![
        3 => (0..3_usize, 1..12_u64, 1..6_u64, prop::bool::weighted(0.2))
            .prop_map(|(who, first, rows, test)| Event::Plan { who, first, rows, test }),
        10 => (0..3_usize, 0..5_usize, 0..ACTIONS.len())
            .prop_map(|(who, job, action)| Event::Change { who, job, action }),
        4 => (0..3_usize, 0..5_usize).prop_map(|(who, job)| Event::Change { who, job, action: 0 }),
        1 => Just(Event::PauseAll),
        1 => Just(Event::ResumeBreaker),
        14 => Just(Event::Next),
        1 => (1..16_u64).prop_map(|order| Event::Single { order }),
        3 => Just(Event::Settle),
        1 => (1..16_u64, any::<bool>()).prop_map(|(order, resend)| Event::Decide { order, resend }),
        14 => (0..6_usize, bodies).prop_map(|(which, body)| Event::End { which, body }),
        4 => prop::sample::select(vec![300, 1_100, 4_000, 70_000]).prop_map(|millis| Event::Pass { millis }),
        1 => Just(Event::Restart),
        2 => (0..30_u32).prop_map(|healthy| Event::Fail { healthy }),
    ];
    prop::collection::vec(event, 1..80)
}

/// A call under way, and how many had begun with it.
struct Call {
    attempt: Attempt,
    number: u32,
}

/// What a bystander has seen.
struct World {
    bench: Bench,
    jobs: Vec<Value>,
    under_way: Vec<Call>,
    /// Calls whose outcome could not be written: their rows are `sending` until that is noticed.
    unwritten: Vec<Attempt>,
    begun: u32,
    breaker: &'static str,
    /// The call that a half-open breaker let through.
    trial: Option<u32>,
    /// How many calls had begun when the breaker was moved last.
    moved: u32,
    failing: Option<u32>,
    /// Jobs that a person has stopped, by their ids: nothing of theirs is sent by itself before a person lets them go on.
    stopped: BTreeSet<String>,
    /// Orders of which a real call has left.
    left: BTreeSet<String>,
    /// What the real calls for an order have told, in their order.
    told: BTreeMap<String, Vec<&'static str>>,
}

fn meaning(body: &str) -> &'static str {
    match body {
        "errorCode=0" => "revoked",
        "errorCode=-21&errorMessage=done" => "already-revoked",
        "errorCode=-20&errorMessage=done" => "already-rejected",
        "" => "unknown",
        _ => "refused",
    }
}

impl World {
    fn step(&mut self, event: &Event) {
        let command = By("ann").asker();
        match *event {
            Event::Plan {
                who,
                first,
                rows,
                test,
            } => {
                if self.jobs.len() < 5 {
                    let job = self
                        .bench
                        .plan(PEOPLE[who], &orders(first..first + rows, test), json!({}));
                    self.jobs.push(job);
                }
            }
            Event::Change { who, job, action } => {
                if let Some(job) = self.jobs.get(job) {
                    let (by, command) = (PEOPLE[who].asker(), changing(ACTIONS[action], job));
                    let id = job["id"].as_str().unwrap().to_owned();
                    let answer = self.tried(|ledger| ledger.change_job(&by, &command));
                    if answer.is_some_and(|answer| answer.status == 202) {
                        match ACTIONS[action] {
                            "pause-job" | "cancel-job" | "decline-job" => self.stopped.insert(id),
                            _ => self.stopped.remove(&id),
                        };
                    }
                }
            }
            Event::PauseAll => {
                if let Some(answer) = self.tried(|ledger| ledger.pause_all_jobs(&command)) {
                    let (_, told) = read(&answer);
                    let paused = told["paused"].as_array().unwrap();
                    let ids = self.jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned());
                    self.stopped.extend(ids);
                    assert!(
                        paused
                            .iter()
                            .all(|id| self.stopped.contains(id.as_str().unwrap()))
                    );
                    self.all_is_stopped();
                }
            }
            Event::ResumeBreaker => {
                let resumed = self.tried(|ledger| ledger.resume_breaker(&command));
                if resumed.is_some() && self.breaker == "open" {
                    self.move_breaker("half-open");
                }
            }
            Event::Next => {
                if let Some(attempt) = self.tried(|ledger| ledger.next_job_call()).flatten() {
                    match attempt.purpose() {
                        Purpose::Check => assert!(attempt.revocation().order.test()),
                        _ => self.may_be_sent(&attempt),
                    }
                    self.begins(*attempt);
                }
            }
            Event::Single { order } => {
                if let Ok(Begun::Send(attempt)) = self.bench.begin(&real(&order.to_string())) {
                    self.begins(*attempt);
                }
            }
            Event::Settle => {
                for call in self.tried(|ledger| ledger.due()).unwrap_or_default() {
                    if call.purpose == Purpose::Resend {
                        self.may_be_sent_again(&call.identity);
                    }
                    if let Some(attempt) = self.tried(|ledger| ledger.begin_due(&call)).flatten() {
                        self.begins(*attempt);
                    }
                }
            }
            Event::Decide { order, resend } => {
                let number = order.to_string();
                let settled = self.tried(|ledger| ledger.settle(&command, &number, resend));
                if let Some(Settlement::Calls(calls)) = settled
                    && let Ok(Begun::Send(attempt)) = self.bench.begin(&calls[0])
                {
                    assert_eq!(attempt.revocation().order.test(), !resend);
                    self.begins(*attempt);
                }
            }
            Event::End { which, body } => {
                if which < self.under_way.len() {
                    let Call { attempt, number } = self.under_way.remove(which);
                    let answer = answer_of(body);
                    let written = self.tried(|ledger| ledger.finish(&attempt, &answer)).is_some();
                    self.bench.ledger.release(&attempt);
                    if written {
                        self.hear(&attempt, meaning(body));
                        self.breaker_hears(number, body);
                    } else {
                        self.hear(&attempt, "unknown");
                        self.unwritten.push(attempt);
                    }
                    self.trial = self.trial.filter(|trial| *trial != number);
                }
            }
            Event::Pass { millis } => self.bench.pass(millis),
            Event::Restart => {
                for Call { attempt, .. } in std::mem::take(&mut self.under_way) {
                    self.hear(&attempt, "unknown");
                }
                self.trial = None;
                self.bench.restart();
            }
            Event::Fail { healthy } => self.failing = Some(healthy),
        }
    }

    /// Does something in a transaction, in which a statement may fail: then there is nothing of it.
    fn tried<T>(&mut self, work: impl FnOnce(&Ledger<SqliteHost>) -> Result<T, HostError>) -> Option<T> {
        self.bench
            .tried(self.failing.take(), |bench| bench.transaction(work))
    }

    fn begins(&mut self, attempt: Attempt) {
        self.begun += 1;
        assert_ne!(self.breaker, "open");
        if self.breaker == "half-open" {
            assert_eq!(self.trial, None, "one call at a time is on trial");
            self.trial = Some(self.begun);
        }
        let (number, call) = (self.begun, attempt.revocation());
        if !call.order.test() {
            self.left.insert(call.identity.clone());
        }
        self.under_way.push(Call { attempt, number });
    }

    fn move_breaker(&mut self, to: &'static str) {
        self.breaker = to;
        self.moved = self.begun;
    }

    /// An answer counts if its call began since the breaker moved; while it is half-open, only the trial's.
    fn breaker_hears(&mut self, number: u32, body: &str) {
        let counts = match self.breaker {
            "closed" => number > self.moved,
            "half-open" => self.trial == Some(number),
            _ => false,
        };
        if counts && body.contains("-16") {
            self.move_breaker("open");
        } else if counts && self.breaker == "half-open" && !body.is_empty() && !body.contains("-42") {
            self.move_breaker("closed");
        }
    }

    /// After the kill switch no job is running, until a person lets it go on.
    fn all_is_stopped(&self) {
        for job in &self.jobs {
            assert_ne!(self.bench.job(job)["state"], "running", "{job}");
        }
    }

    /// Nothing of a job that was stopped is sent again by itself, and nothing that has not left before.
    fn may_be_sent_again(&self, identity: &str) {
        assert!(self.left.contains(identity), "{identity} has never left");
        let lost = "SELECT jobs.id FROM job_orders JOIN jobs ON number = job WHERE identity = ? AND outcome = 'unknown' \
                    AND test = 0";
        for row in self.bench.host.sql(lost, &[identity.into()]).unwrap() {
            assert!(
                !self.stopped.contains(row[0].as_str().unwrap()),
                "{identity}: {row:?}"
            );
        }
    }

    fn hear(&mut self, attempt: &Attempt, meaning: &'static str) {
        let call = attempt.revocation();
        let probe = attempt.purpose() == Purpose::Probe && meaning.starts_with("already");
        if !call.order.test() || probe {
            self.told.entry(call.identity.clone()).or_default().push(meaning);
        }
    }

    /// A row is begun: was its job allowed to send it?
    fn may_be_sent(&self, attempt: &Attempt) {
        let newest = "SELECT jobs.state, jobs.id FROM attempts JOIN jobs ON number = job ORDER BY attempts.id DESC LIMIT 1";
        let job = self.bench.host.sql(newest, &[]).unwrap().remove(0);
        let on_trial = self.breaker == "half-open" && job[0] == "halted";
        assert!(job[0] == "running" || on_trial, "{job:?}");
        assert!(!self.stopped.contains(job[1].as_str().unwrap()), "{job:?}");
        let call = attempt.revocation();
        let form = self.bench.form_of(attempt);
        assert_eq!(form.contains("test=Y"), call.order.test());
        assert_eq!(call.purpose, Purpose::Call);
        if call.order.test() {
            return;
        }
        // Somebody else has approved, or the starter's unapproved orders are few.
        let sql = |statement: &str| self.bench.host.sql(statement, &[]).unwrap();
        for row in
            sql("SELECT approvals, starter, creator, id FROM jobs WHERE drill = 0 AND started_at IS NOT NULL")
        {
            let approvals: Vec<Value> = serde_json::from_str(row[0].as_str().unwrap()).unwrap();
            for approval in &approvals {
                assert!(
                    approval["person"] != row[1] && approval["person"] != row[2],
                    "{row:?}"
                );
            }
        }
        let sums = "SELECT starter, SUM(total) FROM jobs WHERE drill = 0 AND approvals = '[]' AND started_at IS NOT NULL \
                    GROUP BY starter";
        for row in sql(sums) {
            assert!(row[1].as_i64().unwrap() <= APPROVAL_ABOVE, "{row:?}");
        }
    }

    fn check(&self) {
        let (_, breaker) = read(&self.bench.ledger.breaker().unwrap());
        assert_eq!(breaker["state"], self.breaker);
        for job in &self.jobs {
            let job = self.bench.job(job);
            let rows = self.bench.rows(&job);
            let counts = job["counts"].as_object().unwrap();
            assert_eq!(
                counts.values().map(|count| count.as_i64().unwrap()).sum::<i64>(),
                job["total"].as_i64().unwrap()
            );
            for (name, count) in counts {
                let spelt = name.replace("alreadyRe", "already-re");
                let there = rows.iter().filter(|row| row["outcome"] == spelt.as_str()).count();
                assert_eq!(count.as_u64().unwrap(), there as u64, "{name} of {job}");
            }
            if job["state"] == "done" {
                assert_eq!((&counts["pending"], &counts["sending"]), (&json!(0), &json!(0)));
            }
            for row in &rows {
                self.check_row(&job, row);
            }
        }
    }

    fn check_row(&self, job: &Value, row: &Value) {
        let outcome = row["outcome"].as_str().unwrap();
        if row["test"] == true {
            let known = [
                "pending",
                "sending",
                "tested",
                "already-revoked",
                "already-rejected",
                "refused",
                "unknown",
                "cancelled",
            ];
            assert!(known.contains(&outcome), "{row}");
            return;
        }
        let identity = format!("{}//", row["orderNumber"].as_str().unwrap());
        let told = self.told.get(&identity).map(Vec::as_slice).unwrap_or_default();
        let under_way = self
            .under_way
            .iter()
            .map(|call| &call.attempt)
            .chain(&self.unwritten)
            .any(|it| it.revocation().identity == identity && !it.revocation().order.test());
        // Since the last call that told for sure, was one lost?
        let sure = |it: &&str| ["revoked", "already-revoked", "already-rejected"].contains(it);
        let since = told.iter().rposition(sure).map_or(told, |at| &told[at..]);
        let in_doubt = since.contains(&"unknown");
        match outcome {
            "revoked" | "already-revoked" | "already-rejected" => {
                assert!(told.contains(&outcome), "{row} {told:?}")
            }
            // A refusal never stands where an earlier call may have acted.
            "refused" => assert!(
                told.contains(&"refused")
                    && !(in_doubt && told.last() == Some(&"unknown") && row["attempts"] == told.len()),
                "{row} {told:?}"
            ),
            "unknown" => assert!(in_doubt || under_way, "{row} {told:?} {job}"),
            "sending" => assert!(under_way, "{row}"),
            "pending" | "cancelled" if row["attempts"] == 0 => {}
            // It was sent, and told that it was not carried out.
            "pending" => assert!(told.contains(&"refused"), "{row} {told:?}"),
            "cancelled" => assert!(told.contains(&"refused"), "{row} {told:?}"),
            other => panic!("{other}"),
        }
    }

    /// Every change of a job's state that the audit log tells of.
    fn check_changes(&self) {
        let entries = self.bench.audit();
        assert_whole(&entries);
        for entry in entries
            .iter()
            .filter(|entry| entry.get("priorState").is_some() && entry.get("jobId").is_some())
        {
            let (from, to) = (
                entry["priorState"].as_str().unwrap(),
                entry["state"].as_str().unwrap(),
            );
            let legal = LEGAL.iter().find(|(state, _)| *state == from).unwrap().1;
            assert!(legal.contains(&to), "{from} to {to}: {entry}");
        }
    }
}

fn played(bench: Bench, events: &[Event]) {
    let mut world = World {
        bench,
        jobs: Vec::new(),
        under_way: Vec::new(),
        unwritten: Vec::new(),
        begun: 0,
        breaker: "closed",
        trial: None,
        moved: 0,
        failing: None,
        stopped: BTreeSet::new(),
        left: BTreeSet::new(),
        told: BTreeMap::new(),
    };
    for event in events {
        world.step(event);
        world.check();
    }
    world.check_changes();
}

#[test]
fn histories_of_jobs_stay_within_the_table_and_the_truth() {
    let variables = [
        ("APPROVAL_ABOVE", "6"),
        ("CA_TIMEOUT_MS", "2000"),
        ("RESEND_WINDOW_MS", "9000"),
    ];
    histories::play(HISTORIES, &variables, events(), |bench, events| {
        played(bench, events);
        Ok(())
    });
}
