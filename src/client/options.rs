//! What the caller may choose: read by hand, with every fault named at once and no value quoted.

use super::transcript::{Given, Value};
#[cfg(feature = "direct")]
use crate::protocol::ENDPOINT;
use crate::protocol::printable_name;

/// Long enough for a slow CA behind the edge, which itself gives up after 30 s and a wait of 10 s for its turn.
pub const DEFAULT_TIMEOUT_MS: i64 = 45_000;
/// The longest that a timer can wait (HTML, `setTimeout`): anything longer would fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;
const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;
/// As JavaScript calls it.
const CREATES_A_JOB: &str = "job-create";

/// The options of a call. Those with faults are absent, and are not used: a call with faults is refused.
#[derive(Default)]
pub struct Options<'a> {
    /// The URL as it was checked: of the edge, without a slash at its end, or of the CA.
    pub endpoint: String,
    /// A string that is given as it stands; a function is called by `pkg/`.
    pub token: Option<&'a str>,
    pub idempotency_key: Option<&'a str>,
    /// Whether an order is to be sent again, not only probed.
    pub resend: bool,
    /// Which part of the audit log, or of a job.
    #[cfg(any(feature = "audit", feature = "jobs"))]
    pub page: super::page::Page,
    /// With which outcome; empty for any.
    #[cfg(feature = "jobs")]
    pub outcome: &'a str,
    /// In which state; empty for any.
    #[cfg(feature = "jobs")]
    pub state: &'a str,
    /// Whether a report is wanted as Markdown.
    #[cfg(feature = "jobs")]
    pub markdown: bool,
    pub has_credentials: bool,
    /// Whether this is a page or a web worker.
    pub in_page: bool,
    /// Sentences about what is wrong, each with a space before it, in the order in which it was found.
    pub faults: String,
    has_endpoint: bool,
    has_token: bool,
    has_fetch: bool,
    allowed_in_page: bool,
}

impl<'a> Options<'a> {
    /// Reads the options of a call over those of the client that it is made with. All but `"revoke"` is about something
    /// that only the edge can do.
    pub fn read(given: &Given<'a>, operation: &str) -> Options<'a> {
        let mut options = Options {
            has_fetch: given.one("call", "fetch").is(b'f'),
            in_page: is_page(given),
            ..Options::default()
        };
        for scope in ["bound", "options"] {
            let whole = given.one("call", scope);
            if !whole.is(b'o') && !whole.is(b'u') {
                options.note("options", "must be an object");
            }
            for (name, value) in given.of(scope) {
                if let Err(fault) = options.take(name, value, operation, scope == "bound") {
                    options.note(&printable_name(name), fault);
                }
            }
        }
        options.note_conflicts();
        match options.endpoint(given, operation) {
            Ok(endpoint) => options.endpoint = endpoint,
            Err(fault) => options.note("endpoint", fault),
        }
        if !options.has_fetch {
            options.note("fetch", "is missing: this runtime has none of its own");
        }
        options
    }

    fn note(&mut self, name: &str, fault: &str) {
        for part in [" ", name, " ", fault, "."] {
            self.faults.push_str(part);
        }
    }

    fn take(
        &mut self,
        name: &str,
        value: Value<'a>,
        operation: &str,
        of_client: bool,
    ) -> Result<(), &'static str> {
        let edge_only = operation != "revoke";
        match name {
            "endpoint" => self.has_endpoint = true,
            "token" => {
                self.token = token(value)?;
                self.has_token = true;
            }
            "credentials" if edge_only => {
                return Err("are for revoke() alone: this asks the edge, which has its own");
            }
            #[cfg(feature = "direct")]
            "credentials" => self.has_credentials = true,
            #[cfg(not(feature = "direct"))]
            "credentials" => return Err("are not for this module, which knows the edge alone"),
            "signal" if value.is(b'a') => {}
            "signal" => return Err("must be an AbortSignal"),
            "timeout" => {
                if !value.number().is_some_and(|it| it > 0.0 && it <= MAX_TIMEOUT_MS) {
                    return Err("must be a positive number of milliseconds, at most 2147483647");
                }
            }
            "idempotencyKey" if of_client || edge_only && operation != CREATES_A_JOB => {
                return Err("belongs to one call of revoke() or jobs.create()");
            }
            "idempotencyKey" => match value.text() {
                Some(key) if is_visible(key) && key.len() <= MAX_IDEMPOTENCY_KEY_CHARS => {
                    self.idempotency_key = Some(key);
                }
                _ => return Err("must be 1 to 255 visible ASCII characters"),
            },
            "resend" if operation == "settle" && !of_client => {
                self.resend = value.flag().ok_or("must be true or false")?
            }
            #[cfg(feature = "audit")]
            "after" | "limit" if operation == "audit" && !of_client => self.page.take(name, value)?,
            #[cfg(feature = "jobs")]
            _ if !of_client && super::jobs::knows(operation, name) => super::jobs::take(self, name, value)?,
            "fetch" if value.is(b'f') => self.has_fetch = true,
            "fetch" => return Err("must be a function"),
            "dangerouslyAllowBrowser" => {
                self.allowed_in_page = value.flag().ok_or("must be true or false")?
            }
            _ => return Err("is not an option"),
        }
        Ok(())
    }

