//! What the wasm module offers to `pkg/` about lists: what a plan of one would be, as far as it says so itself. Nobody is asked.

use std::collections::BTreeMap;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::task::{Kept, Waiter, begin};
use super::to_js::to_js;
use crate::api::name::CertificateName;
use crate::list::plan_rules::{Plan, Planned, plan_of};
use crate::list::{Columns, Faults, List};
use crate::protocol::CodeReason;

/// How many orders are shown of a list.
const SHOWN: usize = 20;
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
    let columns = match columns {
        "" => Columns::default(),
        text => Columns::parse(text).unwrap_or_else(|fault| {
            faults.note("columns", fault.trim_end_matches('.'));
            Columns::default()
        }),
    };
    let reason = code_reason.map(|text| {
        CodeReason::written(text).unwrap_or_else(|| {
            faults.note("codeReason", "must be 0, 1, 3, 4 or 5, or one of their names");
            CodeReason::Unspecified
        })
    });
    faults.or(|| ())?;
    plan_of(&List::open(list, columns)?, reason, test, MAX_ROWS)
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
        label: planned.label.as_deref(),
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
