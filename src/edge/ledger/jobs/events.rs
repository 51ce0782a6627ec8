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
        let mut answer = self.events_part(&job, seen, now + SERVED_FOR_MS, 0, now);
        answer.body.insert_str(0, "retry: 2000\n\n");
        // nginx would hold the events back until 4 KiB have come.
        answer.headers.push(("X-Accel-Buffering", "no".to_owned()));
        Ok(answer)
    }

    /// A further part: the command is the one that the part before gave.
    pub fn more_job_events(&self, command: &Value) -> Result<HttpAnswer, HostError> {
        let number = |name: &str| command.get(name).and_then(Value::as_i64).ok_or(HostError);
        let job = self.job_numbered(number("number")?)?;
        let silent = u64::try_from(number("silent")?).map_err(|_| HostError)?;
        let now = self.host.now();
        Ok(self.events_part(&job, Some(number("seen")?), number("until")?, silent, now))
    }

    fn events_part(&self, job: &Job, seen: Option<i64>, until: i64, silent: u64, now: i64) -> HttpAnswer {
        let news = seen != Some(job.revision);
        let (body, silent) = if news {
            (event(job, now), 0)
        } else if silent + 1 >= LOOKS_IN_SILENCE {
            (": still here\n\n".to_owned(), 0)
        } else {
            (String::new(), silent + 1)
        };
        let mut answer = HttpAnswer::of("text/event-stream; charset=utf-8", body);
        if !job.state.is_final() && now < until {
            let command =
                json!({ "number": job.number, "seen": job.revision, "until": until, "silent": silent });
            answer.more = Some(Box::new(("moreJobEvents", command.to_string(), LOOK_EVERY_MS)));
        }
        answer
    }
}

fn event(job: &Job, now: i64) -> String {
    let data = Value::Object(job.document(now));
    format!("event: progress\nid: {}\ndata: {data}\n\n", job.revision)
}