    fn note_conflicts(&mut self) {
        if !self.has_credentials {
            return;
        }
        if self.has_token {
            self.note(
                "token",
                "is for the edge, and credentials are for the CA: give one of them",
            );
        }
        if self.idempotency_key.is_some() {
            self.note(
                "idempotencyKey",
                "is for the edge: the CA knows nothing of the kind",
            );
        }
        if self.in_page && !self.allowed_in_page {
            self.note(
                "credentials",
                "do not belong into a page or a web worker, where anyone can read them: revoke through an edge, or set \
                 dangerouslyAllowBrowser if you know what you are doing",
            );
        }
    }

    fn endpoint(&self, given: &Given<'_>, operation: &str) -> Result<String, &'static str> {
        if self.has_endpoint {
            let href = url(given)?;
            return Ok(if self.has_credentials {
                href.to_owned()
            } else {
                href.trim_end_matches('/').to_owned()
            });
        }
        #[cfg(feature = "direct")]
        if self.has_credentials {
            return Ok(ENDPOINT.to_owned());
        }
        Err(if operation == "revoke" {
            "is missing: the URL of the edge, or credentials to go straight to the CA"
        } else {
            "is missing: the URL of the edge"
        })
    }
}

/// A function's token is not there yet.
fn token(value: Value<'_>) -> Result<Option<&str>, &'static str> {
    match value.text() {
        _ if value.is(b'f') => Ok(None),
        Some(text) if is_visible(text) => Ok(Some(text)),
        None if !value.is(b'm') => {
            Err("must be a string, or a function that returns one or a promise of one")
        }
        _ => Err("must be visible ASCII characters without spaces"),
    }
}

/// Whether a text is visible ASCII without spaces, such as can stand in a header.
pub fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The endpoint as the runtime has normalised it, if requests may go there.
fn url<'a>(given: &Given<'a>) -> Result<&'a str, &'static str> {
    let part = |name| given.one("endpoint", name).text();
    if part("text").is_none() {
        return Err("must be a string or a URL");
    }
    let (Some(href), Some(protocol), Some(hostname)) = (part("href"), part("protocol"), part("hostname"))
    else {
        return Err("must be an absolute URL");
    };
    if protocol != "https:" && !(protocol == "http:" && is_loopback(hostname)) {
        return Err("must begin with https: (http: is for loopback only)");
    }
    if part("username") != Some("") || part("password") != Some("") {
        return Err("must have no user name or password in it");
    }
    // An empty query or fragment too: what is written behind it would end up there.
    if href.bytes().any(|b| b == b'?' || b == b'#') {
        return Err("must have no query and no fragment");
    }
    Ok(href)
}

/// Whether a host name of a URL, which the runtime has normalised, is this machine.
fn is_loopback(host: &str) -> bool {
    let is_ipv4 = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || is_ipv4 && host.starts_with("127.")
}

/// Whether scripts of others may run beside this one. workerd has the classes of a web worker, but not its
/// `importScripts`; Node's worker threads have neither.
pub fn is_page(given: &Given<'_>) -> bool {
    given.one("call", "document").is(b'o')
        || given.one("call", "WorkerGlobalScope").is(b'f') && given.one("call", "importScripts").is(b'f')
}
