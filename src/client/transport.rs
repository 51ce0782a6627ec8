//! One request out, one answer in: no redirect is followed, and no more is read than an answer may have.

use gloo_net::http::RequestBuilder;
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Request, RequestCredentials, RequestRedirect};
use zeroize::Zeroizing;

use super::answer::{Answer, Head};
use super::call::Call;
use super::deadline::{Deadline, Loss};
use super::failure::Failure;
use super::options::{Options, Token, is_visible};
use super::request::Outgoing;
use super::runtime::{integer, property, text, thrown};
use super::task::Waiter;
use crate::protocol::read_decimal;

#[wasm_bindgen]
extern "C" {
    // By shape: what a replaced `fetch` gives may be of another realm, another library, or no response at all.
    type Foreign;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Foreign, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Foreign) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Foreign) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Foreign) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Foreign) -> Result<JsValue, JsValue>;
}

/// A call in flight: what it is, how it is made, and which secrets no error may repeat.
pub struct Exchange<'a> {
    pub call: Call<'a>,
    options: &'a Options,
    waiter: &'a Waiter,
    token: Option<Zeroizing<String>>,
}

impl<'a> Exchange<'a> {
    pub fn new(call: Call<'a>, options: &'a Options, waiter: &'a Waiter) -> Exchange<'a> {
        Exchange {
            call,
            options,
            waiter,
            token: None,
        }
    }

    /// Sends a request and reads its answer, within the call's own time.
    pub async fn run(&mut self, outgoing: &Outgoing) -> Result<Answer, Failure> {
        let deadline = self.deadline(self.options.timeout_ms)?;
        let response = self.send(outgoing, &deadline).await?;
        self.whole(response, outgoing.answer_limit, &deadline).await
    }

    /// A part of the call that may take so long.
    pub fn deadline(&self, timeout_ms: f64) -> Result<Deadline<'a>, Failure> {
        let signal = self.options.signal.as_ref();
        Deadline::begin(signal, timeout_ms, self.waiter, &self.call)
    }

    /// Sends a request, and waits until its answer has begun.
    pub async fn send(&mut self, outgoing: &Outgoing, deadline: &Deadline<'_>) -> Result<Response, Failure> {
        deadline.check().map_err(|loss| self.unsent(loss))?;
        self.token = self.token_of_now(deadline).await?;
        // The token's function may have taken its time, or fired the signal itself.
        deadline.check().map_err(|loss| self.unsent(loss))?;
        let request = self.request(outgoing, deadline)?;
        // From here on it may have left, whatever `fetch` says: it may be patched, and may have sent before it threw.
        self.waiter.leaves(&self.call)?;
        let response = self.respond(&request, deadline).await;
        response.map_err(|loss| self.lost(loss))
    }

    /// Reads what is left of an answer.
    pub async fn whole(
        &self,
        response: Response,
        limit: usize,
        deadline: &Deadline<'_>,
    ) -> Result<Answer, Failure> {
        match response.body(limit, deadline).await {
            Ok(body) => Ok(Answer {
                head: response.head,
                body,
            }),
            Err(loss) => Err(self.lost(loss)),
        }
    }

    /// What was sent and no error may repeat.
    pub fn secrets(&self) -> Vec<&str> {
        #[cfg(feature = "full")]
        if let Some(credentials) = &self.options.credentials {
            return credentials.secrets().to_vec();
        }
        self.token.iter().map(|token| token.as_str()).collect()
    }

    /// The failure that it is when there is no whole answer.
    pub fn lost(&self, loss: Loss) -> Failure {
        let call = &self.call;
        let (failure, reason) = match loss {
            Loss::Aborted(reason) => (Failure::aborted(call, true), reason),
            Loss::TimedOut => return Failure::unknown(call, "there was no whole answer in time"),
            Loss::TooLong => return Failure::unknown(call, "the answer was too long"),
            Loss::NoResponse => return Failure::unknown(call, "what fetch gave is not a response"),
            Loss::Broken(reason) => {
                // What it is where it has never worked; runtimes do not tell.
                let usually = if self.options.in_page {
                    "CORS or connect-src"
                } else {
                    "nothing listens there"
                };
                let why = [
                    "the connection broke, or could not be made (usually: ",
                    usually,
                    ")",
                ]
                .concat();
                (Failure::unknown(call, &why), reason)
            }
        };
        failure.caused_by(thrown(&reason), &self.secrets())
    }

    /// The failure that it is when the call has to end before anything was sent.
    fn unsent(&self, loss: Loss) -> Failure {
        match loss {
            Loss::Aborted(reason) => {
                Failure::aborted(&self.call, false).caused_by(thrown(&reason), &self.secrets())
            }
            Loss::Broken(reason) => {
                Failure::not_sent(&self.call, "the token function failed.").caused_by(thrown(&reason), &[])
            }
            _ => Failure::not_sent(&self.call, "the time was up before the request was ready."),
        }
    }

    /// The token as it stands, or what its function gives.
    async fn token_of_now(&self, deadline: &Deadline<'_>) -> Result<Option<Zeroizing<String>>, Failure> {
        let function = match &self.options.token {
            Token::None => return Ok(None),
            Token::Text(text) => return Ok(Some(text.clone())),
            Token::Function(function) => function,
        };
        let given = deadline.wait(function.call0(&JsValue::UNDEFINED)).await;
        let given = given.map_err(|loss| self.unsent(loss))?;
        match text(&given).map(Zeroizing::new) {
            Some(token) if is_visible(&token) => Ok(Some(token)),
            _ => Err(Failure::not_sent(
                &self.call,
                "the token function gave no string of visible ASCII characters without spaces.",
            )),
        }
    }

