//! What the caller may choose: read by hand, with every fault named at once and no value quoted.

use js_sys::Function;
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::call::{Call, Operation};
use super::failure::Failure;
use super::value::{Argument, Members, Value};
use crate::protocol::printable_name;
#[cfg(feature = "full")]
use crate::protocol::{Credentials, ENDPOINT};

/// Long enough for a slow CA behind the edge, which itself gives up after 30 s and a wait of 10 s for a free slot.
pub(super) const DEFAULT_TIMEOUT_MS: f64 = 45_000.0;
/// The longest that a timer can wait (HTML, `setTimeout`): anything longer would fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;
const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;

/// How a call is made: where it goes, who asks, and for how long.
///
/// ```no_run
/// use autorevoke::client::Options;
/// let options = Options::edge("https://revoke.example.com")?.token("ark_ops_secret")?.timeout_ms(30_000)?;
/// assert!(Options::edge("http://revoke.example.com").is_err());
/// # Ok::<(), autorevoke::client::Failure>(())
/// ```
pub struct Options {
    /// The URL as it was checked: of the edge, without a slash at its end, or of the CA.
    pub(super) endpoint: String,
    pub(super) token: Token,
    /// Straight to the CA with this login.
    #[cfg(feature = "full")]
    pub(super) credentials: Option<Credentials>,
    pub(super) signal: Option<Signal>,
    pub(super) timeout_ms: f64,
    pub(super) idempotency_key: Option<String>,
    /// The replacement, or the runtime's own. (`Function::default` would be `new Function`, which policies forbid.)
    pub(super) fetch: Option<Function>,
    /// Whether this is a page or a web worker.
    pub(super) in_page: bool,
}

/// What shows who asks.
#[derive(Default)]
pub(super) enum Token {
    #[default]
    None,
    Text(Zeroizing<String>),
    /// Called for each request; gives a token or a promise of one.
    Function(Function),
}

/// The caller's signal, by shape: it may come from another realm, or from a polyfill.
pub(super) struct Signal(pub JsValue);

/// What surrounds a call, as far as the options depend on it.
pub(super) struct Runtime {
    /// Its own `fetch`.
    pub fetch: Option<Function>,
    /// Whether scripts of others may run beside this one.
    pub in_page: bool,
    /// Reads an absolute URL.
    pub url: fn(&str) -> Option<Url>,
    /// The text of a URL object.
    pub href: fn(&Value) -> Option<String>,
    /// Whether a value is an abort signal.
    pub signal: fn(&Value) -> Option<Signal>,
}

/// The parts of a URL, as the runtime has normalised them.
pub(super) struct Url {
    pub href: String,
    pub protocol: String,
    pub hostname: String,
    pub has_login: bool,
}

/// What only some operations are asked.
#[derive(Default)]
pub(super) struct Asked {
    /// Whether an order is to be sent again, not only probed.
    pub resend: bool,
    /// Which part of the audit log, or of a job.
    #[cfg(feature = "full")]
    pub page: super::page::Page,
    /// The outcomes of rows; none: all of them.
    #[cfg(feature = "full")]
    pub outcomes: Vec<crate::api::row::RowOutcome>,
    /// Which orders, or entries of the audit log.
    #[cfg(feature = "full")]
    pub filter: super::filter::Filter,
    /// The state of jobs.
    #[cfg(feature = "full")]
    pub state: Option<crate::api::job::JobState>,
    /// Whether a report is wanted as Markdown.
    #[cfg(feature = "full")]
    pub markdown: bool,
}

/// Sentences about what is wrong with options, each with a space before it, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Faults(pub String);

impl Faults {
    pub fn note(&mut self, name: &str, fault: &str) {
        for part in [" ", name, " ", fault, "."] {
            self.0.push_str(part);
        }
    }

    /// Refuses the call if there are any.
    pub fn refuse(&self, call: &Call<'_>) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Failure::not_sent(
            call,
            &["the options are not right.", &self.0].concat(),
        ))
    }
}

/// The options of a call as they were read. Those with faults are absent, and are not used.
pub(super) struct Read {
    pub options: Options,
    pub asked: Asked,
    /// The login, still to be read with the order; undefined where the call goes through the edge.
    #[cfg(feature = "full")]
    pub credentials: Value,
    pub faults: Faults,
}

