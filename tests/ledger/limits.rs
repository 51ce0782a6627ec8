//! How much one person may ask for: windows that slide, and that neither a crash nor another key empties.

use autorevoke::edge::command::{Asker, Refused};
use autorevoke::edge::ledger::{Begun, Host, Purpose, Revocation};
use serde_json::json;

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, OPENING};

const LIMITS: [(&str, &str); 2] = [("RATE_LIMIT_PER_MINUTE", "3"), ("DAILY_LIMIT", "5")];

fn call(actor: &str, person: &str, number: u32, test: bool) -> Revocation {
    let by = Asker {
        actor: actor.to_owned(),
        person: person.to_owned(),
        instance: "urn:uuid:test".to_owned(),
    };
    let order = json!({ "codeReason": 0, "orderNumber": number.to_string(), "test": test });
    let revoke = json!({ "order": order, "idempotency_key": null });
    Revocation::asked(by, serde_json::from_value(revoke).unwrap())
}

/// Sends one call to its end; the seconds after which to come again, if it is turned away.
fn attempt(bench: &Bench, call: &Revocation) -> Option<u64> {
    match bench.begin(call).unwrap() {
        Begun::Send(attempt) => {
            bench.finish(&attempt, "errorCode=0");
            None
        }
        Begun::Answer(answer) => {
            assert_eq!(answer.status, 429);
            let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(body["mayHaveRevoked"], false);
            assert!(
                answer
                    .headers
                    .contains(&("Retry-After", body["retryAfter"].to_string()))
            );
            body["retryAfter"].as_u64()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_minute_and_a_day_of_one_person_over_all_keys_and_restarts() {
    let mut bench = Bench::with(&LIMITS);
    for number in 1..=3 {
        let actor = if number == 2 { "key:b" } else { "key:a" };
        assert_eq!(attempt(&bench, &call(actor, "olga", number, false)), None);
    }
    bench.restart();
    assert!(matches!(
        attempt(&bench, &call("jwt:i#o", "olga", 4, false)),
        Some(59..=60)
    ));
    assert_eq!(
        attempt(&bench, &call("key:c", "pia", 4, false)),
        None,
        "another person"
    );
    bench.pass(60_000);
    assert_eq!(attempt(&bench, &call("key:a", "olga", 5, false)), None);
    assert_eq!(attempt(&bench, &call("key:a", "olga", 6, false)), None);
    bench.pass(60_000);
    let wait = attempt(&bench, &call("key:a", "olga", 7, false)).unwrap();
    assert!((86_270..=86_290).contains(&wait), "{wait}");
    bench.pass(i64::try_from(wait).unwrap() * 1000);
    assert_eq!(attempt(&bench, &call("key:a", "olga", 8, false)), None);
}

#[test]
fn thousands_of_calls_of_a_day_are_all_counted_after_a_restart() {
    let mut bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "1000000"), ("DAILY_LIMIT", "4000")]);
    let first = bench.now() - 4_000_000;
    // One actor and two people, seven calls of each in the same millisecond, so that some are parted where a page ends.
    bench.host.0.execute(&format!(
        "WITH RECURSIVE calls (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM calls WHERE n < 3999) INSERT INTO attempts \
         (identity, test, order_text, actor, person, instance, fingerprint, state, started_at, intent_seq) SELECT n || '//', \
         0, '{{}}', 'key:a', iif(n % 2, 'olga', 'anna'), '', '', 'revoked', {first} + n / 14 * 14000 + iif(n % 2, 0, 1000), \
         1 FROM calls"
    ));
    bench.restart();
    let wait = attempt(&bench, &call("key:a", "pia", 1, false)).unwrap();
    assert!(
        (82_399..=82_400).contains(&wait),
        "until the oldest is a day old: {wait}"
    );
    assert_eq!(
        attempt(&bench, &call("key:b", "anna", 1, false)),
        None,
        "2,000 are left"
    );
}

#[test]
fn test_calls_count_for_the_minute_only() {
    let bench = Bench::with(&LIMITS);
    for number in 1..=3 {
        assert_eq!(attempt(&bench, &call("key:a", "olga", number, true)), None);
    }
    assert!(attempt(&bench, &call("key:a", "olga", 4, true)).is_some());
    for number in 10..30 {
        bench.pass(60_000);
        assert_eq!(attempt(&bench, &call("key:a", "olga", number, true)), None);
    }
}

#[test]
fn what_is_not_sent_does_not_count_and_a_limit_of_nothing_lets_nothing_through() {
    let bench = Bench::with(&LIMITS);
    for _ in 0..10 {
        let busy = bench.sent(&call("key:z", "zoe", 1, false));
        assert_eq!(bench.answered(&call("key:a", "olga", 1, false)).0, 409);
        bench.finish(&busy, "errorCode=0");
        bench.pass(86_400_000);
    }
    assert_eq!(attempt(&bench, &call("key:a", "olga", 2, false)), None);
    let closed = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "0")]);
    assert_eq!(attempt(&closed, &call("key:a", "olga", 1, true)), Some(60));
}

#[test]
fn what_the_edge_does_by_itself_counts_for_nobody() {
    let bench = Bench::with(&LIMITS);
    let lost = bench.sent(&call("key:a", "olga", 1, false));
    bench.finish(&lost, "");
    for _ in 0..6 {
        bench.pass(300_000);
        let probe = bench.due_now(Purpose::Probe);
        bench.finish(&probe, "errorCode=-35&errorMessage=x");
    }
    assert_eq!(attempt(&bench, &call("key:a", "olga", 2, false)), None);
}

