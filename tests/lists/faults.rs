//! What is wrong with a list is named with its cause, once, and where it is.

use autorevoke::list::plan_rules::{Options, Plan, plan};
use autorevoke::list::{Columns, Faults, MAX_NAMED};
use autorevoke::protocol::CodeReason;

fn read(text: impl AsRef<[u8]>, columns: &str) -> Result<Plan, Faults> {
    let columns = match columns {
        "" => Columns::default(),
        text => Columns::parse(text).unwrap(),
    };
    let options = Options {
        columns,
        code_reason: Some(CodeReason::Superseded),
        max_rows: 5_000,
    };
    plan(text.as_ref(), &options)
}

/// The faults as sentences.
fn faults(text: impl AsRef<[u8]>) -> Vec<String> {
    let faults = read(text, "").unwrap_err();
    faults
        .named()
        .iter()
        .map(|(what, fault)| format!("{what} {fault}"))
        .collect()
}

#[track_caller]
fn only_fault(text: impl AsRef<[u8]>, part: &str) {
    let faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains(part), "{faults:?}");
}

#[test]
fn every_fault_of_every_row_is_named() {
    let found = faults("orderNumber,codeReason,test,product,label\n0,9,y,x,a\n1,1,Y,1,a\n1.0,1,Y,1,a\n");
    let fields: Vec<&str> = found
        .iter()
        .map(|fault| fault.split(' ').nth(2).unwrap())
        .collect();
    assert_eq!(
        fields,
        ["product", "codeReason", "test", "orderNumber", "orderNumber"],
        "{found:?}"
    );
    assert!(
        found.iter().take(4).all(|fault| fault.starts_with("row 1: ")),
        "{found:?}"
    );
    assert!(found[4].starts_with("row 3: "), "{found:?}");
}

#[test]
fn more_faults_than_are_named_are_counted_and_their_rows_numbered() {
    let rows = 3 * MAX_NAMED;
    let found = read(format!("orderNumber\n{}", "x\n".repeat(rows)), "").unwrap_err();
    assert_eq!((found.named().len(), found.count()), (MAX_NAMED, rows));
    assert!(found.rows().iter().copied().eq(1..=rows));
}

#[test]
fn the_cause_of_many_faults_is_named_first() {
    let rows = "x,a\n".repeat(2 * MAX_NAMED);
    let found = read(format!("orderNumber,label\n{rows}1;a\n2,\"").into_bytes(), "").unwrap_err();
    let (what, fault) = &found.named()[0];
    assert!(
        what == "list" && fault.contains("second separator") && fault.contains("never closed"),
        "{fault}"
    );
    assert_eq!(
        (found.named().len(), found.count()),
        (MAX_NAMED, 2 * MAX_NAMED + 2)
    );
    // Rows follow as they stand, whatever is wrong with each.
    let found = faults("orderNumber,label\nx,a\n1\ny,b\n");
    let rows: Vec<&str> = found.iter().map(|fault| fault.split_at(5).0).collect();
    assert_eq!(rows, ["row 1", "row 2", "row 3"]);
}

#[test]
fn no_value_is_quoted() {
    let secret = "hunter2";
    for text in [
        format!("orderNumber,test\n{secret},{secret}\n"),
        format!("orderNumber,product\n1,{secret}\n"),
        format!("orderNumber\n1,{secret}\n"),
        format!("orderNumber,\n1,{secret}\n"),
        format!("{{\"orders\":[{{\"orderNumber\":\"{secret}\",\"certificate\":\"{secret}\"}}]}}"),
        format!("{{\"orders\":[\"{secret}\"]}}"),
        format!("[{{\"serial_number\":\"{secret}\"}}]"),
        format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"),
        format!("0a\n{secret}\n"),
        format!("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg{secret}\n"),
    ] {
        let faults = faults(&text);
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| !fault.contains(secret)),
            "{text}: {faults:?}"
        );
    }
}

