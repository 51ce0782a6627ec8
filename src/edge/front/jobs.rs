//! Requests about jobs: a plan is read and checked here; all else becomes a command for the ledger, with the caller's grants,
//! since only the ledger knows a job's orders.

use serde_json::{Map, Value, json};

use super::query::Query;
use super::{Step, Visit, internal_error, malformed, no_members_but, page};
use crate::edge::caller::Caller;
use crate::edge::grant::{OrderRange, Permission};
use crate::edge::http_answer::Problem;
use crate::edge::ledger::{JobState, RowOutcome};
use crate::edge::order_ranges::OrderRanges;
use crate::edge::plan::{Given, InvalidPlan, Plan, from_csv, from_json, number_of};
use crate::edge::routes::{Access, Operation, READS_JOBS};
use crate::problem::Kind;
use crate::protocol::InvalidOrder;

/// Jobs in one answer, unless the caller says how many.
const JOB_LIMIT: u64 = 100;
/// Jobs in one answer at most.
const MAX_JOB_LIMIT: u64 = 1_000;
/// Rows of a job in one answer, unless the caller says how many.
const ROW_LIMIT: u64 = 1_000;
/// Why a job is declined, in characters at most.
const MAX_COMMENT_CHARS: usize = 1_024;
/// Rows of a job in one answer at most.
const MAX_ROW_LIMIT: u64 = 10_000;

impl Visit {
    /// `POST /v1/jobs`.
    pub(super) fn planning(
        &self,
        body: &[u8],
        operation: &Operation,
        caller: &Caller,
    ) -> Result<Step, Problem> {
        if let Some(refusal) = self.refusal(operation, caller) {
            return Ok(refusal);
        }
        let most = self.config.max_job_orders;
        let query = Query::read(&self.head.query, operation.parameters()).map_err(malformed)?;
        let given = if self.body_type().eq_ignore_ascii_case("text/csv") {
            let mut given = Given::default();
            query.text("name").into_iter().for_each(|text| given.name(text));
            query
                .text("deadline")
                .into_iter()
                .for_each(|text| given.deadline(text));
            from_csv(body, most, &mut given);
            given
        } else if query.is_empty() {
            from_json(body, most).map_err(malformed)?
        } else {
            return Err(malformed(
                "The query parameters name and deadline are for text/csv; in JSON they are members."
                    .to_owned(),
            ));
        };
        let plan = given.plan(most).map_err(|invalid| invalid_plan(&invalid))?;
        let missing = not_covered(&plan, caller);
        if !missing.is_empty() {
            let detail = "No single grant of the caller with the permission plan covers all orders of this job. Those in \
                          orders are not covered. Nothing was kept.";
            let problem = Problem::new(Kind::Forbidden, detail).with("orders", missing);
            return Ok(self.refuse(problem, operation, caller, None));
        }
        let mut members = plan.command();
        members.insert("idempotencyKey".into(), json!(self.head.idempotency_key));
        Ok(Step::Plan(self.by(caller, members), Box::new(plan)))
    }

    /// What changes a job.
    pub(super) fn changing(
        &self,
        operation: &Operation,
        members: Map<String, Value>,
        caller: &Caller,
    ) -> Result<Step, Problem> {
        let (Operation::StartJob(id)
        | Operation::ApproveJob(id)
        | Operation::DeclineJob(id)
        | Operation::PauseJob(id)
        | Operation::ResumeJob(id)
        | Operation::CancelJob(id)) = operation
        else {
            return Err(internal_error());
        };
        let known: &[&str] = match operation {
            Operation::StartJob(_) => &["planHash", "total"],
            Operation::ApproveJob(_) => &["planHash"],
            Operation::DeclineJob(_) => &["planHash", "comment"],
            _ => &[],
        };
        no_members_but(known, &members)?;
        let mut faults = InvalidOrder::new();
        for name in known {
            match (*name, members.get(*name)) {
                ("planHash", Some(Value::String(_))) => {}
                ("comment", Some(Value::String(text))) if is_comment(text) => {}
                ("comment", Some(Value::String(_))) => faults.note(
                    "comment",
                    "must have 1 to 1024 characters, none of them a control character",
                ),
                ("total", Some(Value::Number(total))) if total.is_u64() => {}
                (name, None) => faults.note(name, "is missing"),
                ("total", _) => faults.note("total", "must be a whole number"),
                (name, _) => faults.note(name, "must be a string"),
            }
        }
        if !faults.fields().is_empty() {
            return Err(Problem::invalid_order(&faults));
        }
        if let Some(refusal) = self.refusal(operation, caller) {
            return Ok(refusal);
        }
        let mut command = members;
        command.insert("job".into(), id.as_str().into());
        command.insert("action".into(), operation.action().into());
        command.insert("isPerson".into(), caller.is_person().into());
        let acting: &[Permission] = match operation.access() {
            // `test` is enough for drills only, and the ledger knows which those are.
            Access::Job(_) if matches!(operation, Operation::StartJob(_)) => &[Permission::Revoke],
            Access::Job(any_of) => any_of,
            _ => &[],
        };
        command.insert("act".into(), ranges(caller, acting));
        command.insert("test".into(), ranges(caller, &[Permission::Test]));
        command.insert("read".into(), ranges(caller, READS_JOBS));
        Ok(Step::Ledger("changeJob", self.by(caller, command)))
    }

