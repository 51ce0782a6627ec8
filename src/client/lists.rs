//! What the wasm module offers to `pkg/` and the dashboard about lists: what a plan of one would be, as far as it says so itself,
//! and what a person can mend in it. Nobody is asked.

use std::collections::{BTreeMap, BTreeSet};

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::task::{Kept, Waiter, begin};
use super::to_js::to_js;
use crate::api::name::CertificateName;
use crate::list::places::Found;
use crate::list::plan_rules::{Others, Plan, Planned, plan_of};
use crate::list::{Columns, Faults, List, MEANINGS};
use crate::protocol::{CodeReason, InvalidOrder};

/// How many orders are shown of a list.
const SHOWN: usize = 20;
/// How much of a text, and how many wrong rows.
const SHOWN_BYTES: usize = 20_000;
const WRONG_SHOWN: usize = 100;
/// Rows of a job where the edge's configuration says nothing else (`MAX_JOB_ORDERS`).
const MAX_ROWS: usize = 100_000;

/// What a list is.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Reading<'a> {
    Planned(Box<Summary<'a>>),
    Faulty(Faulty<'a>),
}

/// A list that can be planned.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<&'a str>,
    total: usize,
    drill: bool,
    reasons: BTreeMap<&'static str, usize>,
    duplicates: usize,
    conflicts: usize,
    merged: Vec<Merged<'a>>,
    orders: Vec<Shown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// An order of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(flatten)]
    name: CertificateName,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    code_reason: CodeReason,
}

/// An order that several rows name.
#[derive(Debug, Serialize)]
struct Merged<'a> {
    #[serde(flatten)]
    order: Shown<'a>,
    rows: &'a [usize],
    count: usize,
    conflict: bool,
}

/// A list that cannot be planned.
#[derive(Debug, Serialize)]
struct Faulty<'a> {
    ok: bool,
    fields: BTreeMap<&'a str, &'a str>,
    rows: &'a [usize],
    faults: usize,
}

/// Begins `readList(list, options)`.
#[wasm_bindgen]
pub fn read_list(
    kept: Kept,
    list: Vec<u8>,
    columns: Option<String>,
    code_reason: Option<String>,
    test: bool,
) -> usize {
    let running = async move {
        let read = read(
            &list,
            columns.as_deref().unwrap_or_default(),
            code_reason.as_deref(),
            test,
        );
        Ok(match &read {
            Ok(plan) => to_js(&Reading::Planned(Box::new(summary(plan)))),
            Err(faults) => to_js(&Reading::Faulty(faulty(faults))),
        })
    };
    begin(Waiter::of(kept), Box::pin(running))
}

fn read(list: &[u8], columns: &str, code_reason: Option<&str>, test: bool) -> Result<Plan, Faults> {
    let mut faults = Faults::default();
    let columns = columns_of(columns, &mut faults);
    let reason = code_reason.map(|text| {
        CodeReason::written(text).unwrap_or_else(|| {
            faults.note("codeReason", "must be 0, 1, 3, 4 or 5, or one of their names");
            CodeReason::Unspecified
        })
    });
    faults.or(|| ())?;
    let list = List::open(list, columns)?;
    let others = Others {
        code_reason: reason,
        test,
        ..Others::default()
    };
    plan_of(&list, others, MAX_ROWS)
}

fn columns_of(text: &str, faults: &mut Faults) -> Columns {
    if text.is_empty() {
        return Columns::default();
    }
    Columns::parse(text).unwrap_or_else(|fault| {
        faults.note("columns", fault.trim_end_matches('.'));
        Columns::default()
    })
}

/// A list as a page shows it.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Summary<'a>>,
    /// How many rows have no reason of their own.
    without_reason: usize,
    /// What is wrong with the list as a whole.
    faults: Vec<(&'a str, &'a str)>,
    /// The numbers of the rows in which something is wrong.
    rows: &'a [usize],
    /// The first of them.
    wrong: Vec<WrongRow<'a>>,
    columns: Vec<Column<'a>>,
    /// What a column can mean.
    meanings: &'a [&'static str],
    is_of_certificates: bool,
    lacks_header: bool,
    /// The first of a text in which a person can write.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    is_cut: bool,
}

/// A row in which something is wrong.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WrongRow<'a> {
    row: usize,
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// None where it is not for people to mend: a private key may stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    can_be_left_out: bool,
    /// Member and fault.
    faults: Vec<(&'a str, &'a str)>,
}

#[derive(Debug, Serialize)]
struct Column<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
}

/// Begins what reads a list for a page. A row without a reason is no fault in it; `not_covered` are the names of orders that the edge
/// has refused to plan for the caller.
#[wasm_bindgen]
pub fn open_list(
    kept: Kept,
    list: Vec<u8>,
    columns: Option<String>,
    code_reason: Option<String>,
    test: bool,
    not_covered: Vec<String>,
) -> usize {
    let running = async move {
        let mut faults = Faults::default();
        let columns = columns_of(columns.as_deref().unwrap_or_default(), &mut faults);
        let opened = faults.or(|| ()).and_then(|()| List::open(&list, columns));
        Ok(match &opened {
            Ok(list) => page(list, code_reason.as_deref(), test, &not_covered),
            Err(faults) => to_js(&Page {
                faults: pairs(faults.named()),
                ..Page::default()
            }),
        })
    };
    begin(Waiter::of(kept), Box::pin(running))
}