/// Reads the options of a call over those of the client that it is made with.
pub(super) fn read(bound: Argument, own: Argument, operation: Operation, runtime: Runtime) -> Read {
    let mut faults = Faults::default();
    let mut given = Given::default();
    for (argument, of_client) in [(bound, true), (own, false)] {
        match argument {
            Argument::Missing => {}
            Argument::Wrong => faults.note("options", "must be an object"),
            Argument::Members(Members(members)) => {
                for (name, value) in members {
                    if let Err(fault) = given.take(&name, value, operation, of_client, &runtime) {
                        faults.note(&printable_name(&name), fault);
                    }
                }
            }
        }
    }
    given.note_conflicts(runtime.in_page, &mut faults);
    let endpoint = given.endpoint(operation, &runtime).unwrap_or_else(|fault| {
        faults.note("endpoint", fault);
        String::new()
    });
    let fetch = given.fetch.or(runtime.fetch);
    if fetch.is_none() {
        faults.note("fetch", "is missing: this runtime has none of its own");
    }
    Read {
        options: Options {
            endpoint,
            token: given.token,
            #[cfg(feature = "full")]
            credentials: None,
            signal: given.signal,
            timeout_ms: given.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
            idempotency_key: given.idempotency_key,
            fetch,
            in_page: runtime.in_page,
        },
        asked: given.asked,
        #[cfg(feature = "full")]
        credentials: given.credentials,
        faults,
    }
}

/// What was given and has no fault of its own.
struct Given {
    endpoint: Value,
    token: Token,
    credentials: Value,
    signal: Option<Signal>,
    timeout_ms: Option<f64>,
    idempotency_key: Option<String>,
    fetch: Option<Function>,
    allowed_in_page: bool,
    asked: Asked,
}

impl Default for Given {
    fn default() -> Given {
        Given {
            endpoint: Value::Undefined,
            token: Token::None,
            credentials: Value::Undefined,
            signal: None,
            timeout_ms: None,
            idempotency_key: None,
            fetch: None,
            allowed_in_page: false,
            asked: Asked::default(),
        }
    }
}

impl Given {
    fn take(
        &mut self,
        name: &str,
        value: Value,
        operation: Operation,
        of_client: bool,
        runtime: &Runtime,
    ) -> Result<(), &'static str> {
        match name {
            "endpoint" => self.endpoint = value,
            "token" => self.token = token(value)?,
            "credentials" if operation != Operation::Revoke => {
                return Err("are for revoke() alone: this asks the edge, which has its own");
            }
            "credentials" if cfg!(feature = "full") => self.credentials = value,
            "credentials" => return Err("are not for this module, which knows the edge alone"),
            "signal" => self.signal = Some((runtime.signal)(&value).ok_or("must be an AbortSignal")?),
            "timeout" => match value {
                Value::Number(it) => self.timeout_ms = Some(timeout(it)?),
                _ => return Err(BAD_TIMEOUT),
            },
            "idempotencyKey" if of_client || !takes_key(operation) => {
                return Err("belongs to one call of revoke() or jobs.create()");
            }
            "idempotencyKey" => match value {
                Value::Text(key) => self.idempotency_key = Some(idempotency_key(key)?),
                _ => return Err(BAD_KEY),
            },
            "resend" if operation == Operation::Settle && !of_client => {
                self.asked.resend = value.bool().ok_or("must be true or false")?
            }
            "fetch" => match value {
                Value::Function(fetch) => self.fetch = Some(fetch),
                _ => return Err("must be a function"),
            },
            "dangerouslyAllowBrowser" => {
                self.allowed_in_page = value.bool().ok_or("must be true or false")?
            }
            #[cfg(feature = "full")]
            _ if !of_client => return self.asked.take(name, value, operation),
            _ => return Err("is not an option"),
        }
        Ok(())
    }

    fn note_conflicts(&self, in_page: bool, faults: &mut Faults) {
        if matches!(self.credentials, Value::Undefined) {
            return;
        }
        if !matches!(self.token, Token::None) {
            faults.note(
                "token",
                "is for the edge, and credentials are for the CA: give one of them",
            );
        }
        if self.idempotency_key.is_some() {
            faults.note(
                "idempotencyKey",
                "is for the edge: the CA knows nothing of the kind",
            );
        }
        if in_page && !self.allowed_in_page {
            faults.note(
                "credentials",
                "do not belong into a page or a web worker, where anyone can read them: revoke through an edge, or set \
                 dangerouslyAllowBrowser if you know what you are doing",
            );
        }
    }

    fn endpoint(&self, operation: Operation, runtime: &Runtime) -> Result<String, &'static str> {
        let is_direct = !matches!(self.credentials, Value::Undefined);
        let text = match &self.endpoint {
            #[cfg(feature = "full")]
            Value::Undefined if is_direct => return Ok(ENDPOINT.to_owned()),
            Value::Undefined if operation == Operation::Revoke => {
                return Err("is missing: the URL of the edge, or credentials to go straight to the CA");
            }
            Value::Undefined => return Err("is missing: the URL of the edge"),
            Value::Text(text) => text.clone(),
            other => (runtime.href)(other).ok_or("must be a string or a URL")?,
        };
        let href = (runtime.url)(&text).ok_or("must be an absolute URL")?.checked()?;
        Ok(if is_direct { href } else { without_slash(href) })
    }
}