    /// What only reads.
    pub(super) fn read_jobs(
        &self,
        operation: &Operation,
        caller: &Caller,
        media_type: &'static str,
        query: &Query,
    ) -> Result<Step, Problem> {
        let mut command = Map::from_iter([("read".to_owned(), ranges(caller, READS_JOBS))]);
        let mut about = |id: &str| command.insert("job".into(), id.into());
        let method = match operation {
            Operation::Jobs => {
                let (after, limit) = page(query, JOB_LIMIT, MAX_JOB_LIMIT)?;
                command.insert("after".into(), after.into());
                command.insert("limit".into(), limit.into());
                let state = one_of(query, "state", JobState::ALL.map(JobState::name))?;
                command.insert("state".into(), state.into());
                "jobs"
            }
            Operation::Job(id) => {
                about(id);
                "job"
            }
            Operation::JobOrders(id) => {
                about(id);
                let (after, limit) = page(query, ROW_LIMIT, MAX_ROW_LIMIT)?;
                let outcome = one_of(query, "outcome", RowOutcome::ALL.map(RowOutcome::name))?;
                command.insert("after".into(), after.into());
                command.insert("limit".into(), limit.into());
                command.insert("outcome".into(), outcome.into());
                command.insert("csv".into(), (media_type == "text/csv").into());
                "jobOrders"
            }
            Operation::JobEvents(id) => {
                about(id);
                let seen = self.head.last_event_id.as_deref();
                let seen = seen.and_then(|text| text.parse::<u32>().ok());
                command.insert("lastEventId".into(), seen.into());
                "jobEvents"
            }
            Operation::JobReport(id) => {
                about(id);
                command.insert("markdown".into(), (media_type == "text/markdown").into());
                "jobReport"
            }
            _ => return Err(internal_error()),
        };
        Ok(Step::Ledger(method, self.by(caller, command)))
    }
}

fn is_comment(text: &str) -> bool {
    (1..=MAX_COMMENT_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// A query parameter that is one of these names, or not there.
fn one_of<'query, const N: usize>(
    query: &'query Query,
    parameter: &str,
    names: [&str; N],
) -> Result<Option<&'query str>, Problem> {
    match query.text(parameter) {
        Some(given) if !names.contains(&given) => Err(malformed(format!(
            "The query parameter {parameter} must be one of: {}.",
            names.join(", ")
        ))),
        given => Ok(given),
    }
}

/// Every bad row by its number.
fn invalid_plan(invalid: &InvalidPlan) -> Problem {
    let fields: Map<String, Value> = invalid
        .faults
        .fields()
        .iter()
        .map(|(field, fault)| (field.clone(), fault.as_str().into()))
        .collect();
    let detail = match invalid.rows.len() {
        0 => "The plan is not sound: see fields. Nothing was kept.".to_owned(),
        1 => "One row of the plan is not sound: see rows and fields. Nothing was kept.".to_owned(),
        count => format!("{count} rows of the plan are not sound: see rows and fields. Nothing was kept."),
    };
    Problem::new(Kind::InvalidOrder, detail)
        .with("fields", fields)
        .with("rows", json!(invalid.rows))
}

/// The orders that the caller's best grant does not cover; none if one grant covers them all.
fn not_covered(plan: &Plan, caller: &Caller) -> Vec<String> {
    let missing_in = |ranges: OrderRanges| -> Vec<String> {
        plan.orders
            .iter()
            .filter(|planned| !ranges.contains(number_of(&planned.order)))
            .map(|planned| planned.order.order_number().to_owned())
            .collect()
    };
    grants_with(caller, &[Permission::Plan])
        .map(missing_in)
        .min_by_key(Vec::len)
        .unwrap_or_default()
}

/// The orders of each grant with one of these permissions, as pairs of numbers.
fn ranges(caller: &Caller, any_of: &[Permission]) -> Value {
    grants_with(caller, any_of)
        .map(|ranges| json!(ranges.ends()))
        .collect()
}

fn grants_with(caller: &Caller, any_of: &[Permission]) -> impl Iterator<Item = OrderRanges> {
    let grants = caller.grants.iter().filter(|grant| grant.permits(any_of));
    grants.map(|grant| OrderRanges::merged(grant.orders.iter().map(OrderRange::ends)))
}