#[test]
fn names_of_columns_are_clipped_and_printable() {
    let name = format!("evil\u{202e}\u{1b}[2J{}", "x".repeat(1_000_000));
    let found = faults(format!("orderNumber,{name}\n1,2\n"));
    assert!(
        found[0].contains("evil  [2Jxxx") && found[0].len() < 1_000,
        "{found:?}"
    );
    let many = vec!["a column"; 500].join(",");
    let found = faults(format!("orderNumber,{many}\n"));
    assert!(
        found[0].contains("and 480 more") && found[0].len() < 1_000,
        "{found:?}"
    );
}

#[test]
fn what_programs_write_above_the_header_is_no_row() {
    for above in [
        "sep=;\n",
        "\n\"SEP=;\"\r\n",
        "#TYPE System.Object\nsep=;\n",
        "sep=;\n#TYPE x\n\n",
    ] {
        let plan =
            read(format!("{above}orderNumber;label\n1;a\n"), "").unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!((plan.orders[0].row, plan.orders[0].label()), (1, Some("a")));
    }
    only_fault("sep=|\norderNumber|label\n1|a\n", "sep= line that says neither");
    only_fault("sep=;\n", "has no header row");
    // With one column every separator is as good.
    assert!(read("sep=;\norderNumber\n1\n", "").is_ok());
}

#[test]
fn a_label_has_no_blanks_around_it_where_something_could_not_be_shown() {
    let plan = read("orderNumber,label\n1,\u{1b}'=[2Jx\u{200b}\n2,\u{feff}\n", "").unwrap();
    let labels: Vec<_> = plan.orders.iter().map(|it| it.label()).collect();
    assert_eq!(labels, [Some("'=[2Jx"), None]);
}

#[test]
fn an_array_that_no_search_has_found_is_refused_once() {
    only_fault("[{\"orderNumber\":1},2,{}]", "a plan is an object");
    only_fault("[]", "at least one row");
    only_fault("[1", "ends too early");
    let entry = "[{\"cert_der\":\"AAAA\",\"dns_names\":[]}]";
    let found = faults(entry);
    assert!(found[0].starts_with("row 1: cert_der is no X.509"), "{found:?}");
}

#[test]
fn of_a_certificate_that_cannot_be_read_no_order_number_is_missing() {
    only_fault(
        "[{\"cert_der\":\"AAAA\",\"dns_names\":[]}]",
        "cert_der is no X.509",
    );
    only_fault(
        "{\"orders\":[{\"certificate\":\"-----BEGIN CERTIFICATE-----\"}]}",
        "certificate is never closed",
    );
    only_fault(
        "{\"orders\":[{\"certificate\":1}]}",
        "certificate must be a certificate in PEM",
    );
}

#[test]
fn a_chain_without_the_certificate_itself_is_no_list() {
    let chain = include_str!("../files/fullchain.pem");
    let (_, above) = chain.split_once("-----END CERTIFICATE-----").unwrap();
    only_fault(above, "only certificates of CAs");
    let only = read(chain, "").unwrap();
    assert_eq!((only.orders.len(), only.left_out), (1, 2));
}

#[test]
fn a_column_that_is_there_many_times_is_named_once() {
    only_fault(format!("orderNumber{}\n", ",Label".repeat(100)), "twice");
}

#[test]
fn empty_rows_are_taken_at_the_end_only() {
    let plan = read("orderNumber,label\n1,a\n,\n , \n\n", "").unwrap();
    assert_eq!(plan.orders.len(), 1);
    only_fault("orderNumber,label\n1,a\n,\n2,b\n,\n", "row 2 is empty");
}

#[test]
fn a_fault_of_all_rows_is_reported_once_and_numbers_them() {
    let found = read(b"orderNumber,label\n1,\xFC\n2,u\n3,\xFC\n", "").unwrap_err();
    assert_eq!((found.count(), found.rows()), (1, &[1, 3][..]));
    let found = read("orderNumber;label\n1,a\n2;b\n3,c\n", "").unwrap_err();
    assert_eq!((found.count(), found.rows()), (1, &[1, 3][..]));
    let found = read(
        "[{\"tbs_sha256\":\"\"},{\"serial_number\":\"0A\"},{\"tbs_sha256\":\"\"}]",
        "",
    )
    .unwrap_err();
    assert_eq!((found.count(), found.rows()), (1, &[1, 3][..]));
}

