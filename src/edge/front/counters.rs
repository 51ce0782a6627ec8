//! How many requests ended how, since this isolate started: the front's part of `GET /metrics`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::problem::Kind;

type Labels = (&'static str, &'static str, u16);

/// Counts requests by route, method and status; whatever a caller writes himself is no label.
#[derive(Debug, Default)]
pub struct Counters(RefCell<BTreeMap<Labels, u64>>);

impl Counters {
    pub(super) fn count(&self, route: &'static str, method: &str, status: u16) {
        const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = METHODS
            .into_iter()
            .find(|known| *known == method)
            .unwrap_or("other");
        *self.0.borrow_mut().entry((route, method, status)).or_default() += 1;
    }

    /// The counters in the Prometheus text format.
    pub(super) fn text(&self) -> String {
        let mut text = String::from(
            "# HELP autorevoke_http_requests_total Requests answered by this isolate since it started.\n\
             # TYPE autorevoke_http_requests_total counter\n",
        );
        let mut unauthenticated = 0;
        for ((route, method, status), count) in self.0.borrow().iter() {
            if Kind::Unauthenticated.statuses().contains(status) {
                unauthenticated += count;
            }
            text += &format!(
                "autorevoke_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}\n"
            );
        }
        text += &format!(
            "# HELP autorevoke_unauthenticated_total Requests without a valid caller, since this isolate started.\n\
             # TYPE autorevoke_unauthenticated_total counter\n\
             autorevoke_unauthenticated_total {unauthenticated}\n"
        );
        text
    }
}
