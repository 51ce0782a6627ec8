//! Requests about jobs: a plan is read and checked here; all else becomes a command for the ledger, with the caller's grants,
//! since only the ledger knows a job's orders.

use super::members::Members;
use super::route::{Access, Asked, Handled, READS_JOBS, Rejection};
use crate::api::job::JobState;
use crate::api::row::RowOutcome;
use crate::api::value::NameText;
use crate::edge::caller::Caller;
use crate::edge::command::{Change, ChangeJob, Command, Grants, JobOrders, ListJobs, OneJob};
use crate::edge::grant::{OrderRange, Permission, covered_as};
use crate::edge::http_answer::Problem;
use crate::edge::order_ranges::OrderRanges;
use crate::edge::plan::{Plan, Terms, plan as planned};
use crate::list::{Columns, Faults, List};
use crate::problem::Kind;

/// Jobs in one answer, unless the caller says how many, and at most.
const JOBS: (u64, u64) = (100, 1_000);
/// Rows of a job in one answer, unless the caller says how many, and at most.
const ROWS: (u64, u64) = (1_000, 10_000);

pub(super) fn plan(asked: &Asked, body: &[u8]) -> Handled<Box<Plan>> {
    let query = asked.query;
    let mut terms = Terms::default();
    let mut columns = Columns::default();
    let list = if asked.head.body_type().eq_ignore_ascii_case("application/json") {
        if !query.is_empty() {
            let fault = "The query parameters are for lists that are no JSON; in JSON name, deadline and defaults are members.";
            return Err(Problem::malformed(fault).into());
        }
        json_plan(body)?
    } else {
        terms.name = query.text("name");
        terms.deadline = query.text("deadline");
        terms.code_reason = query.text("codeReason");
        terms.comment = query.text("revocationReason");
        terms.test = query.text("test");
        if let Some(text) = query.text("columns") {
            columns = Columns::parse(text).map_err(Problem::malformed)?;
        }
        List::open(body, columns).map_err(|faults| invalid_plan(&faults))?
    };
    let most = asked.config.max_job_orders;
    let plan = planned(&list, terms, most).map_err(|faults| invalid_plan(&faults))?;
    let missing = not_covered(&plan, asked.caller);
    if !missing.is_empty() {
        let detail = "No single grant of the caller with the permission plan covers all orders of this job. Those in orders \
                      are not covered: what is named otherwise than by its order number needs a grant over the orders *. \
                      Nothing was kept.";
        let problem = Problem::new(Kind::Forbidden, detail).with(|it| it.orders = Some(missing));
        return Err(Rejection::Logged(problem, None));
    }
    Ok(Box::new(plan))
}

pub(super) fn start(asked: &Asked, body: &mut Members) -> Handled {
    let change = Change::Start {
        plan_hash: body.text("planHash"),
        total: body.whole_number("total"),
    };
    // `test` is enough for drills only, and the ledger knows which those are.
    Ok(changing(asked, change, &[Permission::Revoke]))
}

pub(super) fn approve(asked: &Asked, body: &mut Members) -> Handled {
    let plan_hash = body.text("planHash");
    Ok(changing(asked, Change::Approve { plan_hash }, any_of(asked)))
}

pub(super) fn decline(asked: &Asked, body: &mut Members) -> Handled {
    let change = Change::Decline {
        plan_hash: body.text("planHash"),
        comment: body.comment("comment"),
    };
    Ok(changing(asked, change, any_of(asked)))
}

pub(super) fn pause(asked: &Asked, _: &mut Members) -> Handled {
    Ok(changing(asked, Change::Pause, any_of(asked)))
}

pub(super) fn resume(asked: &Asked, _: &mut Members) -> Handled {
    Ok(changing(asked, Change::Resume, any_of(asked)))
}

pub(super) fn cancel(asked: &Asked, _: &mut Members) -> Handled {
    Ok(changing(asked, Change::Cancel, any_of(asked)))
}

pub(super) fn pause_all(_: &Asked, _: &mut Members) -> Handled {
    Ok(Command::PauseAllJobs)
}

/// The permissions of which the route takes one.
fn any_of(asked: &Asked) -> &'static [Permission] {
    match asked.route.access {
        Access::Job(any_of) => any_of,
        _ => &[],
    }
}

