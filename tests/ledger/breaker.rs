//! The circuit breaker: one -16, and nothing more is sent until a person or other credentials say so.

use autorevoke::edge::command::Asker;
use autorevoke::edge::ledger::{Begun, Revocation};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::sqlite_host::{Bench, read, real, revocation, test};

const REFUSED: &str = "errorCode=-16&errorMessage=login";

fn position(bench: &Bench) -> String {
    read(&bench.ledger.breaker().unwrap()).1["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn opened() -> Bench {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    assert_eq!(bench.finish(&attempt, REFUSED).0, 502);
    assert_eq!(position(&bench), "open");
    bench
}

fn resume(bench: &Bench) {
    let by = Asker {
        actor: "key:op".to_owned(),
        person: "olga".to_owned(),
        instance: "urn:uuid:test".to_owned(),
    };
    bench.transaction(|ledger| ledger.resume_breaker(&by)).unwrap();
}

fn by(actor: &str, number: &str) -> Revocation {
    revocation(
        actor,
        None,
        json!({ "codeReason": 0, "orderNumber": number, "test": false }),
    )
}

#[test]
fn one_refused_login_stops_everything_for_everyone() {
    for first in [real("1"), test("1")] {
        let bench = Bench::new();
        let attempt = bench.sent(&first);
        bench.finish(&attempt, REFUSED);
        for call in [by("key:b", "2"), by("key:c", "3"), test("4")] {
            let (status, problem) = bench.answered(&call);
            assert_eq!(
                (status, &problem["type"], &problem["mayHaveRevoked"]),
                (
                    503,
                    &json!("urn:autorevoke:problem:ca-login-refused"),
                    &json!(false)
                )
            );
            assert_eq!(bench.order(call.order.name().value()).0, 404, "it was not sent");
        }
    }
}

#[test]
fn calls_under_way_are_carried_through_and_probes_wait() {
    let bench = Bench::new();
    let lost = bench.sent(&real("9"));
    bench.finish(&lost, "");
    let (first, second) = (bench.sent(&real("1")), bench.sent(&real("2")));
    bench.finish(&first, REFUSED);
    assert_eq!(bench.finish(&second, "errorCode=0").0, 200);
    assert_eq!(
        position(&bench),
        "open",
        "an answer to an older call proves nothing"
    );
    bench.pass(1_000_000);
    assert!(bench.due().is_empty());
    assert_eq!(bench.alarm_in(), None);
    resume(&bench);
    assert_eq!(bench.due().len(), 1);
}

#[test]
fn it_survives_a_restart_and_only_other_credentials_get_a_chance() {
    let mut bench = opened();
    bench.restart();
    assert_eq!(position(&bench), "open");
    bench.restart_with(&[("CA_TIMEOUT_MS", "1000")]);
    assert_eq!(position(&bench), "open", "something else has changed");
    bench.restart_with(&[("CA_LOGIN_PASSWORD", "canary-another")]);
    assert_eq!(position(&bench), "half-open");
    let log = json!(bench.audit()).to_string();
    assert!(!log.contains("canary"));
    assert!(
        log.contains(r#""changed":["CA_LOGIN_PASSWORD","CA_TIMEOUT_MS"]"#),
        "{log}"
    );
}

#[test]
fn half_open_lets_one_call_through_and_the_rest_wait_for_what_it_brings() {
    for (body, then) in [
        ("errorCode=0", "closed"),
        (REFUSED, "open"),
        ("", "half-open"),
        ("errorCode=-42&errorMessage=x", "half-open"),
    ] {
        let bench = opened();
        resume(&bench);
        let trial = bench.sent(&real("2"));
        for call in [real("3"), test("4")] {
            assert!(matches!(bench.begin(&call).unwrap(), Begun::Wait));
        }
        bench.finish(&trial, body);
        assert_eq!(position(&bench), then, "{body}");
        match bench.begin(&real("3")).unwrap() {
            Begun::Send(_) => assert_ne!(then, "open"),
            Begun::Answer(answer) => assert_eq!((answer.status, then), (503, "open")),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn it_tells_since_when_it_stands_as_it_does() {
    let bench = Bench::new();
    let (refused, also_refused) = (bench.sent(&real("1")), bench.sent(&real("2")));
    let stands_since_now = || {
        let told = read(&bench.ledger.breaker().unwrap()).1;
        let since = OffsetDateTime::parse(told["since"].as_str().unwrap(), &Rfc3339).unwrap();
        since.unix_timestamp_nanos() == i128::from(bench.now()) * 1_000_000
    };
    bench.pass(1_000);
    bench.finish(&refused, REFUSED);
    assert!(stands_since_now());
    bench.pass(1_000);
    bench.finish(&also_refused, REFUSED);
    assert!(!stands_since_now(), "it was open already");
    bench.pass(1_000);
    resume(&bench);
    assert!(stands_since_now());
    for (body, then) in [(REFUSED, "open"), ("errorCode=0", "closed")] {
        resume(&bench);
        let trial = bench.sent(&real("3"));
        bench.pass(1_000);
        bench.finish(&trial, body);
        assert_eq!(position(&bench), then);
        assert!(stands_since_now(), "{then}");
    }
}

#[test]
fn what_says_nothing_of_the_login_does_not_close_it() {
    for code in [-1, -2, -3, -4, -14, -17, -42] {
        let bench = opened();
        resume(&bench);
        let trial = bench.sent(&real("2"));
        bench.finish(&trial, &format!("errorCode={code}&errorMessage=x"));
        assert_eq!(position(&bench), "half-open", "{code}");
    }
    for code in [-20, -21, -23, -26, -35, -43, -160, -999] {
        let bench = opened();
        resume(&bench);
        let trial = bench.sent(&real("2"));
        bench.finish(&trial, &format!("errorCode={code}&errorMessage=x"));
        assert_eq!(position(&bench), "closed", "{code}");
    }
}

#[test]
fn a_trial_that_nobody_hears_of_again_makes_room_for_the_next() {
    let bench = opened();
    resume(&bench);
    let trial = bench.sent(&real("2"));
    bench.ledger.release(&trial);
    bench.sent(&real("3"));
}

#[test]
fn resuming_what_is_not_open_changes_nothing() {
    let bench = Bench::new();
    resume(&bench);
    assert_eq!(position(&bench), "closed");
}

#[test]
fn the_log_tells_who_resumed_what_happened_and_who_was_turned_away() {
    let bench = opened();
    for _ in 0..5 {
        bench.answered(&by("key:b", "2"));
    }
    resume(&bench);
    let trial = bench.sent(&real("2"));
    bench.finish(&trial, "errorCode=0");
    let told: Vec<[Value; 4]> = bench
        .audit()
        .iter()
        .filter(|entry| entry["action"] != "revoke" || entry["phase"] == "refused")
        .skip(2)
        .map(|entry| ["action", "actor", "state", "reason"].map(|name| entry[name].clone()))
        .collect();
    let actions: Vec<&str> = told.iter().map(|entry| entry[0].as_str().unwrap()).collect();
    assert_eq!(actions, ["breaker", "revoke", "resume-breaker", "breaker"]);
    assert!(told[0][3].as_str().unwrap().contains("(-16)"));
    assert_eq!(told[0][2], "open");
    assert_eq!(told[1][3], "ca-login-refused");
    assert_eq!(
        (&told[2][1], &told[2][2]),
        (&json!("key:op"), &json!("half-open"))
    );
    assert_eq!(
        (&told[3][2], &told[3][3]),
        (&json!("closed"), &json!("The CA accepts the login again."))
    );
}

#[test]
fn a_repeated_call_whose_outcome_is_unknown_is_not_told_that_it_was_not_sent() {
    let keyed = || {
        revocation(
            "key:a",
            Some("k"),
            json!({ "codeReason": 0, "orderNumber": "5", "test": false }),
        )
    };
    let bench = Bench::new();
    let lost = bench.sent(&keyed());
    bench.finish(&lost, "");
    let attempt = bench.sent(&real("1"));
    bench.finish(&attempt, REFUSED);
    let (status, problem) = bench.answered(&keyed());
    assert_eq!((status, &problem["mayHaveRevoked"]), (502, &json!(true)));
    assert_eq!(problem["type"], "urn:autorevoke:problem:unknown-outcome");
}

#[test]
fn only_the_trials_own_answer_moves_a_half_open_breaker() {
    for old in ["errorCode=0", REFUSED] {
        for (body, then) in [(REFUSED, "open"), ("errorCode=0", "closed")] {
            let bench = Bench::new();
            let (before, another) = (bench.sent(&real("1")), bench.sent(&real("2")));
            bench.finish(&bench.sent(&real("3")), REFUSED);
            resume(&bench);
            let trial = bench.sent(&real("4"));
            bench.finish(&before, old);
            assert_eq!(position(&bench), "half-open");
            for number in ["5", "6", "7"] {
                assert!(matches!(bench.begin(&real(number)).unwrap(), Begun::Wait));
            }
            bench.finish(&trial, body);
            assert_eq!(position(&bench), then);
            bench.finish(&another, old);
            assert_eq!(
                position(&bench),
                then,
                "an answer to an older call proves nothing"
            );
        }
    }
}

#[test]
fn a_refusal_of_a_newer_call_opens_it_again() {
    let bench = opened();
    resume(&bench);
    bench.finish(&bench.sent(&real("2")), "errorCode=0");
    bench.finish(&bench.sent(&real("3")), REFUSED);
    assert_eq!(position(&bench), "open");
}
