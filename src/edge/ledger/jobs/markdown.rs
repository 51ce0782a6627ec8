//! The incident report as Markdown, for people: whatever came from callers or the CA stays text.

use serde_json::{Map, Value};

/// A report in words and tables.
pub(super) fn markdown(report: &Map<String, Value>) -> String {
    let member = |path: &str| {
        let value = path
            .split('.')
            .try_fold(None::<&Value>, |of, name| match of {
                None => report.get(name).map(Some),
                Some(value) => value.get(name).map(Some),
            })
            .flatten();
        match value {
            None | Some(Value::Null) => "–".to_owned(),
            Some(Value::String(text)) => escaped(text),
            Some(value) => value.to_string(),
        }
    };
    let raw = |name: &str| report.get(name).and_then(Value::as_str).unwrap_or_default();
    let drill = report.get("drill") == Some(&Value::Bool(true));
    let title = if drill {
        "Revocation drill"
    } else {
        "Revocation report"
    };
    let mut text = format!(
        "# {title}: {}\n\n",
        if report.contains_key("name") {
            member("name")
        } else {
            member("jobId")
        }
    );
    text += &format!("Job `{}`. {}\n\n", raw("jobId"), member("statement"));
    let mut table = |heading: &str, rows: &[(&str, String)]| {
        text += &format!("## {heading}\n\n| | |\n| --- | --- |\n");
        for (name, value) in rows {
            text += &format!("| {name} | {value} |\n");
        }
        text.push('\n');
    };
    // Each line that begins the sum is there whatever the job is, so that they always add up: jobs that were planned before
    // plans had to be either a drill or real may have both.
    let figures = [
        ("Orders", member("total")),
        ("Accepted by the CA in all", member("accepted")),
        ("– revoked, or cancelled if not issued", member("revoked")),
        ("– had been revoked before", member("alreadyRevoked")),
        ("– had been rejected before", member("alreadyRejected")),
        ("Tested, and nothing changed", member("tested")),
        ("Not yet", member("remaining")),
        ("Failed", member("failed")),
        ("Unknown", member("unknown")),
        ("Cancelled before they were sent", member("cancelled")),
        ("Rows merged as duplicates", member("duplicates")),
    ];
    table("Orders", &figures);
    let met = match report.get("deadlineMet") {
        Some(Value::Bool(true)) => "yes",
        Some(Value::Bool(false)) => "**no**",
        _ => "open",
    };
    let risk = if report.get("atRisk") == Some(&Value::Bool(true)) {
        "**yes**"
    } else {
        "no"
    };
    table(
        "Times",
        &[
            ("State", member("state")),
            ("Report made", member("generatedAt")),
            (
                "Planned",
                format!(
                    "{} by {}",
                    member("planned.createdAt"),
                    member("planned.createdBy")
                ),
            ),
            (
                "Started",
                format!("{} by {}", member("actual.startedAt"), member("actual.startedBy")),
            ),
            ("First call", member("actual.firstSentAt")),
            ("Last answer", member("actual.lastAnswerAt")),
            ("Finished", member("actual.finishedAt")),
            ("Duration in seconds", member("actual.durationSeconds")),
            ("Deadline", member("planned.deadline")),
            ("Deadline met", met.to_owned()),
            ("At risk", risk.to_owned()),
            ("Orders a second now", member("rate")),
            ("Orders a second needed", member("neededRate")),
            ("Expected end", member("eta")),
        ],
    );
    let list = |value: Option<&Value>| {
        let numbers: Vec<&str> = value
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        numbers.join(", ")
    };
    let array = |name: &str| {
        report
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    if !array("failures").is_empty() {
        text += "## Failed, and why\n\n| code | meaning | orders | order numbers (the first 100) |\n| --- | --- | --- | --- |\n";
        for failure in array("failures") {
            let text_of = |name: &str| escaped(failure.get(name).and_then(Value::as_str).unwrap_or_default());
            let number = |name: &str| failure.get(name).map(Value::to_string).unwrap_or_default();
            text += &format!(
                "| {} | {}: {} {} | {} | {} |\n",
                number("errorCode"),
                text_of("title"),
                text_of("meaning"),
                text_of("advice"),
                number("count"),
                list(failure.get("orderNumbers")),
            );
        }
        text.push('\n');
    }
    if !array("unknownOrders").is_empty() {
        text += &format!(
            "## Unknown\n\nThe CA may or may not have carried these out; do not assume either. They go on being settled, but for \
             those that wait for a person. The first 100: {}\n\n",
            list(report.get("unknownOrders"))
        );
    }
    let count = |name: &str| report.get(name).and_then(Value::as_i64).unwrap_or_default();
    let (waiting, since_restore) = (count("waitsForPerson"), count("unknownSinceRestore"));
    if waiting + since_restore > 0 {
        text += &format!(
            "## For a person to decide\n\nNothing more is done by itself about {waiting} orders whose outcome is unknown. \
             {since_restore} orders are unknown since the ledger was restored from a backup, those among them that are listed as \
             failed here: they may have been sent again since it was made, and carried out.\n\n"
        );
    }
    if count("weakerReason") > 0 {
        text += &format!(
            "## Reasons\n\n{} orders for which keyCompromise was asked had been revoked before, perhaps for a weaker reason. A \
             reason cannot be corrected by this call.\n\n",
            member("weakerReason")
        );
    }
    text += "## Who\n\n";
    for approval in array("approvals") {
        text += &format!("- Approved by {}\n", signed(&approval));
    }
    if let Some(declined) = report.get("declined") {
        text += &format!(
            "- Declined by {}: {}\n",
            signed(declined),
            member("declined.comment")
        );
    }
    text += &format!(
        "- Planned by {}, started by {}\n\n",
        member("planned.createdBy"),
        member("actual.startedBy")
    );
    let checkpoint = report.get("checkpoint").cloned().unwrap_or_default();
    text += &format!(
        "## Evidence\n\nPlan hash (SHA-256): `{}`\n\nThe audit log's signed head when this report was made:\n\n```json\n{checkpoint}\n```\n",
        member("planned.planHash")
    );
    text
}

/// Who has said something of the job, and when.
fn signed(said: &Value) -> String {
    let of = |name: &str| escaped(said.get(name).and_then(Value::as_str).unwrap_or_default());
    format!("{} ({}) at {}", of("person"), of("actor"), of("time"))
}

/// Text that stays text in Markdown, and in a cell of a table.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}
