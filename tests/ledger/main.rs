//! The ledger against real SQLite: the SQL, the rows and the rules that run in the Durable Object.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod alarms;
mod audit_chain;
mod audit_list;
mod bounded_answers;
mod breaker;
mod failed_statements;
mod growth;
mod high_water_mark;
mod histories;
mod host_failures;
mod idempotency;
mod job_bench;
mod job_events;
mod job_figures;
mod job_histories;
mod job_plans;
mod job_rights;
mod job_rows;
mod jobs;
mod kill_switch;
mod labels;
mod left_to_people;
mod limits;
mod may_have_acted;
mod names;
mod order_list;
mod orders;
mod report_texts;
#[path = "../protocol/runner.rs"]
mod runner;
mod settling;
mod sqlite_host;
mod state_machine;
mod versions;
