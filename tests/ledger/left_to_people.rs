//! What is left to people is said wherever an order is: by itself, among the rows of its job, in the CSV and in the report.

use autorevoke::edge::ledger::{Reported, report_answer};
use serde_json::{Value, json};

use crate::job_bench::{By, one, orders};
use crate::sqlite_host::Bench;

const ANN: By = By("ann");
const MARKS: [&str; 2] = ["waitsForPerson", "unknownSinceRestore"];

pub fn report(bench: &Bench, job: &Value, markdown: bool) -> String {
    let by = ANN.asker();
    let reported = bench
        .transaction(|ledger| ledger.job_report(&by, &one(job), markdown))
        .unwrap();
    match reported {
        Reported::Report(report, markdown) => {
            let head = report.checkpoint.clone();
            report_answer(*report, head, markdown).body
        }
        Reported::Answer(answer) => panic!("{answer:?}"),
    }
}

/// The marks of each row, after they were compared with those of the CSV and of the report.
fn marks(bench: &Bench, job: &Value) -> Vec<[bool; 2]> {
    let of = |row: &Value| MARKS.map(|mark| row.get(mark).is_some_and(|mark| *mark == true));
    let rows = bench.rows(job);
    let marks: Vec<[bool; 2]> = rows.iter().map(of).collect();
    let csv = bench.csv(job);
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let places = MARKS.map(|mark| header.iter().position(|column| *column == mark).unwrap());
    for (line, marks) in csv.lines().skip(1).zip(&marks) {
        let cells: Vec<&str> = line.split(',').collect();
        let told = places.map(|place| cells[place]);
        assert_eq!(told, marks.map(|mark| if mark { "true" } else { "" }), "{line}");
    }
    let figures: Value = serde_json::from_str(&report(bench, job, false)).unwrap();
    let text = report(bench, job, true);
    for (place, name) in MARKS.into_iter().enumerate() {
        let count = marks.iter().filter(|marks| marks[place]).count();
        assert_eq!(figures[name], count, "{name} in {figures}");
    }
    let any = marks.iter().any(|marks| marks.contains(&true));
    assert_eq!(text.contains("## For a person to decide"), any, "{text}");
    marks
}

/// The marks that the orders of a job have by themselves.
fn marks_of_orders(bench: &Bench, job: &Value) -> Vec<[bool; 2]> {
    let rows = bench.rows(job);
    let order = |row: &Value| bench.order(row["orderNumber"].as_str().unwrap()).1;
    let of = |order: Value| MARKS.map(|mark| order.get(mark).is_some_and(|mark| *mark == true));
    rows.iter().map(order).map(of).collect()
}

#[test]
fn a_row_whose_probes_have_ended_waits_for_a_person() {
    let bench = Bench::with(&[("RESEND_WINDOW_MS", "0")]);
    let job = bench.running(&orders([1, 2, 3], false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=-35&errorMessage=expired");
    bench.finish(&bench.next_row(), "");
    let drill = bench.running(&orders([11], true), json!({}));
    assert_eq!(marks(&bench, &job), [[false; 2]; 3]);
    for _ in 0..60 {
        bench.pass(1_800_000);
        for probe in bench.due() {
            assert_eq!(marks(&bench, &job), marks_of_orders(&bench, &job));
            bench.finish(&bench.sent(&probe), "errorCode=0");
        }
    }
    assert_eq!(marks(&bench, &job), [[false; 2], [true, false], [false; 2]]);
    assert_eq!(marks(&bench, &job), marks_of_orders(&bench, &job));
    assert_eq!(marks(&bench, &drill), [[false; 2]]);
}

#[test]
fn what_is_not_known_since_a_restore_is_said_of_every_row_that_it_is_so_of() {
    let bench = Bench::new();
    let done = bench.running(&orders([1, 2], false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=-35&errorMessage=expired");
    bench.finish(&bench.next_row(), "errorCode=0");
    let job = bench.running(&orders([2, 3, 4], false), json!({}));
    bench.finish(&bench.next_row(), "errorCode=-21&errorMessage=x");
    bench.finish(&bench.next_row(), "");
    let seen = json!({ "seq": 99_999, "hash": "0".repeat(64), "ledger": "x" });
    assert!(
        bench
            .transaction(|ledger| ledger.check_high_water_mark(&seen))
            .unwrap()
    );
    // Refused before, and revoked.
    assert_eq!(marks(&bench, &done), [[true; 2], [false; 2]]);
    assert_eq!(marks(&bench, &done), marks_of_orders(&bench, &done));
    // The second is probed; the third was never sent, as far as this ledger knows.
    assert_eq!(marks(&bench, &job), [[false; 2], [false; 2], [true; 2]]);
    assert_eq!(
        bench.rows(&done)[0]["outcome"],
        "refused",
        "that is what its call brought"
    );
}

#[test]
fn a_report_of_any_number_of_codes_names_a_hundred_and_adds_up() {
    let bench = Bench::new();
    let job = bench.running(&orders(1..=130, false), json!({}));
    for code in 1..=130 {
        bench.finish(
            &bench.next_row(),
            &format!("errorCode={}&errorMessage=x", -1_000 - code),
        );
    }
    bench
        .host
        .0
        .execute("UPDATE job_orders SET error_code = NULL WHERE row <= 2");
    let figures: Value = serde_json::from_str(&report(&bench, &job, false)).unwrap();
    let failures = figures["failures"].as_array().unwrap();
    let counts: Vec<i64> = failures.iter().map(|it| it["count"].as_i64().unwrap()).collect();
    assert_eq!((counts.len(), counts.iter().sum::<i64>()), (101, 130));
    assert_eq!((&figures["failed"], counts[100]), (&json!(130), 29));
    assert_eq!(
        [&failures[0]["title"], &failures[100]["title"]],
        ["Not sent", "Other codes"]
    );
    assert!(failures.iter().all(|it| it["title"] != "Done"));
    let text = report(&bench, &job, true);
    assert!(text.contains("| null | Other codes: 29 more codes"), "{text}");
}
