//! The progress of a job as server-sent events (WHATWG HTML, section 9.2): in parts, each of which says when to ask for the
//! next.

use super::Job;
use crate::edge::command::{Asker, Clock, Command, MoreJobEvents, OneJob, Request};
use crate::edge::http_answer::{HttpAnswer, More, json};
use crate::edge::ledger::Ledger;
use crate::edge::ledger::host::{Host, HostError};

/// Between two looks at the job, in milliseconds.
const LOOK_EVERY_MS: u32 = 1_000;
/// Looks without news after which the connection is kept alive.
const LOOKS_IN_SILENCE: u64 = 10;
/// Looks after which an event is sent for a job whose rate or ETA the clock alone has moved. That it is at risk is sent at once.
const LOOKS_AT_THE_CLOCK: u64 = 5;
/// How long one connection is served, in milliseconds: who may watch is asked again with the next.
const SERVED_FOR_MS: i64 = 300_000;

impl<H: Host> Ledger<H> {
    /// The first part.
    pub fn job_events(
        &self,
        by: &Asker,
        of: &OneJob,
        last_event_id: Option<u32>,
    ) -> Result<HttpAnswer, HostError> {
        let job = match self.readable_job(by, of)? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let seen = last_event_id.map(i64::from);
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
        let sent = MoreJobEvents {
            job: job.number,
            seen,
            clock: None,
            until: now + SERVED_FOR_MS,
            silent: 0,
        };
        let mut answer = self.events_part(by, &job, sent, now)?;
        answer.body.insert_str(0, "retry: 2000\n\n");
        // nginx would hold the events back until 4 KiB have come.
        answer.headers.push(("X-Accel-Buffering", "no".to_owned()));
        Ok(answer)
    }

    /// A further part: the command is the one that the part before gave.
    pub fn more_job_events(&self, by: &Asker, sent: MoreJobEvents) -> Result<HttpAnswer, HostError> {
        let job = self.job_numbered(sent.job)?;
        self.events_part(by, &job, sent, self.host.now())
    }

    /// `sent`: what the caller has had.
    fn events_part(
        &self,
        by: &Asker,
        job: &Job,
        mut sent: MoreJobEvents,
        now: i64,
    ) -> Result<HttpAnswer, HostError> {
        let pace = job.pace(now);
        let clock = Clock {
            at_risk: pace.at_risk,
            rate: pace.rate.map(|rate| (rate * 1000.0).round() as i64),
            eta: pace.eta,
        };
        let looks = sent.silent + 1;
        let has_moved = sent.clock.as_ref() != Some(&clock);
        let risk_has_moved = sent
            .clock
            .as_ref()
            .is_some_and(|sent| sent.at_risk != clock.at_risk);
        let is_news =
            sent.seen != Some(job.revision) || risk_has_moved || (has_moved && looks >= LOOKS_AT_THE_CLOCK);
        let body;
        (body, sent.silent) = if is_news {
            let data = json(&self.document(job, by, now)?);
            let event = format!("event: progress\nid: {}\ndata: {data}\n\n", job.revision);
            (event, 0)
        } else if looks >= LOOKS_IN_SILENCE {
            (": still here\n\n".to_owned(), 0)
        } else {
            (String::new(), looks)
        };
        if is_news {
            (sent.seen, sent.clock) = (Some(job.revision), Some(clock));
        }
        let mut answer = HttpAnswer::of("text/event-stream; charset=utf-8", body);
        if !job.state.is_final() && now < sent.until {
            let ask = Request {
                by: by.clone(),
                command: Command::MoreJobEvents(sent),
            };
            let pause_ms = LOOK_EVERY_MS;
            answer.more = Some(Box::new(More { ask, pause_ms }));
        }
        Ok(answer)
    }
}