    fn request(&self, outgoing: &Outgoing, deadline: &Deadline<'_>) -> Result<Request, Failure> {
        let mut builder = RequestBuilder::new(&outgoing.url)
            .method(outgoing.method.clone())
            // "error" does not exist on every runtime; a redirect is then an answer with another status than 200.
            .redirect(RequestRedirect::Manual)
            .abort_signal(Some(deadline.signal()));
        if outgoing.without_cookies {
            builder = builder.credentials(RequestCredentials::Omit);
        }
        for (name, value) in &outgoing.headers {
            builder = builder.header(name, value);
        }
        if let Some(token) = &self.token {
            builder = builder.header("Authorization", &Zeroizing::new(["Bearer ", token].concat()));
        }
        let request = match outgoing.body.to_js() {
            Some(body) => builder.body(body),
            None => builder.build(),
        };
        request
            .map(Request::from)
            .map_err(|_| Failure::not_sent(&self.call, "this runtime refused to make the request."))
    }

    async fn respond(&self, request: &Request, deadline: &Deadline<'_>) -> Result<Response, Loss> {
        // Not gloo-net's own `send`: that never settles where `fetch` rejects with what is no `Error`.
        let fetch = self.options.fetch.as_ref().ok_or(Loss::NoResponse)?;
        let value = deadline.wait(fetch.call1(&JsValue::UNDEFINED, request)).await?;
        let status = integer(&property(&value, "status")).and_then(|it| u16::try_from(it).ok());
        let headers = property(&value, "headers");
        let header = |name| {
            let header = headers.unchecked_ref::<Foreign>().get(name);
            header.ok().as_ref().and_then(text)
        };
        Ok(Response {
            head: Head {
                status: status.ok_or(Loss::NoResponse)?,
                content_type: header("content-type").unwrap_or_default(),
                content_length: header("content-length").map(|it| read_decimal(&it).unwrap_or(u64::MAX)),
                content_encoding: header("content-encoding"),
                retry_after: header("retry-after")
                    .and_then(|it| read_decimal(&it))
                    .and_then(|it| u32::try_from(it).ok()),
                redirected: property(&value, "redirected").is_truthy(),
            },
            value,
        })
    }
}

/// An answer that has begun.
pub struct Response {
    pub head: Head,
    value: JsValue,
}

impl Response {
    async fn body(&self, limit: usize, deadline: &Deadline<'_>) -> Result<Vec<u8>, Loss> {
        let mut body = Vec::new();
        let Some(mut reader) = self.reader()? else {
            let buffer = self.value.unchecked_ref::<Foreign>().array_buffer();
            let buffer = deadline.wait(buffer).await?;
            let length = integer(&property(&buffer, "byteLength")).ok_or(Loss::NoResponse)?;
            let length = usize::try_from(length).map_err(|_| Loss::TooLong)?;
            return if length <= limit {
                let buffer = buffer.unchecked_ref::<ArrayBuffer>();
                Ok(Uint8Array::new_with_byte_offset_and_length(buffer, 0, length as u32).to_vec())
            } else {
                Err(Loss::TooLong)
            };
        };
        while let Some(chunk) = reader.next(deadline).await? {
            if chunk.len() > limit - body.len() {
                return Err(Loss::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// Reads the body as it comes; `None` where it can only be had as a whole.
    pub fn reader(&self) -> Result<Option<Reader>, Loss> {
        let stream = property(&self.value, "body");
        if !property(&stream, "getReader").is_function() {
            return Ok(None);
        }
        let reader = stream.unchecked_ref::<Foreign>().get_reader();
        Ok(Some(Reader {
            reader: reader.map_err(Loss::Broken)?.unchecked_into(),
            ended: false,
        }))
    }
}

/// Reads a body as it comes. Dropped before its end it reads no further, which ends the connection.
pub struct Reader {
    reader: Foreign,
    ended: bool,
}

impl Reader {
    /// The next bytes; nothing at the end.
    pub async fn next(&mut self, deadline: &Deadline<'_>) -> Result<Option<Vec<u8>>, Loss> {
        let step = deadline.wait(self.reader.read()).await?;
        match property(&step, "done").as_bool() {
            Some(true) => {
                self.ended = true;
                return Ok(None);
            }
            Some(false) => {}
            None => return Err(Loss::NoResponse),
        }
        let chunk = property(&step, "value");
        // By shape as well: in test runners that use several realms, their Uint8Array is not ours.
        let length = integer(&property(&chunk, "byteLength"));
        if !ArrayBuffer::is_view(&chunk) || length.is_none() || integer(&property(&chunk, "length")) != length
        {
            return Err(Loss::NoResponse);
        }
        Ok(Some(chunk.unchecked_ref::<Uint8Array>().to_vec()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // What comes of it is of no interest, but an unhandled rejection would end a Node process.
        if let Ok(promise) = self.reader.cancel() {
            let _ = Promise::all_settled(&Array::of1(&Promise::resolve(&promise)));
        }
    }
}
