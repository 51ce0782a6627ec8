//! Each file in `tests/files` gives what `expected.json` says.

use std::fs;
use std::path::{Path, PathBuf};

use autorevoke::list::plan_rules::{Options, Plan, Planned, plan};
use autorevoke::list::{Columns, Faults};
use autorevoke::protocol::CodeReason;
use serde_json::{Map, Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

fn options(words: &Value) -> Options {
    let mut options = Options {
        columns: Columns::default(),
        code_reason: None,
        max_rows: 100_000,
    };
    let words: Vec<&str> = words
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    for pair in words.chunks(2) {
        match pair {
            ["--reason", name] => options.code_reason = Some(CodeReason::from_name(name).unwrap()),
            ["--columns", text] => options.columns = Columns::parse(text).unwrap(),
            _ => panic!("{pair:?}"),
        }
    }
    options
}

fn name(planned: &Planned) -> Map<String, Value> {
    let name = planned.order.name();
    Map::from_iter([(name.parameter().to_owned(), name.value().into())])
}

/// The members of a plan as they are expected.
fn summary(plan: &Plan) -> Value {
    let reasons = plan.reasons().into_iter();
    let reasons = reasons.map(|(reason, count)| (reason.name().to_owned(), count.into()));
    let conflicts = plan.merged.iter().filter(|merged| merged.conflict).map(|merged| {
        let planned = &plan.orders[merged.order];
        let mut conflict = name(planned);
        conflict.insert("codeReason".into(), planned.order.code_reason().name().into());
        Value::from(conflict)
    });
    json!({
        "total": plan.orders.len(),
        "names": plan.orders.iter().map(name).collect::<Vec<_>>(),
        "reasons": Map::from_iter(reasons),
        "duplicates": plan.duplicates,
        "conflicts": conflicts.collect::<Vec<_>>(),
        "drill": plan.is_drill(),
    })
}

fn plan_difference(plan: &Plan, expected: &Map<String, Value>) -> Option<String> {
    let found = summary(plan);
    for (member, value) in found.as_object().unwrap() {
        if expected.get(member) != Some(value) {
            return Some(format!("{member}: {value}, expected {:?}", expected.get(member)));
        }
    }
    let labels: Vec<&str> = plan
        .orders
        .iter()
        .map(|it| it.label().unwrap_or_default())
        .collect();
    if let Some(strange) = labels.iter().find(|label| label.contains(is_unprintable)) {
        return Some(format!("label {strange:?}"));
    }
    for (at, label) in expected
        .get("labels")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        if !labels[at].contains(label.as_str().unwrap()) {
            return Some(format!("label {:?}, expected {label}", labels[at]));
        }
    }
    for (at, comment) in expected
        .get("comments")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let planned = &plan.orders[at];
        let shared = plan.comment.as_deref().filter(|_| planned.shares_comment);
        if planned.order.revocation_reason().or(shared) != comment.as_str() {
            return Some(format!(
                "comment of {at}: {:?}",
                planned.order.revocation_reason()
            ));
        }
    }
    for words in expected
        .get("says")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if !plan.says().unwrap_or_default().contains(words.as_str().unwrap()) {
            return Some(format!("says {:?}", plan.says()));
        }
    }
    None
}

/// The characters that are looked for by hand: what the reader takes for unprintable is what is tested.
fn is_unprintable(c: char) -> bool {
    c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{2028}'..='\u{202e}').contains(&c)
}

fn fault_difference(faults: &Faults, expected: &Map<String, Value>) -> Option<String> {
    let text = faults
        .named()
        .iter()
        .map(|(what, fault)| format!("{what} {fault}.\n"));
    let text: String = text.collect();
    let lower = text.to_lowercase();
    for part in expected["contains"].as_array().unwrap() {
        if !lower.contains(&part.as_str().unwrap().to_lowercase()) {
            return Some(format!("no {part} in: {text}"));
        }
    }
    if let Some(rows) = expected.get("rows")
        && *rows != json!(faults.rows())
    {
        return Some(format!("rows {:?}, expected {rows}: {text}", faults.rows()));
    }
    let strange = |c: char| c == char::REPLACEMENT_CHARACTER || (c != '\n' && is_unprintable(c));
    if text.contains(strange) || text.contains("0 rows") || text.contains("PK") && !text.contains("PKCS") {
        return Some(format!("quotes what is no text: {text:?}"));
    }
    (faults.count() < faults.named().len()).then(|| "counts fewer than it names".to_owned())
}

#[test]
fn every_file_gives_what_is_expected_of_it() {
    let expected = fs::read(folder().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let mut cases = 0;
    let mut differences = Vec::new();
    for (file, about) in expected["files"].as_object().unwrap() {
        let bytes = fs::read(folder().join(file)).unwrap();
        for (at, case) in about["cases"].as_array().unwrap().iter().enumerate() {
            cases += 1;
            let found = plan(&bytes, &options(&case["options"]));
            let difference = match (&found, case.get("plan"), case.get("fault")) {
                (Ok(plan), Some(expected), _) => plan_difference(plan, expected.as_object().unwrap()),
                (Err(faults), _, Some(expected)) => fault_difference(faults, expected.as_object().unwrap()),
                (Ok(plan), ..) => Some(format!("is planned: {}", summary(plan))),
                (Err(faults), ..) => Some(format!("is refused: {:?}", faults.named())),
            };
            differences.extend(difference.map(|difference| format!("{file}, case {}: {difference}", at + 1)));
        }
    }
    assert!(cases >= 130, "{cases} cases");
    assert!(
        differences.is_empty(),
        "{} of {cases}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
