//! The incident report as Markdown, for people: whatever came from callers or the CA stays text.

use std::fmt::Display;

use crate::api::report::Report;
use crate::api::value::NameText;
use crate::edge::http_answer::json;
use crate::printable::printable;

/// What stands for a value that there is not.
const NONE: &str = "–";

/// A report in words and tables.
pub(super) fn markdown(report: &Report) -> String {
    let (planned, actual) = (&report.planned, &report.actual);
    let title = if report.drill {
        "Revocation drill"
    } else {
        "Revocation report"
    };
    let name = report.name.as_deref().unwrap_or(&report.job_id);
    let mut text = format!("# {title}: {}\n\n", escaped(name));
    text += &format!("Job `{}`. {}\n\n", report.job_id, escaped(&report.statement));
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
        ("Orders", report.total),
        ("Accepted by the CA in all", report.accepted),
        ("– revoked, or cancelled if not issued", report.revoked),
        ("– had been revoked before", report.already_revoked),
        ("– had been rejected before", report.already_rejected),
        ("Tested, and nothing changed", report.tested),
        ("Not yet", report.remaining),
        ("Failed", report.failed),
        ("Unknown", report.unknown),
        ("Cancelled before they were sent", report.cancelled),
        ("Rows merged as duplicates", report.duplicates),
    ];
    table(
        "Orders",
        &figures.map(|(name, figure)| (name, figure.to_string())),
    );
    let met = match report.deadline_met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "open",
    };
    let risk = if report.at_risk { "**yes**" } else { "no" };
    let started_by = shown(actual.started_by.as_deref());
    table(
        "Times",
        &[
            ("State", escaped(report.state.name())),
            ("Report made", escaped(&report.generated_at)),
            (
                "Planned",
                format!(
                    "{} by {}",
                    escaped(&planned.created_at),
                    escaped(&planned.created_by)
                ),
            ),
            (
                "Started",
                format!("{} by {started_by}", shown(actual.started_at.as_deref())),
            ),
            ("First call", shown(actual.first_sent_at.as_deref())),
            ("Last answer", shown(actual.last_answer_at.as_deref())),
            ("Finished", shown(actual.finished_at.as_deref())),
            ("Duration in seconds", figure(actual.duration_seconds)),
            ("Deadline", shown(planned.deadline.as_deref())),
            ("Deadline met", met.to_owned()),
            ("At risk", risk.to_owned()),
            ("Orders a second now", figure(report.rate)),
            ("Orders a second needed", figure(report.needed_rate)),
            ("Expected end", shown(report.eta.as_deref())),
        ],
    );
    if !report.failures.is_empty() {
        text += "## Failed, and why\n\n| code | meaning | orders | which (the first 100) |\n| --- | --- | --- | --- |\n";
        for failure in &report.failures {
            text += &format!(
                "| {} | {}: {} {} | {} | {} |\n",
                failure
                    .error_code
                    .map_or("null".to_owned(), |code| code.to_string()),
                escaped(&failure.title),
                escaped(&failure.meaning),
                escaped(&failure.advice),
                failure.count,
                list(&failure.order_numbers, report),
            );
        }
        text.push('\n');
    }
    if !report.unknown_orders.is_empty() {
        text += &format!(
            "## Unknown\n\nThe CA may or may not have carried these out; do not assume either. They go on being settled, but for \
             those that wait for a person. The first 100: {}\n\n",
            list(&report.unknown_orders, report)
        );
    }
    let (waiting, since_restore) = (report.waits_for_person, report.unknown_since_restore);
    if waiting + since_restore > 0 {
        text += &format!(
            "## For a person to decide\n\nNothing more is done by itself about {waiting} orders whose outcome is unknown. \
             {since_restore} orders are unknown since the ledger was restored from a backup, those among them that are listed as \
             failed here: they may have been sent again since it was made, and carried out.\n\n"
        );
    }
    if report.weaker_reason > 0 {
        text += &format!(
            "## Reasons\n\n{} orders for which keyCompromise was asked had been revoked before, perhaps for a weaker reason. A \
             reason cannot be corrected by this call.\n\n",
            report.weaker_reason
        );
    }
    text += "## Who\n\n";
    for approval in &report.approvals {
        let (person, actor, time) = (&approval.person, &approval.actor, &approval.time);
        text += &format!("- Approved by {}\n", signed(person, actor, time));
    }
    if let Some(declined) = &report.declined {
        text += &format!(
            "- Declined by {}: {}\n",
            signed(&declined.person, &declined.actor, &declined.time),
            escaped(&declined.comment)
        );
    }
    text += &format!(
        "- Planned by {}, started by {started_by}\n\n",
        escaped(&planned.created_by)
    );
    text += &format!(
        "## Evidence\n\nPlan hash (SHA-256): `{}`\n\nThe audit log's signed head when this report was made:\n\n```json\n{}\n```\n",
        planned.plan_hash,
        json(&report.checkpoint)
    );
    text
}

fn shown(text: Option<&str>) -> String {
    text.map_or(NONE.to_owned(), escaped)
}

fn figure(number: Option<impl Display>) -> String {
    number.map_or(NONE.to_owned(), |number| number.to_string())
}

/// The names, each with what it is called.
fn list(names: &[NameText], report: &Report) -> String {
    let called = |name: &NameText| match report.labels.get(name) {
        Some(label) => format!("{name} ({})", escaped(label)),
        None => name.to_string(),
    };
    names.iter().map(called).collect::<Vec<_>>().join(", ")
}

/// Who has said something of the job, and when.
fn signed(person: &str, actor: &str, time: &str) -> String {
    format!("{} ({}) at {}", escaped(person), escaped(actor), escaped(time))
}

/// Text that stays text in Markdown, and in a cell of a table, and that is seen as it is.
fn escaped(text: &str) -> String {
    const MEANING: &str = "\\`*_[]<>|#!~&$";
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text, usize::MAX).chars() {
        if MEANING.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // These are links where nothing says so (GitHub Flavored Markdown, section 6.9).
    escaped.replace("://", "\\://").replace("www.", "www\\.")
}
