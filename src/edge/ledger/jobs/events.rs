//! The progress of a job as server-sent events (WHATWG HTML, section 9.2): in parts, each of which says when to ask for the
//! next.

use serde_json::{Value, json};

use super::Job;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError};

/// Between two looks at the job, in milliseconds.
const LOOK_EVERY_MS: u32 = 1_000;
/// Looks without news after which the connection is kept alive.
const LOOKS_IN_SILENCE: u64 = 10;
/// Looks after which a job is told anew whose rate or ETA the clock alone has moved. That it is at risk is told at once.
const LOOKS_AT_THE_CLOCK: u64 = 5;
/// How long one connection is served, in milliseconds: who may watch is asked again with the next.
const SERVED_FOR_MS: i64 = 300_000;

impl<H: Host> Ledger<H> {
    /// The first part.
    pub fn job_events(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let job = match self.readable_job(command)? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let seen = command.get("lastEventId").and_then(Value::as_i64);
        if job.state.is_final() && seen == Some(job.revision) {
            // The browser's EventSource does not come again after this.
            return Ok(HttpAnswer {
                status: 204,
                headers: Vec::new(),
                body: String::new(),
                more: None,
            });
        }
        let now = self.host.now();
        let told = Told {
            revision: seen,
            clock: Value::Null,
            silent: 0,
        };
        let mut answer = events_part(&job, told, now + SERVED_FOR_MS, now);
        answer.body.insert_str(0, "retry: 2000\n\n");
        // nginx would hold the events back until 4 KiB have come.
        answer.headers.push(("X-Accel-Buffering", "no".to_owned()));
        Ok(answer)
    }

    /// A further part: the command is the one that the part before gave.
    pub fn more_job_events(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let number = |name: &str| command.get(name).and_then(Value::as_i64).ok_or(HostError);
        let job = self.job_numbered(number("number")?)?;
        let told = Told {
            revision: Some(number("seen")?),
            clock: command.get("clock").cloned().unwrap_or_default(),
            silent: u64::try_from(number("silent")?).map_err(|_| HostError)?,
        };
        Ok(events_part(&job, told, number("until")?, self.host.now()))
    }
}

/// What a watcher has been told.
struct Told {
    revision: Option<i64>,
    /// What the clock moves in a job that stands still; `null` if that is not known.
    clock: Value,
    /// Looks since anything was sent.
    silent: u64,
}

fn events_part(job: &Job, told: Told, until: i64, now: i64) -> HttpAnswer {
    let document = job.document(now);
    let [at_risk, rate, eta] = ["atRisk", "rate", "eta"].map(|name| document.get(name));
    let clock = json!([at_risk, rate, eta]);
    let looks = told.silent + 1;
    let has_moved = told.clock != clock;
    let is_news = told.revision != Some(job.revision)
        || (has_moved && looks >= LOOKS_AT_THE_CLOCK)
        || told
            .clock
            .get(0)
            .is_some_and(|before| Some(before) != clock.get(0));
    let (body, silent) = if is_news {
        let data = Value::Object(document);
        let event = format!("event: progress\nid: {}\ndata: {data}\n\n", job.revision);
        (event, 0)
    } else if looks >= LOOKS_IN_SILENCE {
        (": still here\n\n".to_owned(), 0)
    } else {
        (String::new(), looks)
    };
    let told = if is_news { clock } else { told.clock };
    let mut answer = HttpAnswer::of("text/event-stream; charset=utf-8", body);
    if !job.state.is_final() && now < until {
        let command = json!({
            "number": job.number, "seen": job.revision, "clock": told, "until": until, "silent": silent,
        });
        answer.more = Some(Box::new(("moreJobEvents", command.to_string(), LOOK_EVERY_MS)));
    }
    answer
}
