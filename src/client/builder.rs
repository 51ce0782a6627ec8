//! Options from Rust, checked like those from JavaScript.

use js_sys::Function;
use web_sys::AbortSignal;

use super::failure::Failure;
use super::options::{DEFAULT_TIMEOUT_MS, Faults, Options, Runtime, Signal, Token};
use super::options::{idempotency_key, timeout, visible, without_slash};
use super::runtime::current;
use crate::problem::Kind;
#[cfg(feature = "full")]
use crate::protocol::{Credentials, ENDPOINT};

impl Options {
    /// Through the edge at this URL: `https:`, or `http:` on loopback, without a query, a fragment or a login.
    ///
    /// # Errors
    ///
    /// `not-sent` if requests must not go there.
    pub fn edge(endpoint: &str) -> Result<Options, Failure> {
        let runtime = current();
        let endpoint = without_slash(href(endpoint, &runtime)?);
        Ok(Options::to(endpoint, runtime))
    }

    /// Straight to the CA with this login.
    ///
    /// # Errors
    ///
    /// `not-sent` in a page or a web worker, where anyone can read the login.
    #[cfg(feature = "full")]
    pub fn direct(credentials: Credentials) -> Result<Options, Failure> {
        let runtime = current();
        if runtime.in_page {
            return Err(fault(
                "credentials",
                "do not belong into a page or a web worker, where anyone can read them: revoke through an edge",
            ));
        }
        Ok(Options::to(ENDPOINT.to_owned(), runtime).with_credentials(credentials))
    }

    /// Where the CA is, if it is not where the vendor says: for its stand-in.
    ///
    /// # Errors
    ///
    /// As of [`Options::edge`].
    #[cfg(feature = "full")]
    pub fn endpoint(mut self, endpoint: &str) -> Result<Options, Failure> {
        let href = href(endpoint, &current())?;
        let is_direct = self.credentials.is_some();
        self.endpoint = if is_direct { href } else { without_slash(href) };
        Ok(self)
    }

    fn to(endpoint: String, runtime: Runtime) -> Options {
        Options {
            endpoint,
            token: Token::None,
            #[cfg(feature = "full")]
            credentials: None,
            signal: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            idempotency_key: None,
            fetch: runtime.fetch,
            in_page: runtime.in_page,
        }
    }

    #[cfg(feature = "full")]
    pub(super) fn with_credentials(mut self, credentials: Credentials) -> Options {
        self.credentials = Some(credentials);
        self
    }

    /// The token that shows the edge who asks: visible ASCII characters without spaces.
    ///
    /// # Errors
    ///
    /// `not-sent` for any other, and where the call goes straight to the CA, which must not see it.
    pub fn token(mut self, token: impl Into<String>) -> Result<Options, Failure> {
        let token = visible(token.into()).map_err(|why| fault("token", why))?;
        self.for_edge("token")?;
        self.token = Token::Text(token);
        Ok(self)
    }

    /// A function that is called for each request, and gives a token or a promise of one.
    ///
    /// # Errors
    ///
    /// `not-sent` where the call goes straight to the CA.
    pub fn token_function(mut self, token: Function) -> Result<Options, Failure> {
        self.for_edge("token")?;
        self.token = Token::Function(token);
        Ok(self)
    }

    /// After how many milliseconds the call ends: more than 0, at most 2147483647. 45,000 if nothing is said.
    ///
    /// # Errors
    ///
    /// `not-sent` for any other number.
    pub fn timeout_ms(mut self, milliseconds: u32) -> Result<Options, Failure> {
        self.timeout_ms = timeout(milliseconds.into()).map_err(|why| fault("timeout", why))?;
        Ok(self)
    }

    /// The key under which the edge does a call once only, however often it comes: 1 to 255 visible ASCII characters. A
    /// fresh one for each call if nothing is said.
    ///
    /// # Errors
    ///
    /// `not-sent` for any other, and where the call goes straight to the CA.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Result<Options, Failure> {
        let key = idempotency_key(key.into()).map_err(|why| fault("idempotencyKey", why))?;
        self.for_edge("idempotencyKey")?;
        self.idempotency_key = Some(key);
        Ok(self)
    }

    /// Refuses what is for the edge where the call goes straight to the CA.
    fn for_edge(&self, _name: &str) -> Result<(), Failure> {
        #[cfg(feature = "full")]
        if self.credentials.is_some() {
            return Err(fault(_name, "is for the edge, and this goes straight to the CA"));
        }
        Ok(())
    }

    /// Ends the call when it fires.
    pub fn signal(mut self, signal: AbortSignal) -> Options {
        self.signal = Some(Signal(signal.into()));
        self
    }

    /// In the place of the runtime's own `fetch`.
    pub fn fetch(mut self, fetch: Function) -> Options {
        self.fetch = Some(fetch);
        self
    }
}

fn href(endpoint: &str, runtime: &Runtime) -> Result<String, Failure> {
    (runtime.url)(endpoint)
        .ok_or("must be an absolute URL")
        .and_then(|url| url.checked())
        .map_err(|why| fault("endpoint", why))
}

fn fault(name: &str, why: &str) -> Failure {
    let mut faults = Faults::default();
    faults.note(name, why);
    Failure::new(
        Kind::NotSent,
        ["Nothing was sent: the options are not right.", &faults.0].concat(),
    )
}
