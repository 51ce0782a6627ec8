//! Jobs on the bench: plans as the front makes them, people who act on them, and rows as the alarm sends them.

use autorevoke::edge::command::{
    Asker, Change, ChangeJob, Command, Grants, JobOrders, OneJob, Page, Request,
};
use autorevoke::edge::ledger::{Attempt, Host, Purpose};
use autorevoke::edge::order_ranges::OrderRanges;
use autorevoke::edge::plan::{self, Plan, Terms};
use autorevoke::list::{Columns, List};
use serde_json::{Value, json};

use crate::sqlite_host::{Bench, instance, read};

/// Who acts: the key `key:NAME` of the person NAME.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By(pub &'static str);

impl By {
    /// This person, with a request that nobody has made before.
    pub fn asker(self) -> Asker {
        Asker {
            actor: format!("key:{}", self.0),
            person: self.0.to_owned(),
            instance: instance(),
        }
    }
}

/// The same, but for what these members say.
fn asker_with(by: By, members: &Value) -> Asker {
    let text = |name: &str| members[name].as_str().map(str::to_owned);
    let asker = by.asker();
    Asker {
        actor: text("actor").unwrap_or(asker.actor),
        person: text("person").unwrap_or(asker.person),
        ..asker
    }
}

/// The grants of one who may do everything.
pub fn everything() -> Grants {
    vec![OrderRanges::merged([(0, u64::MAX)])]
}

/// This job, for one who may see all.
pub fn one(job: &Value) -> OneJob {
    OneJob {
        job: job["id"].as_str().unwrap().to_owned(),
        read: everything(),
    }
}

/// The rows of a job, for one who may see all.
pub fn rows_of(job: &Value, csv: bool) -> JobOrders {
    JobOrders {
        of: one(job),
        outcomes: Vec::new(),
        page: Page {
            after: 0,
            limit: 10_000,
        },
        csv,
    }
}

/// What a person who may do everything wants to do with a job.
pub fn changing(action: &str, job: &Value) -> ChangeJob {
    let plan_hash = job["planHash"].as_str().unwrap_or_default().to_owned();
    let change = match action {
        "start-job" => Change::Start {
            plan_hash,
            total: job["total"].as_u64().unwrap(),
        },
        "approve-job" => Change::Approve { plan_hash },
        "decline-job" => Change::Decline {
            plan_hash,
            comment: "no".to_owned(),
        },
        "pause-job" => Change::Pause,
        "resume-job" => Change::Resume,
        "cancel-job" => Change::Cancel,
        _ => panic!("{action}"),
    };
    ChangeJob {
        job: job["id"].as_str().unwrap().to_owned(),
        change,
        is_person: true,
        act: everything(),
        test: everything(),
        read: everything(),
    }
}

/// An object with these members as well.
fn with(object: &Value, members: &Value) -> Value {
    let mut object = object.clone();
    let members = members.as_object().cloned().unwrap_or_default();
    object.as_object_mut().unwrap().extend(members);
    object
}

/// The rows of a plan: order numbers, real or all tests.
pub fn orders(numbers: impl IntoIterator<Item = u64>, test: bool) -> Value {
    numbers
        .into_iter()
        .map(|number| json!({ "orderNumber": number.to_string(), "codeReason": 1, "test": test }))
        .collect()
}

/// The plan of a body, in which a row without a reason has reason 0.
pub fn plan_of(body: &Value) -> Plan {
    let body = body.to_string();
    let list = List::open(body.as_bytes(), Columns::default()).unwrap();
    let terms = Terms {
        code_reason: Some("0"),
        ..Terms::default()
    };
    plan::plan(&list, terms, 1_000_000).unwrap()
}

impl Bench {
    pub fn plan(&self, by: By, orders: &Value, more: Value) -> Value {
        let body = with(&json!({ "orders": orders }), &more);
        let (status, job) = self.planned(by, &body, json!({}));
        assert_eq!(status, 201);
        job
    }

