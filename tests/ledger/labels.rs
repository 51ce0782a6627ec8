//! What people call certificates, and what these say of themselves: kept with plans and calls, shown, and never sent.

use autorevoke::edge::command::{ListOrders, Page};
use autorevoke::edge::ledger::{Host, Purpose, Reported, report_answer};
use autorevoke::list::{Columns, List};
use serde_json::{Value, json};

use crate::job_bench::{By, everything, one, plan_of};
use crate::sqlite_host::{Bench, read, real, revocation, test};

const ANN: By = By("ann");
const LEAF: &str = include_str!("../front/certificates/leaf.pem");

fn labelled(number: &str, label: &str) -> Value {
    json!({ "orderNumber": number, "codeReason": 1, "label": label })
}

fn listed(bench: &Bench) -> Vec<Value> {
    let command = ListOrders {
        read: everything(),
        page: Page { after: 0, limit: 100 },
        state: None,
    };
    let (_, page) = read(&bench.ledger.orders(&command).unwrap());
    page["orders"].as_array().unwrap().clone()
}

fn report(bench: &Bench, job: &Value, markdown: bool) -> String {
    let answer = bench
        .ledger
        .job_report(&ANN.asker(), &one(job), markdown)
        .unwrap();
    let Reported::Report(report, markdown) = answer else {
        panic!("there is no report")
    };
    let head = report.checkpoint.clone();
    report_answer(*report, head, markdown).body
}

