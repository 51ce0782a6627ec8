//! What the caller may choose: read by hand, with every fault named at once and no value quoted.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::deadline::{MAX_TIMEOUT_MS, Signal};
use super::failure::{Failure, Stakes};
use super::given::{members, property, text};
use crate::protocol::{ENDPOINT, printable_name};

/// Long enough for a slow CA behind the edge, which itself gives up after 30 s and a wait of 10 s for its turn.
const DEFAULT_TIMEOUT_MS: f64 = 45_000.0;
const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;

/// What is to be done with the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Revoke,
    /// Something that only the edge can tell.
    Read,
}

/// The options of a call. Those with faults are absent, and are not used: a call with faults is refused.
pub struct Options {
    /// The URL as it was checked: of the edge, without a slash at its end, or of the CA.
    pub endpoint: String,
    pub token: Option<JsValue>,
    pub credentials: Option<JsValue>,
    pub signal: Option<Signal>,
    pub timeout: f64,
    pub idempotency_key: Option<String>,
    /// The replacement, or the global one. (`Function::default` would be `new Function`, which policies forbid.)
    pub fetch: Option<Function>,
    /// Whether this is a page or a web worker.
    pub in_page: bool,
}

/// Sentences about options, in the order in which they were found.
#[derive(Default)]
pub struct Faults(Vec<String>);

impl Faults {
    fn note(&mut self, name: &str, fault: &str) {
        self.0.push([" ", name, " ", fault, "."].concat());
    }

    /// All of them, each with a space before it.
    pub fn text(&self) -> String {
        self.0.concat()
    }
}

/// Refuses the call if there are faults.
pub fn refuse(faults: &Faults, stakes: &Stakes) -> Result<(), Failure> {
    if faults.0.is_empty() {
        return Ok(());
    }
    Err(Failure::not_sent(
        stakes,
        &["the options are not right.", &faults.text()].concat(),
    ))
}

impl Options {
    /// Reads the options of a call over those of the client that it is made with.
    pub fn read(bound: &JsValue, own: &JsValue, operation: Operation) -> (Options, Faults) {
        let mut faults = Faults::default();
        let mut given = Given::default();
        for (options, of_client) in [(bound, true), (own, false)] {
            match members(options) {
                Some(members) => {
                    for (name, value) in members {
                        if let Err(fault) = given.take(&name, value, operation, of_client) {
                            faults.note(&printable_name(&name), fault);
                        }
                    }
                }
                None if options.is_undefined() => {}
                None => faults.note("options", "must be an object"),
            }
        }
        let in_page = is_page();
        given.note_conflicts(in_page, &mut faults);
        let endpoint = given.endpoint(operation).unwrap_or_else(|fault| {
            faults.note("endpoint", fault);
            String::new()
        });
        let fetch = given
            .fetch
            .or_else(|| property(&js_sys::global(), "fetch").dyn_into().ok());
        if fetch.is_none() {
            faults.note("fetch", "is missing: this runtime has none of its own");
        }
        let options = Options {
            endpoint,
            token: given.token,
            credentials: given.credentials,
            signal: given.signal,
            timeout: given.timeout.unwrap_or(DEFAULT_TIMEOUT_MS),
            idempotency_key: given.idempotency_key,
            fetch,
            in_page,
        };
        (options, faults)
    }
}

/// What was given and has no fault of its own.
#[derive(Default)]
struct Given {
    endpoint: Option<JsValue>,
    token: Option<JsValue>,
    credentials: Option<JsValue>,
    signal: Option<Signal>,
    timeout: Option<f64>,
    idempotency_key: Option<String>,
    fetch: Option<Function>,
    allowed_in_page: bool,
}

impl Given {
    fn take(
        &mut self,
        name: &str,
        value: JsValue,
        operation: Operation,
        of_client: bool,
    ) -> Result<(), &'static str> {
        match name {
            "endpoint" => self.endpoint = Some(value),
            "token" => self.token = Some(token(value)?),
            "credentials" if operation == Operation::Read => {
                return Err("are for revoke() alone: this asks the edge, which has its own");
            }
            "credentials" => self.credentials = Some(value),
            "signal" => self.signal = Some(Signal::of(value).ok_or("must be an AbortSignal")?),
            "timeout" => {
                let timeout = value.as_f64().filter(|it| *it > 0.0 && *it <= MAX_TIMEOUT_MS);
                self.timeout =
                    Some(timeout.ok_or("must be a positive number of milliseconds, at most 2147483647")?);
            }
            "idempotencyKey" if of_client || operation == Operation::Read => {
                return Err("belongs to one call of revoke()");
            }
            "idempotencyKey" => {
                let key = text(&value).filter(|key| is_idempotency_key(key));
                self.idempotency_key = Some(key.ok_or("must be 1 to 255 visible ASCII characters")?);
            }
            "fetch" => self.fetch = Some(value.dyn_into().map_err(|_| "must be a function")?),
            "dangerouslyAllowBrowser" => {
                self.allowed_in_page = value.as_bool().ok_or("must be true or false")?
            }
            _ => return Err("is not an option"),
        }
        Ok(())
    }

    fn note_conflicts(&self, in_page: bool, faults: &mut Faults) {
        if self.credentials.is_none() {
            return;
        }
        if self.token.is_some() {
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

    fn endpoint(&self, operation: Operation) -> Result<String, &'static str> {
        match (&self.endpoint, &self.credentials) {
            (Some(given), Some(_)) => Ok(url(given)?.href()),
            (Some(given), None) => {
                let url = url(given)?;
                Ok([&url.origin(), url.pathname().trim_end_matches('/')].concat())
            }
            (None, Some(_)) => Ok(ENDPOINT.to_owned()),
            (None, None) if operation == Operation::Read => Err("is missing: the URL of the edge"),
            (None, None) => Err("is missing: the URL of the edge, or credentials to go straight to the CA"),
        }
    }
}

fn token(value: JsValue) -> Result<JsValue, &'static str> {
    if value.is_function() || text(&value).is_some_and(|token| is_token(&token)) {
        return Ok(value);
    }
    Err(if value.is_string() {
        "must be visible ASCII characters without spaces"
    } else {
        "must be a string, or a function that returns one or a promise of one"
    })
}

/// Whether a text can stand behind `Bearer ` in a header.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_idempotency_key(text: &str) -> bool {
    (1..=MAX_IDEMPOTENCY_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The endpoint, if requests may go there: a string or a URL object.
fn url(given: &JsValue) -> Result<web_sys::Url, &'static str> {
    let text = text(given)
        .or_else(|| text(&property(given, "href")))
        .ok_or("must be a string or a URL")?;
    let url = web_sys::Url::new(&text).map_err(|_| "must be an absolute URL")?;
    let is_loopback = url.protocol() == "http:" && is_loopback(&url.hostname());
    if url.protocol() != "https:" && !is_loopback {
        return Err("must begin with https: (http: is for loopback only)");
    }
    if !url.username().is_empty() || !url.password().is_empty() {
        return Err("must have no user name or password in it");
    }
    // An empty query or fragment too: what is written behind it would end up there.
    if url.href().contains(['?', '#']) {
        return Err("must have no query and no fragment");
    }
    Ok(url)
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
fn is_page() -> bool {
    let global = js_sys::global();
    property(&global, "document").is_object()
        || property(&global, "WorkerGlobalScope").is_function()
            && property(&global, "importScripts").is_function()
}
