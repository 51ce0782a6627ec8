//! A ledger in SQLite, with a clock that stands still and failures on demand.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use autorevoke::edge::command::Asker;
use autorevoke::edge::config::{self, LedgerConfig, Vars};
use autorevoke::edge::http_answer::HttpAnswer;
use autorevoke::edge::ledger::{Attempt, Begun, Host, HostError, Ledger, Purpose, Revocation, Settlement};
use autorevoke::protocol::{Answer, Credentials, Name, Reply, Sent, parse};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, StatementStatus, params_from_iter};
use serde_json::{Value, json};

pub struct Sqlite {
    connection: Connection,
    clock: Cell<i64>,
    /// How many statements still succeed; then each fails.
    pub healthy_statements: Cell<Option<u32>>,
    /// Whether the next transaction cannot be committed.
    pub commit_fails: Cell<bool>,
    /// How many steps of SQLite's virtual machine the statements have taken.
    pub steps: Cell<i64>,
    /// Statements that have run, while somebody listens.
    heard: RefCell<Option<BTreeSet<String>>>,
}

#[derive(Clone)]
pub struct SqliteHost(pub Rc<Sqlite>);

impl Host for SqliteHost {
    fn sql(&self, statement: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, HostError> {
        match self.0.healthy_statements.get() {
            Some(0) => return Err(HostError),
            Some(left) => self.0.healthy_statements.set(Some(left - 1)),
            None => {}
        }
        assert_within_limits(statement, values);
        if let Some(heard) = self.0.heard.borrow_mut().as_mut() {
            heard.insert(statement.to_owned());
        }
        let mut prepared = self.0.connection.prepare_cached(statement).expect(statement);
        let columns = prepared.column_count();
        let values = params_from_iter(values.iter().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Number(number) => rusqlite::types::Value::Integer(number.as_i64().unwrap()),
            Value::String(text) => rusqlite::types::Value::Text(text.clone()),
            other => panic!("no such value in SQLite: {other}"),
        }));
        let rows = prepared.query_map(values, |row| {
            (0..columns)
                .map(|column| {
                    Ok(match row.get_ref(column)? {
                        ValueRef::Null => Value::Null,
                        ValueRef::Integer(number) => number.into(),
                        ValueRef::Text(text) => std::str::from_utf8(text).unwrap().into(),
                        other => panic!("no such column: {other:?}"),
                    })
                })
                .collect()
        });
        let rows: Result<Vec<Vec<Value>>, _> = rows.unwrap().collect();
        let steps = prepared.reset_status(StatementStatus::VmStep);
        self.0.steps.set(self.0.steps.get() + i64::from(steps));
        if let Ok(rows) = &rows {
            assert!(rows.len() <= MOST_ROWS, "{} rows: {statement}", rows.len());
            rows.iter().for_each(|row| assert_within_limits(statement, row));
        }
        rows.map_err(|_| HostError)
    }

    fn execute(&self, statement: &str, values: &[Value]) -> Result<(), HostError> {
        assert_eq!(
            self.sql(statement, values)?,
            Vec::<Vec<Value>>::new(),
            "{statement}"
        );
        Ok(())
    }

    fn now(&self) -> i64 {
        self.0.clock.set(self.0.clock.get() + 1);
        self.0.clock.get()
    }
}

impl Sqlite {
    /// An empty database.
    pub fn new() -> Sqlite {
        Sqlite::from(Connection::open_in_memory().unwrap())
    }

    /// Lets time pass, in milliseconds.
    pub fn pass(&self, millis: i64) {
        self.clock.set(self.clock.get() + millis);
    }

    /// Keeps all rows as they are, for [`Sqlite::put_back`].
    pub fn keep(&self) {
        for table in self.tables() {
            self.execute(&format!(
                "CREATE TEMP TABLE kept_{table} AS SELECT * FROM main.{table}"
            ));
        }
    }

