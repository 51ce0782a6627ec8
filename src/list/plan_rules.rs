//! What the rows of a list must be to be a plan: each an order with a reason, all of them tests or none, each order once. Pure:
//! what the ledger knows of these orders is not looked at.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::api::about::About;
use crate::protocol::{CodeReason, Member, NameKind, Order};

use super::{Columns, Faults, Found, List, Members, Place, Row};

/// The one member of an order that is long. As a default it is kept once, with the plan.
const COMMENT: &str = "revocationReason";
const REASON: &str = "codeReason";
const TEST: &str = "test";
/// How many row numbers a sentence has.
const ROWS_IN_WORDS: usize = 10;
/// How many merged orders a plan lists at most.
pub const LISTED: usize = 100;
/// How many row numbers these have together at most.
pub const LISTED_ROWS: usize = 1_000;

/// What is asked for besides the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What the columns of a CSV mean.
    pub columns: Columns,
    /// The reason of the rows that have none, unless the list has a default of its own.
    pub code_reason: Option<CodeReason>,
    /// Rows at most.
    pub max_rows: usize,
}

/// A planned order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The number of its row, the first of several.
    pub row: usize,
    /// The order, without the comment that all rows share.
    pub order: Order,
    /// What people call it, and what its certificate says.
    pub about: Option<Box<About>>,
    /// Whether the row has no comment of its own, so that the plan's is meant.
    pub shares_comment: bool,
}

impl Planned {
    /// What people call it.
    pub fn label(&self) -> Option<&str> {
        self.about.as_ref()?.label.as_deref()
    }
}

/// Rows that were merged, since they name the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Which of [`Plan::orders`] they became, from 0.
    pub order: usize,
    /// The first of their numbers.
    pub rows: Vec<usize>,
    /// How many they are.
    pub count: usize,
    /// Whether they differ in their reasons: the most serious one is planned.
    pub conflict: bool,
}

/// A plan without faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The job's name, as it is written.
    pub name: Option<String>,
    /// The job's deadline, as it is written.
    pub deadline: Option<String>,
    /// The comment of the rows that have none of their own.
    pub comment: Option<String>,
    /// Its orders, each once, in the order of their rows.
    pub orders: Vec<Planned>,
    /// Rows that were merged into others.
    pub duplicates: usize,
    /// Orders whose rows differ in their reasons.
    pub conflicts: usize,
    /// The first [`LISTED`] orders that have several rows, those with a conflict before the others.
    pub merged: Vec<Merged>,
    /// CAs' own certificates, which were left out.
    pub left_out: usize,
}

impl Plan {
    /// How many orders have each reason that any of them has.
    pub fn reasons(&self) -> Vec<(CodeReason, usize)> {
        let count = |reason| {
            let with = self.orders.iter().filter(|it| it.order.code_reason() == reason);
            (reason, with.count())
        };
        let counts = CodeReason::ALL.into_iter().map(count);
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Whether nothing but test calls is planned.
    pub fn is_drill(&self) -> bool {
        self.orders.iter().all(|planned| planned.order.test())
    }

    /// What a person should know of what is not planned.
    pub fn says(&self) -> Option<String> {
        match self.left_out {
            0 => None,
            1 => Some("1 certificate of a CA itself was left out: this endpoint does not revoke it.".into()),
            n => Some(format!(
                "{n} certificates of CAs themselves were left out: this endpoint does not revoke them."
            )),
        }
    }
}

/// The plan that a list is, or all that is wrong with it.
///
/// ```
/// use autorevoke::list::{Columns, plan_rules::{Options, plan}};
/// use autorevoke::protocol::CodeReason;
/// let options = Options { columns: Columns::default(), code_reason: None, max_rows: 100_000 };
/// let faults = plan(b"orderNumber\r\n612345001\r\n", &options).unwrap_err();
/// assert_eq!(faults.rows(), [1]);
///
/// let options = Options { code_reason: Some(CodeReason::KeyCompromise), ..options };
/// assert_eq!(plan(b"orderNumber\r\n612345001\r\n", &options)?.orders.len(), 1);
/// # Ok::<(), autorevoke::list::Faults>(())
/// ```
pub fn plan(bytes: &[u8], options: &Options) -> Result<Plan, Faults> {
    let list = List::open(bytes, options.columns.clone())?;
    let others = Others {
        code_reason: options.code_reason,
        ..Others::default()
    };
    plan_of(&list, others, options.max_rows)
}

/// What holds for rows that do not say it, unless the list says it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Their reason.
    pub code_reason: Option<CodeReason>,
    /// Their comment.
    pub comment: Option<String>,
    /// Whether they are tests.
    pub test: bool,
}