#[test]
fn several_faults_of_all_rows_are_all_named() {
    let found = read(b"orderNumber;label\n1,a\n2;\xFC\n3;\"", "").unwrap_err();
    let [(what, fault)] = found.named() else {
        panic!("{found}")
    };
    assert_eq!(
        (what.as_str(), found.count(), found.rows()),
        ("list", 3, &[1, 2][..])
    );
    for part in ["never closed", "CSV UTF-8", "second separator"] {
        assert!(fault.contains(part), "{fault}");
    }
}

#[test]
fn more_rows_than_a_job_may_have_are_no_list_of_bad_rows() {
    for text in [
        format!("orderNumber\n{}", "1\n".repeat(5_001)),
        format!("orderNumber,label\n{}", "1\n".repeat(50_000)),
        format!("orderNumber,label\n{}1,a\n", ",\n".repeat(50_000)),
        "0a\n".repeat(5_001),
        format!("{{\"orders\":[{}1]}}", "1,".repeat(5_001)),
        format!("[{}1]", "1,".repeat(5_001)),
        "-----BEGIN X-----\n-----END X-----\n".repeat(5_001),
    ] {
        let found = read(&text, "").unwrap_err();
        assert!(
            found.rows().is_empty() && found.count() == 1,
            "{:?}",
            found.named()
        );
        assert!(found.named()[0].1.contains("5000"), "{:?}", found.named());
    }
    assert!(read(format!("orderNumber\n{}", "1\n".repeat(5_000)), "").is_ok());
}

#[test]
fn the_rows_of_a_plan_as_json_are_named_by_certificates_too() {
    let pem = include_str!("../files/fullchain.pem");
    let row = |members: &str| format!("{{\"orders\":[{{{members}}}]}}");
    let certificate = format!("\"certificate\":{}", serde_json::Value::from(pem));
    let plan = read(row(&certificate), "").unwrap();
    assert_eq!(
        plan.orders[0].order.name().text(),
        "serial:B71E0C5D4A9F3E2168D0C7B5A4938271"
    );
    assert!(plan.orders[0].label().unwrap().contains("www.example.com"));
    let plan = read(row(&format!("{certificate},\"label\":\"the shop\"")), "").unwrap();
    assert_eq!(plan.orders[0].label(), Some("the shop"));

    only_fault(
        row(&format!("{certificate},\"orderNumber\":1")),
        "one name too many",
    );
    only_fault(row("\"orderNumber\":1,\"label\":2"), "must be a string");
    let found = faults(row("\"certificate\":\"x\""));
    assert!(
        found[0].contains("certificate has no certificate in it"),
        "{found:?}"
    );
}

#[test]
fn of_a_certificate_that_was_cut_the_next_one_is_no_part() {
    let pem = include_str!("../files/certificate-base64.cer");
    let (cut, _) = pem.split_at(pem.len() / 2);
    let found = read(format!("{pem}{cut}\n{pem}{cut}"), "").unwrap_err();
    let named: Vec<&str> = found.named().iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(named, ["certificate 2", "certificate 4"]);
    assert_eq!(found.rows(), [2, 4]);
}

#[test]
fn a_row_has_no_more_members_than_can_be_named() {
    let members: String = (0..100).map(|at| format!(",\"{at}\":1")).collect();
    only_fault(
        format!("{{\"orders\":[{{\"orderNumber\":1{members}}}]}}"),
        "more than 64 members",
    );
    let defaults = format!("{{\"orders\":[{{\"orderNumber\":1}}],\"defaults\":{{\"test\":true{members}}}}}");
    only_fault(defaults, "more than 64 members");
}

#[test]
fn defaults_that_are_each_rows_own_are_refused() {
    for name in [
        "orderNumber",
        "serialNumber",
        "certificateID",
        "certificate",
        "label",
    ] {
        let text = format!("{{\"defaults\":{{\"{name}\":\"1\"}},\"orders\":[{{\"orderNumber\":1}}]}}");
        only_fault(text, "is each order's own");
    }
}