/// `acting`: the permissions of which the change takes one, for all orders of the job.
fn changing(asked: &Asked, change: Change, acting: &[Permission]) -> Command {
    Command::ChangeJob(ChangeJob {
        job: asked.named.to_owned(),
        change,
        is_person: asked.caller.is_person(),
        act: grants(asked.caller, acting),
        test: grants(asked.caller, &[Permission::Test]),
        read: reading(asked.caller),
    })
}

pub(super) fn list(asked: &Asked) -> Handled {
    Ok(Command::Jobs(ListJobs {
        read: reading(asked.caller),
        page: asked.query.page(JOBS)?,
        state: asked.query.one_of("state", &JobState::ALL, JobState::name)?,
    }))
}

pub(super) fn read(asked: &Asked) -> Handled {
    Ok(Command::Job(one(asked)))
}

pub(super) fn rows(asked: &Asked) -> Handled {
    Ok(Command::JobOrders(JobOrders {
        of: one(asked),
        page: asked.query.page(ROWS)?,
        outcomes: asked
            .query
            .some_of("outcome", &RowOutcome::ALL, RowOutcome::name)?,
        csv: asked.media_type == "text/csv",
    }))
}

pub(super) fn events(asked: &Asked) -> Handled {
    let seen = asked.head.last_event_id.as_deref();
    Ok(Command::JobEvents {
        of: one(asked),
        last_event_id: seen.and_then(|text| text.parse().ok()),
    })
}

pub(super) fn report(asked: &Asked) -> Handled {
    Ok(Command::JobReport {
        of: one(asked),
        markdown: asked.media_type == "text/markdown",
    })
}

/// The job that the path names.
fn one(asked: &Asked) -> OneJob {
    OneJob {
        job: asked.named.to_owned(),
        read: reading(asked.caller),
    }
}

/// A body that says it is JSON: a plan, an object. Other lists say that they are lists, and are then known by their bytes.
fn json_plan(body: &[u8]) -> Result<List<'_>, Problem> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Problem::malformed(
            "The body must be a JSON object: a plan with orders.",
        ));
    }
    match List::open(body, Columns::default()) {
        Ok(list) if list.is_plan() => Ok(list),
        Ok(_) => Err(Problem::malformed("The body is not JSON.")),
        Err(faults) if faults.is_malformed() => {
            let fault = faults.named().first().map_or("is not JSON", |(_, fault)| fault);
            Err(Problem::malformed(format!("The body {fault}.")))
        }
        Err(faults) => Err(invalid_plan(&faults)),
    }
}

/// Every bad row by its number.
fn invalid_plan(faults: &Faults) -> Problem {
    let detail = match faults.rows().len() {
        0 => "The plan is not sound: see fields. Nothing was kept.".to_owned(),
        1 => "One row of the plan is not sound: see rows and fields. Nothing was kept.".to_owned(),
        count => format!("{count} rows of the plan are not sound: see rows and fields. Nothing was kept."),
    };
    let fields = faults.named().iter().cloned().collect();
    Problem::new(Kind::InvalidOrder, detail).with(|it| {
        it.fields = Some(fields);
        it.rows = Some(faults.rows().to_vec());
    })
}

/// The orders that the caller's best grant does not cover; none if one grant covers them all.
fn not_covered(plan: &Plan, caller: &Caller) -> Vec<NameText> {
    let missing_in = |ranges: OrderRanges| -> Vec<NameText> {
        plan.orders()
            .iter()
            .filter(|planned| !ranges.contains(covered_as(planned.order.name())))
            .map(|planned| planned.order.name().text().into())
            .collect()
    };
    grants(caller, &[Permission::Plan])
        .into_iter()
        .map(missing_in)
        .min_by_key(Vec::len)
        .unwrap_or_default()
}

/// The orders whose jobs the caller may see, of each grant: an auditor of all orders sees all.
fn reading(caller: &Caller) -> Grants {
    let mut read = grants(caller, READS_JOBS);
    if caller.may_everywhere(Permission::Audit) {
        read.push(OrderRanges::merged([(0, u64::MAX)]));
    }
    read
}

/// The orders of each grant with one of these permissions.
pub(super) fn grants(caller: &Caller, any_of: &[Permission]) -> Grants {
    let grants = caller.grants.iter().filter(|grant| grant.permits(any_of));
    grants
        .map(|grant| OrderRanges::merged(grant.orders.iter().map(OrderRange::ends)))
        .collect()
}