    /// The answer to a plan, of whoever these members name, with their `idempotencyKey`.
    pub fn planned(&self, by: By, body: &Value, more: Value) -> (u16, Value) {
        let plan = plan_of(body);
        let command = plan.command(more["idempotencyKey"].as_str().map(str::to_owned));
        let by = asker_with(by, &more);
        let (mut part, mut handed) = (0, 0);
        loop {
            let (rows, end) = plan.part(handed);
            let is_last = end == plan.orders().len();
            let answer = self.transaction(|ledger| ledger.create_job(&by, &command, &rows, part, is_last));
            if let Some(answer) = answer.unwrap() {
                return read(&answer);
            }
            assert!(!is_last);
            (part, handed) = (part + 1, end);
        }
    }

    /// A plan of whoever these members name.
    pub fn plan_by(&self, members: &Value, orders: &Value) -> Value {
        let (status, job) = self.planned(By("ann"), &json!({ "orders": orders }), members.clone());
        assert_eq!(status, 201);
        job
    }

    /// The answer to a change of a job, of whoever these members name, with what they say of the plan.
    pub fn change(&self, by: By, action: &str, job: &Value, more: Value) -> (u16, Value) {
        let mut command = changing(action, &with(job, &more));
        command.is_person = more["isPerson"] != json!(false);
        let by = asker_with(by, &more);
        read(
            &self
                .transaction(|ledger| ledger.change_job(&by, &command))
                .unwrap(),
        )
    }

    /// A job that has been started, and approved if it has to be.
    pub fn running(&self, orders: &Value, more: Value) -> Value {
        let job = self.plan(By("ann"), orders, more);
        let (status, started) = self.change(By("ann"), "start-job", &job, json!({}));
        assert_eq!(status, 202);
        if started["state"] == "awaiting-approval" {
            assert_eq!(self.change(By("bob"), "approve-job", &job, json!({})).0, 202);
        }
        job
    }

    pub fn job(&self, job: &Value) -> Value {
        let by = By("ann").asker();
        read(&self.transaction(|ledger| ledger.job(&by, &one(job))).unwrap()).1
    }

    pub fn rows(&self, job: &Value) -> Vec<Value> {
        let (by, command) = (By("ann").asker(), rows_of(job, false));
        let (_, body) = read(
            &self
                .transaction(|ledger| ledger.job_orders(&by, &command))
                .unwrap(),
        );
        body["orders"].as_array().unwrap().clone()
    }

    /// All rows as CSV, part by part.
    pub fn csv(&self, job: &Value) -> String {
        let (by, command) = (By("ann").asker(), rows_of(job, true));
        let mut part = self
            .transaction(|ledger| ledger.job_orders(&by, &command))
            .unwrap();
        let mut text = part.body;
        while let Some(more) = part.more {
            let Request {
                by,
                command: Command::MoreJobOrders(command),
            } = more.ask
            else {
                panic!("not the next part");
            };
            part = self
                .transaction(|ledger| ledger.more_job_orders(&by, &command))
                .unwrap();
            assert!(part.body.len() < 3_000_000);
            text += &part.body;
        }
        text
    }

    /// The one number that a statement finds.
    pub fn number(&self, statement: &str) -> i64 {
        self.host.sql(statement, &[]).unwrap()[0][0].as_i64().unwrap()
    }

    /// The next call of a job, as a slice makes it.
    pub fn next_call(&self) -> Option<Box<Attempt>> {
        self.transaction(|ledger| ledger.next_job_call()).unwrap()
    }

    /// The next row's call, which must be one.
    pub fn next_row(&self) -> Box<Attempt> {
        let next = self.next_call();
        next.filter(|call| call.purpose() == Purpose::Call)
            .expect("no row is due")
    }

    /// The next call, which must find out whether the CA answers.
    pub fn next_check(&self) -> Box<Attempt> {
        let next = self.next_call();
        next.filter(|call| call.purpose() == Purpose::Check)
            .expect("no check is due")
    }

    /// Sends rows until none is due, each answered so.
    pub fn send_rows(&self, body: &str) -> usize {
        let mut sent = 0;
        while let Some(attempt) = self.next_call() {
            assert_eq!(attempt.purpose(), Purpose::Call);
            self.finish(&attempt, body);
            sent += 1;
            assert!(sent < 10_000, "it never ends");
        }
        sent
    }
}