#[test]
fn a_lists_own_default_comes_before_the_one_that_is_asked_for() {
    let plan = read(
        "{\"defaults\":{\"codeReason\":1},\"orders\":[{\"orderNumber\":1}]}",
        "",
    )
    .unwrap();
    assert_eq!(plan.reasons(), [(CodeReason::KeyCompromise, 1)]);
    // Defaults may stand behind the rows.
    let text = "{\"orders\":[{\"orderNumber\":1},{\"orderNumber\":2,\"revocationReason\":\"own\"}],\
                \"defaults\":{\"codeReason\":3,\"revocationReason\":\"shared\"},\"name\":\"x\"}";
    let plan = read(text, "").unwrap();
    assert_eq!(
        (plan.name.as_deref(), plan.comment.as_deref()),
        (Some("x"), Some("shared"))
    );
    let shares: Vec<bool> = plan.orders.iter().map(|it| it.shares_comment).collect();
    assert_eq!(shares, [true, false]);
}

#[test]
fn what_columns_mean_is_said_without_doubt() {
    for (text, part) in [
        ("", "COLUMN=NAME"),
        ("a", "has no ="),
        ("a=b", "names none of"),
        (" =label", "says no column"),
        ("a=label,A =test", "mentions a column again"),
        ("a=label\nb=test", "COLUMN=NAME"),
        ("\"a=label", "COLUMN=NAME"),
    ] {
        let fault = Columns::parse(text).unwrap_err();
        assert!(fault.contains(part), "{text}: {fault}");
    }
    let text = "\"Order, number\",Host,Test\n1,a,Y\n";
    let plan = read(text, "\"Order, number=orderNumber\",host=Label").unwrap();
    // A column with a name of ours is read all the same: without it the drill would revoke.
    assert!(plan.is_drill());
    assert_eq!(plan.orders[0].label(), Some("a"));
    let plan = read(
        "Order Number,Seriennummer\n1,0A\n",
        "Order Number=,Seriennummer=serialNumber",
    )
    .unwrap();
    assert_eq!(plan.orders[0].order.name().text(), "serial:0A");
    let faults = read("0A\n0B\n", "a=label").unwrap_err();
    assert!(faults.named()[0].1.contains("of a CSV"));
}

#[test]
fn of_rows_that_name_the_same_the_first_stays_with_the_most_serious_reason() {
    let text = "orderNumber,codeReason,label,revocationReason\n1,4,,a\n2,1,b,b\n1,1,c,c\n1,3,d,d\n2,1,e,e\n3,0,f,f\n";
    let plan = read(text, "").unwrap();
    let found: Vec<_> = plan
        .orders
        .iter()
        .map(|it| {
            (
                it.row,
                it.order.name().value(),
                it.order.revocation_reason().unwrap(),
                it.label().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [(1, "1", "c", "c"), (2, "2", "b", "b"), (6, "3", "f", "f")]
    );
    assert_eq!((plan.duplicates, plan.conflicts), (3, 1));
    let merged: Vec<_> = plan
        .merged
        .iter()
        .map(|it| (it.order, it.rows.clone(), it.count, it.conflict))
        .collect();
    assert_eq!(merged, [(0, vec![1, 3, 4], 3, true), (1, vec![2, 5], 2, false)]);
}

#[test]
fn conflicts_are_listed_before_other_duplicates_and_the_lists_are_short() {
    let mut text = "orderNumber,codeReason\n".to_owned();
    for number in 1..=300 {
        text += &format!("{number},4\n{number},{}\n", if number > 250 { 1 } else { 4 });
    }
    text += &"301,4\n".repeat(3_000);
    let plan = read(text, "").unwrap();
    assert_eq!(
        (plan.orders.len(), plan.duplicates, plan.conflicts),
        (301, 300 + 2_999, 50)
    );
    assert_eq!(plan.merged.len(), 100);
    assert_eq!(plan.merged.iter().filter(|it| it.conflict).count(), 50);
    assert!(
        plan.merged[..50]
            .iter()
            .all(|it| it.conflict && it.rows.len() == 2)
    );
}