#[cfg(feature = "full")]
impl Asked {
    fn take(&mut self, name: &str, value: Value, operation: Operation) -> Result<(), &'static str> {
        match (operation, name) {
            (Operation::OrderList | Operation::AuditList, "after" | "limit") => self.page.take(name, &value),
            (Operation::OrderList | Operation::AuditList, _) => self.filter.take(operation, name, value),
            (Operation::Job(operation), _) => super::jobs::take(self, operation, name, value),
            _ => Err("is not an option"),
        }
    }
}

/// Whether an operation is made once only by a key.
fn takes_key(operation: Operation) -> bool {
    match operation {
        Operation::Revoke => true,
        #[cfg(feature = "full")]
        Operation::Job(super::jobs::Operation::Create) => true,
        _ => false,
    }
}

fn token(value: Value) -> Result<Token, &'static str> {
    match value {
        Value::Function(function) => Ok(Token::Function(function)),
        Value::Text(text) => visible(text).map(Token::Text),
        Value::MalformedText(_) => Err(BAD_TOKEN),
        _ => Err("must be a string, or a function that returns one or a promise of one"),
    }
}

/// A token, if it can stand in a header.
pub(super) fn visible(text: String) -> Result<Zeroizing<String>, &'static str> {
    match Zeroizing::new(text) {
        text if is_visible(&text) => Ok(text),
        _ => Err(BAD_TOKEN),
    }
}

const BAD_TOKEN: &str = "must be visible ASCII characters without spaces";
const BAD_TIMEOUT: &str = "must be a positive number of milliseconds, at most 2147483647";
const BAD_KEY: &str = "must be 1 to 255 visible ASCII characters";

pub(super) fn timeout(milliseconds: f64) -> Result<f64, &'static str> {
    if milliseconds > 0.0 && milliseconds <= MAX_TIMEOUT_MS {
        Ok(milliseconds)
    } else {
        Err(BAD_TIMEOUT)
    }
}

pub(super) fn idempotency_key(key: String) -> Result<String, &'static str> {
    if is_visible(&key) && key.len() <= MAX_IDEMPOTENCY_KEY_CHARS {
        Ok(key)
    } else {
        Err(BAD_KEY)
    }
}

/// Whether a text is visible ASCII without spaces, such as can stand in a header.
pub(super) fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

pub(super) fn without_slash(mut href: String) -> String {
    href.truncate(href.trim_end_matches('/').len());
    href
}

impl Url {
    /// Its text, if requests may go there.
    pub fn checked(self) -> Result<String, &'static str> {
        if self.protocol != "https:" && !(self.protocol == "http:" && is_loopback(&self.hostname)) {
            return Err("must begin with https: (http: is for loopback only)");
        }
        if self.has_login {
            return Err("must have no user name or password in it");
        }
        // An empty query or fragment too: what is written behind it would end up there.
        if self.href.bytes().any(|b| b == b'?' || b == b'#') {
            return Err("must have no query and no fragment");
        }
        Ok(self.href)
    }
}

/// Whether a host name of a URL, which the runtime has normalised, is this machine.
fn is_loopback(host: &str) -> bool {
    let is_ipv4 = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || is_ipv4 && host.starts_with("127.")
}