fn page(list: &List, code_reason: Option<&str>, test: bool, not_covered: &[String]) -> JsValue {
    let others = Others {
        code_reason: Some(code_reason.and_then(CodeReason::written).unwrap_or_default()),
        test,
        ..Others::default()
    };
    let plan = plan_of(list, others, MAX_ROWS).and_then(|plan| {
        let faults = faults_of_not_covered(list, not_covered);
        faults.or(|| plan)
    });
    let columns = list.columns();
    let no_faults = Faults::default();
    let faults = plan.as_ref().err().unwrap_or(&no_faults);
    let bytes = list.text();
    let text = list.is_for_people().then(|| {
        let text = String::from_utf8_lossy(bytes.get(..SHOWN_BYTES).unwrap_or(bytes));
        text.trim_end_matches('\u{fffd}').to_owned()
    });
    to_js(&Page {
        plan: plan.as_ref().ok().map(summary),
        without_reason: without_reason(list),
        faults: pairs(faults.of_whole()),
        rows: faults.rows(),
        wrong: wrong_rows(list, faults),
        columns: columns
            .iter()
            .map(|it| Column {
                name: &it.name,
                meaning: it.meaning,
            })
            .collect(),
        meanings: &MEANINGS,
        is_of_certificates: list.is_of_certificates(),
        lacks_header: list.lacks_header(),
        is_cut: bytes.len() > SHOWN_BYTES,
        text,
    })
}

fn pairs(faults: &[(String, String)]) -> Vec<(&str, &str)> {
    let each = faults.iter();
    each.map(|(what, fault)| (what.as_str(), fault.as_str()))
        .collect()
}

fn without_reason(list: &List) -> usize {
    let has_reason = list.defaults().iter().any(|(name, _)| name == "codeReason");
    let mut count = 0;
    if !has_reason {
        list.rows(MAX_ROWS, &mut |row, _| {
            count += usize::from(!row.has("codeReason"))
        });
    }
    count
}

/// The rows of these orders, each a fault.
fn faults_of_not_covered(list: &List, names: &[String]) -> Faults {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut faults = Faults::default();
    if names.is_empty() {
        return faults;
    }
    list.rows(MAX_ROWS, &mut |row, _| {
        let (number, place) = (row.number, row.place);
        if let Ok(order) = row.order(list.defaults())
            && names.contains(order.name().text().as_str())
        {
            let mut fault = InvalidOrder::new();
            let kind = order.name().kind();
            fault.note(kind.parameter(), "is not covered by your permissions");
            faults.note_order(place, number, &fault);
        }
    });
    faults
}

fn wrong_rows<'a>(list: &List, faults: &'a Faults) -> Vec<WrongRow<'a>> {
    let rows = faults.rows();
    let places = list.places(rows.get(..WRONG_SHOWN).unwrap_or(rows));
    let lines = list.lines_of(&places);
    let its = |place: &str| {
        let its = faults.named().iter().filter_map(|(what, fault)| {
            let member = what.strip_prefix(place)?;
            let member = member.strip_prefix(": ").or(member.is_empty().then_some(""))?;
            Some((member, fault.as_str()))
        });
        its.collect()
    };
    let wrong = |found: &Found| {
        let place = found.place.to_string();
        let bytes = found.bytes.clone();
        let text = bytes
            .filter(|_| list.is_for_people())
            .and_then(|it| list.text().get(it));
        WrongRow {
            row: found.row,
            line: lines.get(&found.row).copied(),
            text: text.map(|text| String::from_utf8_lossy(text).into_owned()),
            can_be_left_out: found.bytes.is_some(),
            faults: its(&place),
            place,
        }
    };
    places.iter().map(wrong).collect()
}

/// Begins what gives the bytes of a list in which these rows have these texts, or are left out where the text is empty; and with a
/// first line above it, if one is wanted.
#[wasm_bindgen]
pub fn mend_list(
    kept: Kept,
    list: Vec<u8>,
    columns: Option<String>,
    heading: Option<String>,
    rows: Vec<u32>,
    texts: Vec<String>,
) -> usize {
    let running = async move {
        let columns = columns_of(columns.as_deref().unwrap_or_default(), &mut Faults::default());
        let rows = rows.into_iter().filter_map(|row| usize::try_from(row).ok());
        let rows: BTreeMap<usize, String> = rows.zip(texts).collect();
        Ok(match List::open(&list, columns) {
            Ok(open) => Uint8Array::from(open.mended(heading.as_deref(), &rows).as_slice()).into(),
            Err(_) => Uint8Array::from(list.as_slice()).into(),
        })
    };
    begin(Waiter::of(kept), Box::pin(running))
}

fn summary(plan: &Plan) -> Summary<'_> {
    let merged = plan.merged.iter().filter_map(|merged| {
        Some(Merged {
            order: shown(plan.orders.get(merged.order)?),
            rows: &merged.rows,
            count: merged.count,
            conflict: merged.conflict,
        })
    });
    Summary {
        ok: true,
        name: plan.name.as_deref(),
        deadline: plan.deadline.as_deref(),
        total: plan.orders.len(),
        drill: plan.is_drill(),
        reasons: plan
            .reasons()
            .into_iter()
            .map(|(reason, count)| (reason.name(), count))
            .collect(),
        duplicates: plan.duplicates,
        conflicts: plan.conflicts,
        merged: merged.collect(),
        orders: plan.orders.iter().take(SHOWN).map(shown).collect(),
        note: plan.says(),
    }
}

fn shown(planned: &Planned) -> Shown<'_> {
    let order = &planned.order;
    Shown {
        name: order.name().into(),
        product_code: order.product_code(),
        product: order.product(),
        label: planned.label(),
        code_reason: order.code_reason(),
    }
}

fn faulty(faults: &Faults) -> Faulty<'_> {
    let named = faults.named().iter();
    Faulty {
        ok: false,
        fields: named
            .map(|(what, fault)| (what.as_str(), fault.as_str()))
            .collect(),
        rows: faults.rows(),
        faults: faults.count(),
    }
}
