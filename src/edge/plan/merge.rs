//! The same order in several rows: the first stays, with the most serious reason.

use std::collections::BTreeMap;

use super::{LISTED, NAMED_ROWS, Planned};
use crate::api::job::MergedOrder;
use crate::protocol::{CodeReason, Order};

/// What is left when rows about the same order are merged.
pub(super) struct Merged {
    /// Each order once, at the place of its first row.
    pub(super) orders: Vec<Planned>,
    /// How many rows were merged into others.
    pub(super) duplicates: usize,
    /// What was merged: the first [`LISTED`] orders.
    pub(super) listed: Vec<MergedOrder>,
    /// How many of all merged orders had different reasons.
    pub(super) conflicts: usize,
}

/// The rows about one order.
struct Rows {
    /// The first of their numbers, as many as may be named.
    named: Vec<usize>,
    count: usize,
    /// Whether they differ in their reason.
    conflict: bool,
}

/// How serious a reason is: of several for one order the most serious counts.
fn seriousness(reason: CodeReason) -> u8 {
    match reason {
        CodeReason::KeyCompromise => 4,
        CodeReason::AffiliationChanged => 3,
        CodeReason::CessationOfOperation => 2,
        CodeReason::Superseded => 1,
        CodeReason::Unspecified => 0,
    }
}

pub(super) fn merged(mut orders: Vec<Planned>) -> Merged {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    // Only orders with several rows are here, by their place.
    let mut several: BTreeMap<usize, Rows> = BTreeMap::new();
    // Those that are kept move to the front: a second list of a hundred thousand would take 10 MB more.
    let mut kept = 0;
    for at in 0..orders.len() {
        let Some(next) = orders.get(at) else { break };
        let identity = next.order.identity();
        let Some(first_at) = places.get(&identity) else {
            places.insert(identity, kept);
            orders.swap(kept, at);
            kept += 1;
            continue;
        };
        let next = next.clone();
        let Some(first) = orders.get_mut(*first_at) else {
            break;
        };
        let rows = several.entry(*first_at).or_insert_with(|| Rows {
            named: vec![first.row],
            count: 1,
            conflict: false,
        });
        rows.count += 1;
        if rows.named.len() < NAMED_ROWS {
            rows.named.push(next.row);
        }
        rows.conflict |= first.order.code_reason() != next.order.code_reason();
        if seriousness(next.order.code_reason()) > seriousness(first.order.code_reason()) {
            *first = Planned {
                row: first.row,
                ..next
            };
        }
    }
    let duplicates = orders.len() - kept;
    orders.truncate(kept);
    let conflicts = several.values().filter(|rows| rows.conflict).count();
    let mut left = NAMED_ROWS;
    let listed = several.into_iter().take(LISTED).map_while(|(at, mut rows)| {
        rows.named.truncate(left);
        left -= rows.named.len();
        // One row says nothing of what was merged.
        (rows.named.len() > 1).then(|| Some(document(&orders.get(at)?.order, &rows)))?
    });
    Merged {
        listed: listed.collect(),
        orders,
        duplicates,
        conflicts,
    }
}

fn document(order: &Order, rows: &Rows) -> MergedOrder {
    MergedOrder {
        name: order.name().into(),
        product_code: order.product_code().map(Into::into),
        product: order.product(),
        rows: rows.named.iter().map(|row| *row as u64).collect(),
        count: rows.count as u64,
        code_reason: order.code_reason(),
        conflict: rows.conflict,
    }
}