    /// Makes all rows those that were kept, and the time that of a new one: much quicker than one that is made anew.
    pub fn put_back(&self) {
        if !self.connection.is_autocommit() {
            self.execute("ROLLBACK");
        }
        // In the order in which they were made: what triggers count by the way is put back after it.
        for table in self.tables() {
            self.execute(&format!(
                "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM kept_{table}"
            ));
        }
        self.healthy_statements.set(None);
        self.commit_fails.set(false);
        self.clock.set(BEGINNING);
    }

    fn tables(&self) -> Vec<String> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name FROM main.sqlite_master WHERE type = 'table'")
            .unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    /// How SQLite carries out each statement of `work`: the steps of its plan.
    pub fn plans_of(&self, work: impl FnOnce()) -> Vec<(String, String)> {
        self.heard.replace(Some(BTreeSet::new()));
        work();
        let mut steps = Vec::new();
        for statement in self.heard.take().unwrap() {
            let explained = format!("EXPLAIN QUERY PLAN {statement}");
            let mut prepared = self.connection.prepare(&explained).unwrap();
            let count = prepared.parameter_count();
            let none = params_from_iter(vec![rusqlite::types::Value::Null; count]);
            let details = prepared.query_map(none, |row| row.get::<_, String>(3)).unwrap();
            steps.extend(details.map(|detail| (statement.clone(), detail.unwrap())));
        }
        steps
    }

    /// Runs a script, as a dump of a database is one.
    pub fn execute(&self, script: &str) {
        self.connection.execute_batch(script).unwrap();
    }
}

impl From<Connection> for Sqlite {
    fn from(connection: Connection) -> Sqlite {
        // Room for every statement of the ledger, and none prepared anew for other values: that takes longer than to run it.
        connection.set_prepared_statement_cache_capacity(500);
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .unwrap();
        Sqlite {
            connection,
            clock: Cell::new(BEGINNING),
            healthy_statements: Cell::new(None),
            commit_fails: Cell::new(false),
            steps: Cell::new(0),
            heard: RefCell::default(),
        }
    }
}

/// What Cloudflare's SQLite takes: 100 KB in a statement, 100 values bound to it, and 2 MB in a row. No other has these limits, so
/// each statement of each test is held to them.
fn assert_within_limits(statement: &str, values: &[Value]) {
    let bytes: usize = values.iter().filter_map(Value::as_str).map(str::len).sum();
    assert!(
        statement.len() <= 100_000 && values.len() <= 100 && bytes <= 2_000_000,
        "{} values with {bytes} bytes: {statement}",
        values.len()
    );
}

/// Rows that one statement may give: all of them are in memory at once, and an isolate has 128 MB.
const MOST_ROWS: usize = 10_001;

/// When every test begins, in milliseconds since 1970.
const BEGINNING: i64 = 1_790_000_000_000;

/// Entries that every log begins with: that the ledger was made, and with which configuration.
pub const OPENING: usize = 2;

/// A ledger as its Durable Object runs it: every step in a transaction.
pub struct Bench {
    pub host: SqliteHost,
    pub ledger: Ledger<SqliteHost>,
}

pub fn config() -> LedgerConfig {
    config_with(&[])
}

/// The same with these variables besides, or instead.
pub fn config_with(pairs: &[(&str, &str)]) -> LedgerConfig {
    let mut vars = Vars::default();
    vars.set("RATE_LIMIT_PER_MINUTE", "1000000".into());
    vars.set("DAILY_LIMIT", "1000000".into());
    vars.set("CA_LOGIN_NAME", "canary-login".into());
    vars.set("CA_LOGIN_PASSWORD", "canary-password".into());
    vars.set(
        "API_KEYS",
        format!(
            r#"[{{"id":"a","sha256":"{}","permissions":["revoke"],"orders":["*"]}}]"#,
            "0".repeat(64)
        ),
    );
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": "A".repeat(43), "x": "A".repeat(43) });
    vars.set("AUDIT_SIGNING_KEY", jwk.to_string());
    for (name, value) in pairs {
        vars.set(name, (*value).to_owned());
    }
    config::ledger(&vars).unwrap()
}