#[test]
fn rows_say_what_their_plan_called_them_and_what_their_certificates_say() {
    let bench = Bench::new();
    let certificate = json!({ "certificate": LEAF, "codeReason": 1 });
    let orders = json!([labelled("1", " the shop "), certificate, { "orderNumber": "3", "codeReason": 1 }]);
    let job = bench.plan(ANN, &orders, json!({}));
    let rows = bench.rows(&job);
    assert_eq!(
        (&rows[0]["label"], rows[0].get("certificate")),
        (&json!("the shop"), None)
    );
    let says = &rows[1]["certificate"];
    let names: Vec<&str> = says["names"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(rows[1]["label"], names.join(", "));
    assert!(
        !names.is_empty() && says["issuer"].is_string() && says["notAfter"].is_string(),
        "{says}"
    );
    assert_eq!((rows[2].get("label"), rows[2].get("certificate")), (None, None));
    assert_eq!(
        bench.number("SELECT COUNT(*) FROM job_orders WHERE about IS NULL"),
        1
    );
    let forms = std::iter::from_fn(|| bench.next_call());
    bench.change(ANN, "start-job", &job, json!({}));
    let mut sent = 0;
    for attempt in forms {
        let form = bench.form_of(&attempt);
        assert!(
            !form.contains("label") && !form.contains("shop") && !form.contains("issuer"),
            "{form}"
        );
        bench.finish(&attempt, "errorCode=0");
        sent += 1;
    }
    assert_eq!(sent, 3);
    assert!(bench.audit().iter().all(|entry| entry.get("label").is_none()));
}

#[test]
fn a_plan_hash_is_of_what_is_sent() {
    let hash = |label: Option<&str>| {
        let mut order = json!({ "orderNumber": "1", "codeReason": 1 });
        order
            .as_object_mut()
            .unwrap()
            .extend(label.map(|label| ("label".to_owned(), label.into())));
        plan_of(&json!({ "orders": [order] })).hash()
    };
    assert_eq!(hash(None), hash(Some("a")));
    assert_eq!(hash(Some("b")), hash(Some("a")));
}

#[test]
fn known_and_merged_orders_are_called_as_this_plan_calls_them() {
    let bench = Bench::new();
    bench.finish(&bench.sent(&real("1")), "errorCode=0");
    let twice = json!({ "orderNumber": "2", "codeReason": 4 });
    let orders = json!([labelled("1", "a"), twice, labelled("2", "b")]);
    let job = bench.plan(ANN, &orders, json!({}));
    assert_eq!(job["known"]["orders"][0]["label"], "a");
    assert_eq!(job["merged"][0]["label"], "b");
    let again = bench.job(&job);
    assert_eq!(
        (&again["known"], &again["merged"]),
        (&job["known"], &job["merged"])
    );
}

#[test]
fn the_history_of_an_order_says_what_its_newest_call_was_made_for_that_says_anything() {
    let bench = Bench::new();
    for label in ["old", "new"] {
        bench.running(&json!([labelled("1", label)]), json!({}));
        bench.send_rows("errorCode=-35");
    }
    // A call that says nothing, and a drill, leave it.
    bench.finish(&bench.sent(&test("1")), "errorCode=0");
    bench.finish(&bench.sent(&real("1")), "");
    assert_eq!(bench.order("1").1["label"], "new");
    assert_eq!(listed(&bench)[0]["label"], "new");
    // It goes on to say so when the edge itself sends the order again.
    bench.pass(1_500);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
    bench.pass(60_000);
    bench.finish(&bench.due_now(Purpose::Resend), "errorCode=0");
    assert_eq!(bench.order("1").1["label"], "new");
    assert_eq!(listed(&bench)[0]["label"], "new");
    bench.finish(&bench.sent(&real("2")), "errorCode=0");
    assert_eq!(
        (bench.order("2").1.get("label"), listed(&bench)[1].get("label")),
        (None, None)
    );
}

#[test]
fn a_drill_of_an_order_that_was_never_sent_says_what_it_is_called() {
    let bench = Bench::new();
    let mut order = labelled("1", "a");
    order["test"] = true.into();
    bench.running(&json!([order]), json!({}));
    bench.send_rows("errorCode=0");
    assert_eq!(bench.order("1").1["label"], "a");
}

#[test]
fn a_single_call_keeps_what_its_certificate_says() {
    let bench = Bench::new();
    let mut call = revocation(
        "key:a",
        None,
        json!({ "serialNumber": "0A", "codeReason": 1, "test": false }),
    );
    call.about = Some(
        json!({ "label": "www.example.com", "certificate": {
        "names": ["www.example.com"], "issuer": "CN=Example CA", "notAfter": "2027-01-01T00:00:00Z" } })
        .to_string(),
    );
    bench.finish(&bench.sent(&call), "errorCode=0");
    let (_, order) = bench.order("serial:0A");
    assert_eq!(
        (&order["label"], &order["certificate"]["issuer"]),
        (&json!("www.example.com"), &json!("CN=Example CA"))
    );
    let listed = listed(&bench);
    assert_eq!(
        (&listed[0]["label"], listed[0].get("certificate")),
        (&json!("www.example.com"), None)
    );
}

/// Whoever had a certificate issued has chosen the names in it.
#[test]
fn a_label_stays_text_in_csv_and_in_markdown() {
    let bench = Bench::new();
    let labels = [
        "=HYPERLINK(\"x\")",
        "-1",
        "www.example.com",
        "a|b`<i>",
        "![x](y)",
        "\u{202e}x\u{7}",
    ];
    let orders: Value = (1..)
        .zip(labels)
        .map(|(number, label)| labelled(&number.to_string(), label))
        .collect();
    let job = bench.running(&orders, json!({}));
    bench.send_rows("errorCode=-35");
    let csv = bench.csv(&job);
    let header = csv.lines().next().unwrap();
    assert!(header.ends_with(",label"), "{header}");
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
    // It reads back as it was.
    let list = List::open(csv.as_bytes(), Columns::default()).unwrap();
    let mut read = Vec::new();
    list.rows(100, &mut |row, _| {
        read.push(row.about.label.map(|it| it.to_string()))
    });
    let rows = bench.rows(&job);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| row["label"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(read, shown);
    assert_eq!(
        shown[..5],
        labels[..5]
            .iter()
            .map(|it| Some((*it).to_owned()))
            .collect::<Vec<_>>()
    );
    assert_eq!(shown[5].as_deref(), Some("x"));

    let json: Value = serde_json::from_str(&report(&bench, &job, false)).unwrap();
    assert_eq!(json["labels"]["3"], "www.example.com");
    assert_eq!(json["labels"].as_object().unwrap().len(), labels.len());
    let markdown = report(&bench, &job, true);
    for shown in ["4 (a\\|b\\`\\<i\\>)", "5 (\\!\\[x\\](y))"] {
        assert!(markdown.contains(shown), "{markdown}");
    }
}

#[test]
fn what_cannot_be_read_of_a_label_hides_nothing_else() {
    let bench = Bench::new();
    let job = bench.running(&json!([labelled("1", "a")]), json!({}));
    bench.send_rows("errorCode=0");
    bench
        .host
        .sql("UPDATE job_orders SET about = '{\"label\":7}'", &[])
        .unwrap();
    assert_eq!(
        (&bench.rows(&job)[0]["outcome"], &bench.order("1").1["state"]),
        (&json!("revoked"), &json!("revoked"))
    );
}