/// The same of a list that is open.
pub fn plan_of(list: &List, others: Others, max_rows: usize) -> Result<Plan, Faults> {
    let mut planning = Planning::of(others.and(list.defaults().clone()));
    let Found {
        rows,
        left_out,
        mut faults,
    } = list.rows(max_rows, &mut |row, faults| planning.take(row, faults));
    if rows > max_rows {
        // What is wrong with those that were read is told once the list is short enough.
        let mut faults = Faults::default();
        let fault = format!("has more rows than a job may have here (MAX_JOB_ORDERS): {max_rows}");
        faults.note(list.what(), &fault);
        return Err(faults);
    }
    if rows == 0 && faults.is_empty() {
        faults.note(list.what(), "must have at least one row");
    }
    note_mixed(&planning.orders, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut plan = Plan {
        name: list.name().map(str::to_owned),
        deadline: list.deadline().map(str::to_owned),
        comment: planning.comment,
        orders: planning.orders,
        duplicates: 0,
        conflicts: 0,
        merged: Vec::new(),
        left_out,
    };
    merge(&mut plan);
    Ok(plan)
}

impl Others {
    /// A list's own members, and these where it has none.
    fn and(self, mut own: Members) -> Members {
        let reason = self.code_reason.map(|it| Member::Number(it.number().into()));
        let test = self.test.then_some(Member::Bool(true));
        for (name, member) in [
            (REASON, reason),
            (COMMENT, self.comment.map(Member::Text)),
            (TEST, test),
        ] {
            if let (Some(member), false) = (member, has(&own, name)) {
                own.push((Cow::Borrowed(name), member));
            }
        }
        own
    }
}

fn has(members: &Members, name: &str) -> bool {
    members.iter().any(|(own, _)| own == name)
}

/// Takes the comment out of the defaults.
fn take_comment(defaults: &mut Members) -> Option<String> {
    let at = defaults.iter().position(|(name, _)| name == COMMENT)?;
    match defaults.swap_remove(at) {
        (_, Member::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Makes orders of rows.
struct Planning {
    defaults: Members,
    /// The comment for the rows that have none of their own.
    comment: Option<String>,
    orders: Vec<Planned>,
}

impl Planning {
    fn of(mut defaults: Members) -> Planning {
        Planning {
            comment: take_comment(&mut defaults),
            defaults,
            orders: Vec::new(),
        }
    }

    fn take(&mut self, mut row: Row, faults: &mut Faults) {
        let (number, place) = (row.number, row.place);
        let shares_comment = self.comment.is_some() && !row.has(COMMENT);
        if !row.has(REASON) && !has(&self.defaults, REASON) {
            row.faults.note(
                REASON,
                "is missing: each row must have a reason, its own or one for all (--reason, over HTTP ?codeReason=, in JSON \
                 defaults.codeReason)",
            );
        }
        let about = std::mem::take(&mut row.about);
        let about = (about != About::default()).then(|| Box::new(about));
        match row.order(&self.defaults) {
            Ok(order) => self.orders.push(Planned {
                row: number,
                order,
                about,
                shares_comment,
            }),
            Err(its) => faults.note_order(place, number, &its),
        }
    }
}

/// Notes a plan that both tests and revokes: the rows of the smaller part are at fault.
fn note_mixed(orders: &[Planned], faults: &mut Faults) {
    let testing = orders.iter().filter(|planned| planned.order.test()).count();
    let revoking = orders.len() - testing;
    let fewer = testing.min(revoking);
    if fewer == 0 {
        return;
    }
    let of_fewer = |planned: &&Planned| planned.order.test() == (testing == fewer);
    let mut rows: Vec<usize> = orders.iter().filter(of_fewer).map(|it| it.row).collect();
    rows.sort_unstable();
    let named = rows
        .iter()
        .take(ROWS_IN_WORDS)
        .map(|row| Place::Row(*row).to_string());
    let mut named: Vec<String> = named.collect();
    if fewer > ROWS_IN_WORDS {
        named.push("...".to_owned());
    }
    let fault = format!(
        "must be the same in all rows, for a plan either tests or revokes: {testing} test, {revoking} revoke. The fewer are {}",
        named.join(", ")
    );
    faults.note("test", &fault);
    faults.note_rows(rows);
}

/// How serious a reason is: of several for an order the most serious one counts.
fn seriousness(reason: CodeReason) -> u8 {
    match reason {
        CodeReason::KeyCompromise => 4,
        CodeReason::AffiliationChanged => 3,
        CodeReason::CessationOfOperation => 2,
        CodeReason::Superseded => 1,
        CodeReason::Unspecified => 0,
    }
}

/// What makes two orders the same: see [`Order::identity`], of which this is no copy.
fn identity(planned: &Planned) -> (NameKind, &str, Option<u64>, Option<&str>) {
    let order = &planned.order;
    (
        order.name().kind(),
        order.name().value(),
        order.product(),
        order.product_code(),
    )
}

/// Leaves of the rows that name the same order the first, with the most serious reason of all.
fn merge(plan: &mut Plan) {
    let orders = &plan.orders;
    let compare = |one: &usize, other: &usize| match (orders.get(*one), orders.get(*other)) {
        (Some(one), Some(other)) => identity(one).cmp(&identity(other)),
        _ => Ordering::Equal,
    };
    // Sorted by what they name, without copies of that: a hundred thousand of them would take 10 MB. Those that name the same
    // stay in the order of their rows.
    let mut sorted: Vec<usize> = (0..orders.len()).collect();
    sorted.sort_by(compare);
    let runs = sorted.chunk_by(|one, other| compare(one, other).is_eq());
    let mut runs: Vec<Run> = runs
        .filter(|run| run.len() > 1)
        .map(|run| Run::of(run, orders))
        .collect();
    runs.sort_by_key(|run| (!run.conflict, run.first));

    plan.duplicates = runs.iter().map(|run| run.members.len() - 1).sum();
    plan.conflicts = runs.iter().filter(|run| run.conflict).count();
    let mut is_kept = vec![true; orders.len()];
    for run in &runs {
        for at in run.members.iter().skip(1) {
            if let Some(is_kept) = is_kept.get_mut(*at) {
                *is_kept = false;
            }
        }
    }
    let merged = listed(&runs, orders, &is_kept);
    let changes: Vec<(usize, Planned)> = runs.iter().filter_map(|run| run.change(orders)).collect();
    plan.merged = merged;
    for (at, planned) in changes {
        if let Some(first) = plan.orders.get_mut(at) {
            *first = planned;
        }
    }
    let mut is_kept = is_kept.into_iter();
    plan.orders.retain(|_| is_kept.next() == Some(true));
}

/// Rows that name the same order.
struct Run<'a> {
    /// Where they stand in the plan, in the order of their rows.
    members: &'a [usize],
    first: usize,
    /// The first of those with the most serious reason.
    best: usize,
    conflict: bool,
}

impl<'a> Run<'a> {
    fn of(members: &'a [usize], orders: &[Planned]) -> Run<'a> {
        let first = members.first().copied().unwrap_or_default();
        let reason = |at: usize| orders.get(at).map(|planned| planned.order.code_reason());
        let most_serious = members
            .iter()
            .rev()
            .max_by_key(|at| reason(**at).map(seriousness));
        Run {
            members,
            first,
            best: most_serious.copied().unwrap_or(first),
            conflict: members.iter().any(|at| reason(*at) != reason(first)),
        }
    }

    /// What stands for them where it is not the first as it is.
    fn change(&self, orders: &[Planned]) -> Option<(usize, Planned)> {
        let first = orders.get(self.first)?;
        if self.best == self.first && first.about.is_some() {
            return None;
        }
        let mut abouts = self
            .members
            .iter()
            .filter_map(|at| orders.get(*at)?.about.as_ref());
        let about = abouts.next().cloned();
        let planned = Planned {
            row: first.row,
            about,
            ..orders.get(self.best)?.clone()
        };
        Some((self.first, planned))
    }
}

fn listed(runs: &[Run], orders: &[Planned], is_kept: &[bool]) -> Vec<Merged> {
    let mut left = LISTED_ROWS;
    let list = |run: &Run| {
        let rows = run
            .members
            .iter()
            .take(left)
            .filter_map(|at| Some(orders.get(*at)?.row));
        let rows: Vec<usize> = rows.collect();
        left -= rows.len();
        Merged {
            order: is_kept.iter().take(run.first).filter(|it| **it).count(),
            rows,
            count: run.members.len(),
            conflict: run.conflict,
        }
    };
    let listed = runs.iter().take(LISTED).map(list);
    // One row says nothing of what was merged.
    listed.take_while(|merged| merged.rows.len() > 1).collect()
}
