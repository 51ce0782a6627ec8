//! The same order in several rows: one of them stays, with the most serious reason.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{LISTED, Planned};
use crate::protocol::{CodeReason, Order};

/// What is left when rows about the same order are merged.
pub(super) struct Merged {
    /// Each order once, at the place of its first row.
    pub(super) orders: Vec<Planned>,
    /// Rows that are not needed any more.
    pub(super) duplicates: usize,
    /// What was merged: the first [`LISTED`].
    pub(super) listed: Vec<Value>,
    /// Rows about the same order of which some test and some revoke.
    pub(super) mixed: Vec<Vec<usize>>,
}

/// How serious a reason is: the one that counts where several were given for an order.
fn seriousness(reason: CodeReason) -> u8 {
    match reason {
        CodeReason::KeyCompromise => 4,
        CodeReason::AffiliationChanged => 3,
        CodeReason::CessationOfOperation => 2,
        CodeReason::Superseded => 1,
        CodeReason::Unspecified => 0,
    }
}

pub(super) fn merged(planned: Vec<Planned>) -> Merged {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    // Only orders with several rows are here, by their place.
    let mut several: BTreeMap<usize, (Vec<usize>, bool)> = BTreeMap::new();
    let mut mixed: BTreeMap<usize, ()> = BTreeMap::new();
    let mut orders: Vec<Planned> = Vec::with_capacity(planned.len());
    let mut duplicates = 0;
    for Planned { row, order } in planned {
        let identity = order.identity();
        let Some((at, first)) = places
            .get(&identity)
            .and_then(|at| Some((*at, orders.get_mut(*at)?)))
        else {
            places.insert(identity, orders.len());
            orders.push(Planned { row, order });
            continue;
        };
        duplicates += 1;
        let (rows, conflict) = several.entry(at).or_insert_with(|| (vec![first.row], false));
        rows.push(row);
        *conflict |= first.order.code_reason() != order.code_reason();
        if first.order.test() != order.test() {
            mixed.insert(at, ());
        }
        if seriousness(order.code_reason()) > seriousness(first.order.code_reason()) {
            first.order = order;
        }
    }
    let rows_at = |at: &usize| several.get(at).map(|(rows, _)| rows.clone()).unwrap_or_default();
    Merged {
        mixed: mixed.keys().map(rows_at).collect(),
        listed: several
            .iter()
            .take(LISTED)
            .filter_map(|(at, (rows, conflict))| Some(told(&orders.get(*at)?.order, rows, *conflict)))
            .collect(),
        orders,
        duplicates,
    }
}

fn told(order: &Order, rows: &[usize], conflict: bool) -> Value {
    let mut members = Map::new();
    members.insert("orderNumber".into(), order.order_number().into());
    if let Some(code) = order.product_code() {
        members.insert("productCode".into(), code.into());
    }
    if let Some(product) = order.product() {
        members.insert("product".into(), product.into());
    }
    members.insert("rows".into(), json!(rows));
    members.insert("codeReason".into(), order.code_reason().number().into());
    members.insert("conflict".into(), conflict.into());
    Value::Object(members)
}