#[test]
fn the_headers_tell_what_is_left() {
    let bench = Bench::with(&LIMITS);
    let revocation = call("key:a", "olga", 1, false);
    let sent = bench.sent(&revocation);
    let answer = autorevoke::edge::http_answer::HttpAnswer::ok(&json!({}));
    let told = bench.ledger.with_limits(&revocation, answer);
    let header = |name: &str| told.headers.iter().find(|(it, _)| *it == name).unwrap().1.clone();
    assert_eq!(
        header("RateLimit-Policy"),
        r#""minute";q=3;w=60, "day";q=5;w=86400"#
    );
    assert_eq!(header("RateLimit"), r#""minute";r=2;t=60, "day";r=4;t=86400"#);
    bench.finish(&sent, "errorCode=0");
}

#[test]
fn refusals_are_in_the_log_the_repeated_ones_folded() {
    let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "0")]);
    let before = bench.audit().len();
    for number in 1..=50 {
        attempt(&bench, &call("key:a", "olga", number, true));
    }
    assert_eq!(bench.audit().len(), before + 1);
    attempt(&bench, &call("key:b", "olga", 1, true));
    assert_eq!(bench.audit().len(), before + 2);
    assert!((590_000..=600_000).contains(&bench.alarm_in().unwrap()));
    bench.pass(600_000);
    bench.due();
    let log = bench.audit();
    let last = log.last().unwrap();
    assert_eq!(
        (&last["phase"], &last["reason"], &last["count"], &last["actor"]),
        (
            &json!("refused"),
            &json!("rate-limited"),
            &json!(49),
            &json!("key:a")
        )
    );
    assert_eq!(bench.alarm_in(), None);
    crate::audit_chain::assert_whole(&log);
}

#[test]
fn a_known_caller_whom_the_front_turns_away_is_in_the_log() {
    let bench = Bench::new();
    let by = Asker {
        actor: "key:a".to_owned(),
        person: "olga".to_owned(),
        instance: "urn:uuid:test".to_owned(),
    };
    let refused = Refused {
        action: "revoke".to_owned(),
        reason: "forbidden".to_owned(),
        name: Some("7".to_owned()),
    };
    for _ in 0..3 {
        bench.transaction(|ledger| ledger.refused(&by, &refused)).unwrap();
    }
    let log = bench.audit();
    let told =
        ["phase", "actor", "person", "action", "reason", "orderNumber"].map(|name| &log[OPENING][name]);
    assert_eq!(
        json!(told),
        json!(["refused", "key:a", "olga", "revoke", "forbidden", "7"])
    );
    assert_eq!(log.len(), OPENING + 1);
    assert!(bench.alarm_in().is_some(), "its repetitions are to be written");
}

#[test]
fn one_actor_is_limited_whatever_person_it_names_and_one_person_however_it_is_spelt() {
    let groups: [[(&str, &str); 3]; 5] = [
        [("key:a", "key:a"), ("key:a", "olga"), ("key:a", "pia")],
        [
            ("jwt:i#o", "jwt:i#o"),
            ("jwt:i#o", "olga"),
            ("jwt:i#o", "o@example.com"),
        ],
        [
            ("jwt:i#m", "m@a.example"),
            ("jwt:i#service:m", "jwt:i#service:m"),
            ("jwt:i#m", "m@b.example"),
        ],
        [
            ("key:b", "Zo\u{eb}"),
            ("jwt:i#z", "zoe\u{308}"),
            ("jwt:i#y", "ZO\u{cb}"),
        ],
        [
            ("key:c", "Stra\u{df}e"),
            ("key:d", "STRASSE"),
            ("key:e", "strasse"),
        ],
    ];
    for group in groups {
        let mut bench = Bench::with(&LIMITS);
        for (number, (actor, person)) in (1..).zip(group) {
            assert_eq!(
                attempt(&bench, &call(actor, person, number, false)),
                None,
                "{group:?}"
            );
            bench.restart();
        }
        for (actor, person) in group {
            let wait = attempt(&bench, &call(actor, person, 4, false));
            assert!(matches!(wait, Some(59..=60)), "{actor} {person}");
        }
        assert_eq!(attempt(&bench, &call("key:x", "xenia", 4, false)), None);
    }
}

#[test]
fn a_ledger_of_before_counts_by_actor_and_person_as_well() {
    let mut bench = Bench::with(&LIMITS);
    for number in 1..=3 {
        assert_eq!(attempt(&bench, &call("key:a", "Olga", number, true)), None);
    }
    // As versions before 3 left what the edge did by itself.
    bench
        .host
        .sql(
            "UPDATE attempts SET actor = 'edge', person = 'edge' WHERE id = 1",
            &[],
        )
        .unwrap();
    bench.restart();
    assert_eq!(attempt(&bench, &call("key:b", "OLGA", 4, true)), None);
    assert!(attempt(&bench, &call("key:b", "olga", 5, true)).is_some());
}

#[test]
fn rows_that_have_not_left_use_up_no_limit() {
    let bench = Bench::with(&[("DAILY_LIMIT", "3"), ("RATE_LIMIT_PER_MINUTE", "100")]);
    let job = bench.running(&orders([1, 2, 3], false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=0");
    for action in ["pause-job", "resume-job", "pause-job"] {
        bench.change(By("ann"), action, &job, json!({}));
    }
    // Of three one is used up.
    for number in 11..=12 {
        assert_eq!(attempt(&bench, &call("key:ann", "ann", number, false)), None);
    }
    assert!(attempt(&bench, &call("key:ann", "ann", 13, false)).is_some());
}
