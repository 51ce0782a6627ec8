//! Jobs on the bench: plans as the front makes them, people who act on them, and rows as the alarm sends them.

use autorevoke::edge::ledger::{Attempt, Host, Purpose};
use autorevoke::edge::plan::from_json;
use serde_json::{Map, Value, json};

use crate::sqlite_host::{Bench, instance, read};

/// Who acts: the key `key:NAME` of the person NAME.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By(pub &'static str);

impl By {
    /// A command of this person, with the grants of one who may do everything.
    pub fn command(self, members: Value) -> Value {
        let all = json!([[[0, u64::MAX]]]);
        let mut command = json!({
            "actor": format!("key:{}", self.0), "person": self.0, "instance": instance(),
            "isPerson": true, "read": all, "act": all, "test": all,
        });
        let own = members.as_object().cloned().unwrap_or_default();
        command.as_object_mut().unwrap().extend(own);
        command
    }
}

/// The rows of a plan: order numbers, real or all tests.
pub fn orders(numbers: impl IntoIterator<Item = u64>, test: bool) -> Value {
    numbers
        .into_iter()
        .map(|number| json!({ "orderNumber": number.to_string(), "codeReason": 1, "test": test }))
        .collect()
}

impl Bench {
    pub fn plan(&self, by: By, orders: &Value, more: Value) -> Value {
        let mut body = json!({ "orders": orders });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap_or_default());
        let (status, job) = self.planned(by, &body, json!({}));
        assert_eq!(status, 201);
        job
    }

    /// The answer to a plan, with these members in the command besides.
    pub fn planned(&self, by: By, body: &Value, more: Value) -> (u16, Value) {
        let plan = from_json(body.to_string().as_bytes(), 1_000_000)
            .unwrap()
            .plan(1_000_000)
            .unwrap();
        let mut members = plan.command();
        members.extend(more.as_object().cloned().unwrap_or_default());
        let command = by.command(Value::Object(members));
        let (mut part, mut handed) = (0, 0);
        loop {
            let (rows, end) = plan.part(handed);
            let is_last = end == plan.orders.len();
            let answer = self.transaction(|ledger| ledger.create_job(&command, &rows, part, is_last));
            if let Some(answer) = answer.unwrap() {
                return read(&answer);
            }
            assert!(!is_last);
            (part, handed) = (part + 1, end);
        }
    }

    /// A plan of whoever these members of the command name.
    pub fn plan_by(&self, members: &Value, orders: &Value) -> Value {
        let (status, job) = self.planned(By("ann"), &json!({ "orders": orders }), members.clone());
        assert_eq!(status, 201);
        job
    }

    pub fn change(&self, by: By, action: &str, job: &Value, more: Value) -> (u16, Value) {
        let mut members = Map::from_iter([
            ("action".to_owned(), action.into()),
            ("job".to_owned(), job["id"].clone()),
        ]);
        if action == "start-job" {
            members.insert("total".into(), job["total"].clone());
        }
        members.insert("planHash".into(), job["planHash"].clone());
        members.extend(more.as_object().cloned().unwrap_or_default());
        let command = by.command(Value::Object(members));
        read(&self.transaction(|ledger| ledger.change_job(&command)).unwrap())
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
        let command = By("ann").command(json!({ "job": job["id"] }));
        read(&self.transaction(|ledger| ledger.job(&command)).unwrap()).1
    }

    pub fn rows(&self, job: &Value) -> Vec<Value> {
        let command =
            By("ann").command(json!({ "job": job["id"], "after": 0, "limit": 10_000, "csv": false }));
        let (_, body) = read(&self.transaction(|ledger| ledger.job_orders(&command)).unwrap());
        body["orders"].as_array().unwrap().clone()
    }

    /// All rows as CSV, part by part.
    pub fn csv(&self, job: &Value) -> String {
        let command = By("ann").command(json!({ "job": job["id"], "csv": true }));
        let mut part = self.transaction(|ledger| ledger.job_orders(&command)).unwrap();
        let mut text = part.body;
        while let Some(more) = part.more {
            let command = serde_json::from_str(&more.1).unwrap();
            part = self
                .transaction(|ledger| ledger.more_job_orders(&command))
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