impl Bench {
    pub fn new() -> Bench {
        Bench::with(&[])
    }

    /// With these variables besides, or instead.
    pub fn with(variables: &[(&str, &str)]) -> Bench {
        Bench::on(Sqlite::new(), variables)
    }

    /// On a database that there is already.
    pub fn on(database: Sqlite, variables: &[(&str, &str)]) -> Bench {
        let host = SqliteHost(Rc::new(database));
        let ledger = Ledger::open(host.clone(), config_with(variables), "ledger-id").unwrap();
        let bench = Bench { host, ledger };
        bench.recover();
        bench
    }

    /// Another process on the tables of this one.
    pub fn again(other: &Bench) -> Bench {
        let (host, config) = (other.host.clone(), other.ledger.config().clone());
        let ledger = Ledger::open(host.clone(), config, "another-id").unwrap();
        let bench = Bench { host, ledger };
        bench.recover();
        bench
    }

    /// As the host does it after each opening; it may fail.
    fn recover(&self) {
        let _ = self.transaction(|ledger| ledger.recover());
    }

    /// What a crash leaves: the rows, and nothing else.
    pub fn restart(&mut self) {
        *self = Bench::again(self);
    }

    /// The same, and the configuration is another one then.
    pub fn restart_with(&mut self, variables: &[(&str, &str)]) {
        self.ledger = Ledger::open(self.host.clone(), config_with(variables), "another-id").unwrap();
        self.recover();
    }

    /// Lets time pass, in milliseconds.
    pub fn pass(&self, millis: i64) {
        self.host.0.pass(millis);
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.host.0.clock.get()
    }

    /// What is to be called now although nobody asks.
    pub fn due(&self) -> Vec<Revocation> {
        self.transaction(|ledger| ledger.due()).unwrap()
    }

    /// Does something of which a statement may fail, the one after so many; whether it did.
    pub fn tried<T>(
        &self,
        healthy: Option<u32>,
        work: impl FnOnce(&Bench) -> Result<T, HostError>,
    ) -> Option<T> {
        self.host.0.healthy_statements.set(healthy);
        let done = work(self);
        self.host.0.healthy_statements.set(None);
        assert!(done.is_ok() || healthy.is_some());
        done.ok()
    }

    /// The one call that is due, begun.
    pub fn due_now(&self, purpose: Purpose) -> Box<Attempt> {
        let due = self.due();
        assert_eq!(due.iter().map(|call| call.purpose).collect::<Vec<_>>(), [purpose]);
        self.sent(&due[0])
    }

    /// In how many milliseconds the alarm rings.
    pub fn alarm_in(&self) -> Option<i64> {
        let at = self.ledger.next_alarm(None).unwrap();
        at.map(|at| at - self.host.0.clock.get())
    }

    /// The answer to a command that settles an order, or the calls to make.
    pub fn settle(&self, number: &str, resend: bool) -> Settlement {
        self.try_settle(number, resend).unwrap()
    }

    /// The same where it may fail.
    pub fn try_settle(&self, number: &str, resend: bool) -> Result<Settlement, HostError> {
        let by = asker("key:a");
        self.transaction(|ledger| ledger.settle(&by, number, resend))
    }

    pub fn transaction<T>(
        &self,
        work: impl FnOnce(&Ledger<SqliteHost>) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let execute = |statement: &str| self.host.0.connection.execute_batch(statement).unwrap();
        execute("BEGIN");
        let result = work(&self.ledger);
        let fails = self.host.0.commit_fails.take();
        let result = if fails { Err(HostError) } else { result };
        if result.is_ok() {
            execute("COMMIT");
            self.ledger.committed();
        } else {
            execute("ROLLBACK");
            self.ledger.rolled_back();
        }
        result
    }

