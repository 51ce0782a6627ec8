//! Each statement of each operation fails once: nothing of the operation is left then, in the tables or in memory, and when it
//! is done again all comes as if nothing had failed.

use autorevoke::edge::command::{Asker, ChangeJob};
use autorevoke::edge::ledger::{Attempt, Begun, Host, HostError, Ledger, Purpose, Revocation, Settlement};
use serde_json::{Value, json};

use crate::audit_chain::assert_whole;
use crate::audit_list::listing;
use crate::job_bench::{By, changing, one, orders};
use crate::sqlite_host::{Bench, SqliteHost, answer_of, config, real, revocation};

const ANN: By = By("ann");
const LOGIN_REFUSED: &str = "errorCode=-16&errorMessage=x";

/// A ledger in which an operation is tried.
struct Scene {
    bench: Bench,
    jobs: Vec<Value>,
    attempt: Option<Box<Attempt>>,
    call: Option<Revocation>,
    by: Asker,
    change: Option<ChangeJob>,
}

/// What an operation does, in a transaction.
type Work = fn(&Ledger<SqliteHost>, &Scene) -> Result<(), HostError>;

/// Its name, the ledger that it is tried in, and what it does.
type Operation = (&'static str, fn() -> Scene, Work);

fn scene() -> Scene {
    Scene {
        bench: Bench::with(&[("APPROVAL_ABOVE", "3"), ("CA_TIMEOUT_MS", "2000")]),
        jobs: Vec::new(),
        attempt: None,
        call: None,
        by: ANN.asker(),
        change: None,
    }
}

/// A job of two rows, running, and a plan of four.
fn with_jobs() -> Scene {
    let mut scene = scene();
    let running = scene.bench.running(&orders([1, 2], false), json!({}));
    let planned = scene.bench.plan(ANN, &orders(11..=14, false), json!({}));
    scene.jobs = vec![running, planned];
    scene
}

fn with_row() -> Scene {
    let mut scene = with_jobs();
    scene.attempt = Some(scene.bench.next_row());
    scene
}

fn with_open_breaker() -> Scene {
    let scene = with_row();
    scene.bench.finish(scene.attempt.as_ref().unwrap(), LOGIN_REFUSED);
    Scene {
        attempt: None,
        ..scene
    }
}

fn with_trial() -> Scene {
    let mut scene = with_open_breaker();
    scene
        .bench
        .transaction(|ledger| ledger.resume_breaker(&scene.by))
        .unwrap();
    scene.attempt = Some(scene.bench.next_row());
    scene
}

fn with_single() -> Scene {
    let mut scene = scene();
    scene.call = Some(revocation(
        "key:a",
        Some("k"),
        json!({ "codeReason": 1, "orderNumber": "7", "test": false }),
    ));
    scene
}

fn with_lost_row() -> Scene {
    let mut scene = with_row();
    scene.bench.finish(scene.attempt.as_ref().unwrap(), "");
    scene.bench.pass(1_500);
    scene.call = scene.bench.due().pop();
    scene.attempt = None;
    scene
}

fn with_probe() -> Scene {
    let mut scene = with_lost_row();
    scene.attempt = Some(scene.bench.sent(scene.call.as_ref().unwrap()));
    scene
}

fn with_change(scene: Scene, action: &str, job: usize, by: By) -> Scene {
    Scene {
        by: by.asker(),
        change: Some(changing(action, &scene.jobs[job])),
        ..scene
    }
}

fn with_old_attempts() -> Scene {
    let mut scene = with_row();
    let _single = scene.bench.sent(&real("7"));
    scene.bench.ledger = Ledger::open(scene.bench.host.clone(), config(), "id").unwrap();
    scene.attempt = None;
    scene
}

fn finish(ledger: &Ledger<SqliteHost>, scene: &Scene, body: &str) -> Result<(), HostError> {
    let attempt = scene.attempt.as_ref().unwrap();
    ledger.finish(attempt, &answer_of(body)).map(drop)
}

/// What is sent at once is answered at once, so that nothing is under way afterwards.
fn carried_out(ledger: &Ledger<SqliteHost>, begun: Option<Box<Attempt>>) -> Result<(), HostError> {
    let attempt = begun.expect("it is begun");
    let ended = ledger.finish(&attempt, &answer_of("errorCode=0"));
    ledger.release(&attempt);
    ended.map(drop)
}

fn operations() -> Vec<Operation> {
    vec![
        ("a single call", with_single, |ledger, scene| {
            let call = scene.call.as_ref().unwrap();
            assert!(ledger.enter(call)?.is_none());
            let begun = ledger.begin(call);
            match begun {
                Ok(Begun::Send(attempt)) => carried_out(ledger, Some(attempt)),
                Ok(other) => panic!("{other:?}"),
                Err(error) => {
                    ledger.leave(call);
                    Err(error)
                }
            }
        }),
        ("a row's call", with_jobs, |ledger, _| {
            carried_out(ledger, ledger.next_job_call()?)
        }),
        ("a row is revoked", with_row, |ledger, scene| {
            finish(ledger, scene, "errorCode=0")
        }),
        ("a row is lost", with_row, |ledger, scene| {
            finish(ledger, scene, "")
        }),
        ("a row is told to come again", with_row, |ledger, scene| {
            finish(ledger, scene, "errorCode=-42&errorMessage=x")
        }),
        ("the breaker opens", with_row, |ledger, scene| {
            finish(ledger, scene, LOGIN_REFUSED)
        }),
        ("the breaker is resumed", with_open_breaker, |ledger, scene| {
            ledger.resume_breaker(&scene.by).map(drop)
        }),
        ("the breaker closes", with_trial, |ledger, scene| {
            finish(ledger, scene, "errorCode=0")
        }),
        ("the breaker opens again", with_trial, |ledger, scene| {
            finish(ledger, scene, LOGIN_REFUSED)
        }),
        ("what is due", with_lost_row, |ledger, _| ledger.due().map(drop)),
        ("a probe", with_lost_row, |ledger, scene| {
            carried_out(ledger, ledger.begin_due(scene.call.as_ref().unwrap())?)
        }),
        ("a probe settles", with_probe, |ledger, scene| {
            finish(ledger, scene, "errorCode=-21&errorMessage=x")
        }),
        ("a person settles", with_lost_row, |ledger, _| {
            match ledger.settle(&ANN.asker(), "1", true)? {
                Settlement::Calls(calls) => assert_eq!(calls[0].purpose, Purpose::Resend),
                Settlement::Answer(answer) => panic!("{answer:?}"),
            }
            Ok(())
        }),
        (
            "a start",
            || with_change(with_jobs(), "start-job", 1, ANN),
            change,
        ),
        (
            "an approval",
            || {
                let scene = with_jobs();
                scene.bench.change(ANN, "start-job", &scene.jobs[1], json!({}));
                with_change(scene, "approve-job", 1, By("bob"))
            },
            change,
        ),
        (
            "a decline",
            || {
                let scene = with_jobs();
                scene.bench.change(ANN, "start-job", &scene.jobs[1], json!({}));
                with_change(scene, "decline-job", 1, By("bob"))
            },
            change,
        ),
        (
            "a start while the breaker is open",
            || {
                let scene = with_open_breaker();
                scene.bench.change(ANN, "start-job", &scene.jobs[1], json!({}));
                with_change(scene, "approve-job", 1, By("bob"))
            },
            change,
        ),
        (
            "a pause",
            || with_change(with_jobs(), "pause-job", 0, ANN),
            change,
        ),
        (
            "a resumption",
            || {
                let scene = with_jobs();
                scene.bench.change(ANN, "pause-job", &scene.jobs[0], json!({}));
                with_change(scene, "resume-job", 0, ANN)
            },
            change,
        ),
        (
            "a cancellation",
            || with_change(with_row(), "cancel-job", 0, ANN),
            change,
        ),
        ("the kill switch", with_row, |ledger, scene| {
            ledger.pause_all_jobs(&scene.by).map(drop)
        }),
        (
            "the kill switch in an outage",
            with_open_breaker,
            |ledger, scene| ledger.pause_all_jobs(&scene.by).map(drop),
        ),
        ("a restore", with_row, |ledger, _| {
            let seen = json!({ "seq": 99_999, "hash": "0".repeat(64), "ledger": "x" });
            ledger
                .check_high_water_mark(&seen)
                .map(|restored| assert!(restored))
        }),
        ("what the last process left", with_old_attempts, |ledger, _| {
            ledger.recover()
        }),
    ]
}

fn change(ledger: &Ledger<SqliteHost>, scene: &Scene) -> Result<(), HostError> {
    let answer = ledger.change_job(&scene.by, scene.change.as_ref().unwrap())?;
    assert_eq!(answer.status, 202, "{}", answer.body);
    Ok(())
}

/// All that is told, but for times, revisions and numbers of entries.
fn told(ledger: &Ledger<SqliteHost>, scene: &Scene) -> Value {
    let breaker: Value = serde_json::from_str(&ledger.breaker().unwrap().body).unwrap();
    let jobs = scene.jobs.iter().map(|job| {
        let answer = ledger.job(&ANN.asker(), &one(job)).unwrap();
        let job: Value = serde_json::from_str(&answer.body).unwrap();
        json!([job["state"], job["counts"], job["lastError"]])
    });
    let jobs: Vec<Value> = jobs.collect();
    let order = |number: &&str| {
        let order: Value = serde_json::from_str(&ledger.order(number, "").unwrap().body).unwrap();
        let attempts = order["attempts"].as_array().cloned().unwrap_or_default();
        let outcomes: Vec<Value> = attempts.iter().map(|it| it["outcome"].clone()).collect();
        json!([order["state"], outcomes])
    };
    let orders: Vec<Value> = ["1", "2", "7", "11"].iter().map(order).collect();
    json!({ "breaker": breaker["state"], "jobs": jobs, "orders": orders })
}

/// What comes of it all: the CA accepts whatever is sent.
fn end(scene: &Scene) -> Value {
    let bench = &scene.bench;
    if let Some(attempt) = &scene.attempt {
        bench.ledger.release(attempt);
    }
    for _ in 0..60 {
        bench.pass(1_000);
        for call in bench.due() {
            if let Some(attempt) = bench.transaction(|ledger| ledger.begin_due(&call)).unwrap() {
                bench.finish(&attempt, "errorCode=-21&errorMessage=x");
            }
        }
        while let Some(attempt) = bench.next_call() {
            bench.finish(&attempt, "errorCode=0");
        }
    }
    assert_whole(&bench.audit());
    let told = told(&bench.ledger, scene);
    json!([told["breaker"], told["jobs"]])
}

#[test]
fn a_failed_statement_leaves_nothing_and_costs_nothing() {
    for (name, prepare, work) in operations() {
        let smooth = prepare();
        let at_first = told(&smooth.bench.ledger, &smooth);
        smooth.bench.host.0.healthy_statements.set(Some(u32::MAX));
        smooth
            .bench
            .transaction(|ledger| work(ledger, &smooth))
            .expect(name);
        let statements = u32::MAX - smooth.bench.host.0.healthy_statements.take().unwrap();
        assert!(statements > 0, "{name} takes statements");
        let (wanted, wanted_end) = (told(&smooth.bench.ledger, &smooth), end(&smooth));
        // And last what comes after all of them, the commit.
        for healthy in 0..=statements {
            let scene = prepare();
            assert_eq!(told(&scene.bench.ledger, &scene), at_first);
            let audit = scene.bench.audit().len();
            scene.bench.host.0.healthy_statements.set(Some(healthy));
            scene.bench.host.0.commit_fails.set(healthy == statements);
            let failed = scene.bench.transaction(|ledger| work(ledger, &scene)).is_err();
            scene.bench.host.0.healthy_statements.set(None);
            assert!(failed, "{name}, after {healthy}");
            assert_eq!(
                told(&scene.bench.ledger, &scene),
                at_first,
                "{name}, after {healthy}"
            );
            assert_eq!(scene.bench.audit().len(), audit, "{name}, after {healthy}");
            let far = scene.bench.now() + 3_600_000;
            let (mine, fresh) = (&scene.bench.ledger, opened(&scene.bench));
            let at = |ledger: &Ledger<SqliteHost>| ledger.next_alarm(Some(far)).unwrap().is_some();
            assert!(
                at(mine) || !at(&fresh),
                "{name}, after {healthy}: the alarm is forgotten"
            );
            scene
                .bench
                .transaction(|ledger| work(ledger, &scene))
                .expect(name);
            assert_eq!(
                told(&scene.bench.ledger, &scene),
                wanted,
                "{name}, after {healthy}"
            );
            assert_eq!(end(&scene), wanted_end, "{name}, after {healthy}");
        }
    }
}

#[test]
fn how_fast_jobs_may_go_is_learned_with_the_commit_alone() {
    for is_committed in [true, false] {
        let ended = |scene: &Scene, attempt: &Attempt, body: &str| {
            scene.bench.host.0.commit_fails.set(!is_committed);
            let answer = answer_of(body);
            let ended = scene.bench.transaction(|ledger| ledger.finish(attempt, &answer));
            assert_eq!(ended.is_ok(), is_committed);
            scene.bench.ledger.release(attempt);
            scene.bench.next_call().is_some()
        };
        for body in ["errorCode=-42&errorMessage=x", ""] {
            let scene = with_row();
            let goes_on = ended(&scene, scene.attempt.as_ref().unwrap(), body);
            assert_eq!(goes_on, !is_committed, "after {body}");
        }
        let scene = with_row();
        scene
            .bench
            .finish(scene.attempt.as_ref().unwrap(), "errorCode=-42&errorMessage=x");
        let single = scene.bench.sent(&real("99"));
        let goes_on = ended(&scene, &single, "errorCode=0");
        assert_eq!(goes_on, is_committed, "it was busy, and is no more");
    }
}

/// Another ledger on the same tables, which remembers nothing.
fn opened(bench: &Bench) -> Ledger<SqliteHost> {
    Ledger::open(bench.host.clone(), bench.ledger.config().clone(), "id").unwrap()
}

#[test]
fn an_outcome_that_could_not_be_written_ends_well_all_the_same() {
    for body in ["errorCode=0", LOGIN_REFUSED, ""] {
        for healthy in 0..40 {
            let scene = with_trial();
            scene.bench.host.0.healthy_statements.set(Some(healthy));
            let failed = scene
                .bench
                .transaction(|ledger| finish(ledger, &scene, body))
                .is_err();
            scene.bench.host.0.healthy_statements.set(None);
            if !failed {
                assert!(healthy > 4);
                break;
            }
            let end = end(&scene);
            assert_eq!(
                (&end[0], &end[1][0][0]),
                (&json!("closed"), &json!("done")),
                "{body}, after {healthy}"
            );
        }
    }
}

#[test]
fn a_ledger_that_takes_no_writes_can_be_read_and_sends_nothing() {
    let mut scene = with_row();
    let job = scene.jobs[0].clone();
    scene.bench.finish(&scene.bench.sent(&real("7")), "errorCode=0");
    let _under_way = scene.bench.sent(&real("8"));
    for table in ["audit", "attempts", "orders", "jobs", "job_orders"] {
        scene.bench.host.0.execute(&format!(
            "CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END;
             CREATE TRIGGER full_too_{table} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
        ));
    }
    scene.bench.restart();
    let bench = &scene.bench;
    assert_eq!(
        (bench.state("7"), bench.state("8")),
        ("revoked".into(), "unknown".into())
    );
    assert_eq!(bench.job(&job)["state"], "running");
    assert_eq!(bench.rows(&job).len(), 2);
    let exported = bench
        .ledger
        .audit(&listing(0, 1_000, |it| it.lines = true))
        .unwrap();
    assert!(exported.body.lines().count() > 5);
    assert!(bench.begin(&real("9")).is_err());
    assert!(bench.transaction(|ledger| ledger.next_job_call()).is_err());
    bench.host.0.execute(
        "DROP TRIGGER full_audit; DROP TRIGGER full_attempts; DROP TRIGGER full_orders; DROP TRIGGER full_jobs; \
         DROP TRIGGER full_job_orders; DROP TRIGGER full_too_audit; DROP TRIGGER full_too_attempts; \
         DROP TRIGGER full_too_orders; DROP TRIGGER full_too_jobs; DROP TRIGGER full_too_job_orders",
    );
    // With the first call what the last process left is put in order.
    bench.finish(&bench.sent(&real("9")), "errorCode=0");
    let interrupted = bench
        .host
        .sql("SELECT COUNT(*) FROM attempts WHERE state = 'sending'", &[]);
    assert_eq!(interrupted.unwrap(), [[json!(0)]]);
}