    /// As the rim does it: taken up, begun in its turn; let go of at once when it is not sent.
    pub fn begin(&self, revocation: &Revocation) -> Result<Begun, HostError> {
        if let Some(answer) = self.ledger.enter(revocation)? {
            return Ok(Begun::Answer(answer));
        }
        let begun = self.transaction(|ledger| ledger.begin(revocation));
        if !matches!(begun, Ok(Begun::Send(_))) {
            self.ledger.leave(revocation);
        }
        begun
    }

    /// Begins an attempt that must be sent.
    pub fn sent(&self, revocation: &Revocation) -> Box<Attempt> {
        match self.begin(revocation).unwrap() {
            Begun::Send(attempt) => attempt,
            other => panic!("not sent: {other:?}"),
        }
    }

    /// What an attempt sends.
    pub fn form_of(&self, attempt: &Attempt) -> String {
        let credentials = Credentials::new("canary-login", "canary-password").unwrap();
        self.ledger.form(attempt, &credentials).as_str().to_owned()
    }

    /// Begins a call that must be answered without being sent.
    pub fn answered(&self, revocation: &Revocation) -> (u16, Value) {
        match self.begin(revocation).unwrap() {
            Begun::Answer(answer) => read(&answer),
            other => panic!("not answered: {other:?}"),
        }
    }

    pub fn finish(&self, attempt: &Attempt, body: &str) -> (u16, Value) {
        let answer = self
            .transaction(|ledger| ledger.finish(attempt, &answer_of(body)))
            .unwrap();
        self.ledger.release(attempt);
        read(&answer)
    }

    pub fn order(&self, number: &str) -> (u16, Value) {
        read(&self.ledger.order(number, "urn:uuid:test").unwrap())
    }

    pub fn state(&self, number: &str) -> String {
        self.order(number).1["state"].as_str().unwrap().to_owned()
    }

    /// The audit log, entry by entry.
    pub fn audit(&self) -> Vec<Value> {
        let rows = self
            .host
            .sql("SELECT entry FROM audit ORDER BY seq", &[])
            .unwrap();
        rows.iter()
            .map(|row| serde_json::from_str(row[0].as_str().unwrap()).unwrap())
            .collect()
    }
}

/// The answer that the CA's body gives; an empty one is a lost connection.
pub fn answer_of(body: &str) -> Answer {
    let credentials = Credentials::new("canary-login", "canary-password").unwrap();
    let length = Some(body.len() as u64);
    parse(
        &Reply {
            status: 200,
            content_length: length,
            content_encoding: None,
            body: body.as_bytes(),
        },
        &Sent {
            name: Name::order_number("1").unwrap(),
            test: false,
            credentials: &credentials,
        },
    )
}

pub fn read(answer: &HttpAnswer) -> (u16, Value) {
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

thread_local! {
    static REQUESTS: Cell<u32> = const { Cell::new(0) };
}

/// The id of a request that there was not before.
pub fn instance() -> String {
    let request = REQUESTS.with(|count| count.replace(count.get() + 1));
    format!("urn:uuid:{request}")
}

/// A revocation of this order, by `actor`, as the front hands it over.
pub fn revocation(actor: &str, key: Option<&str>, order: Value) -> Revocation {
    let revoke = json!({ "order": order, "idempotency_key": key });
    Revocation::asked(asker(actor), serde_json::from_value(revoke).unwrap())
}

/// One who is no person, with a request that nobody has made before.
fn asker(actor: &str) -> Asker {
    Asker {
        actor: actor.to_owned(),
        person: actor.to_owned(),
        instance: instance(),
    }
}

pub fn real(number: &str) -> Revocation {
    revocation(
        "key:a",
        None,
        json!({ "codeReason": 1, "orderNumber": number, "test": false }),
    )
}

pub fn test(number: &str) -> Revocation {
    revocation(
        "key:a",
        None,
        json!({ "codeReason": 0, "orderNumber": number, "test": true }),
    )
}
