//! One request out, one answer in: no redirect is followed, and no more is read than an answer may have.

use gloo_net::http::{Method, RequestBuilder};
use js_sys::{Array, ArrayBuffer, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Request, RequestCredentials, RequestRedirect};

use super::deadline::{Deadline, Interruption};
use super::failure::{Failure, Stakes};
use super::given::{integer, property, text};
use crate::protocol::MAX_ANSWER_BYTES;

#[wasm_bindgen]
extern "C" {
    // By shape: what a replaced `fetch` gives may be of another realm, another library, or no response at all.
    type Foreign;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Foreign, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Foreign) -> Result<Foreign, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Foreign) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Foreign) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Foreign) -> Result<JsValue, JsValue>;
}

/// A request as it will be sent.
pub struct Outgoing<'a> {
    pub method: Method,
    pub url: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Option<JsValue>,
    /// Send no cookies along. Only pages have any, and some other runtimes refuse to be told.
    pub without_cookies: bool,
}

/// An answer, whole.
pub struct Incoming {
    pub status: u16,
    pub content_type: String,
    pub content_length: Option<u64>,
    pub content_encoding: Option<String>,
    pub retry_after: Option<u32>,
    /// Whether it comes from where somebody else pointed to.
    pub redirected: bool,
    pub body: Vec<u8>,
}

/// How it came to no whole answer, once the request may have left.
pub enum Loss {
    Interrupted(Interruption),
    /// `fetch` or the body failed with this.
    Broken(JsValue),
    TooLong,
    /// What `fetch` gave is no response.
    NoResponse,
}

impl From<Interruption> for Loss {
    fn from(interruption: Interruption) -> Loss {
        Loss::Interrupted(interruption)
    }
}

impl Loss {
    /// The failure of the call.
    pub fn into_failure(self, stakes: &Stakes, secrets: &[&str]) -> Failure {
        match self {
            Loss::Interrupted(interruption) => interruption.after_sending(stakes, secrets),
            Loss::Broken(thrown) => Failure::unknown(stakes, "the connection broke, or could not be made")
                .caused_by(&thrown, secrets),
            Loss::TooLong => Failure::unknown(stakes, "the answer was too long"),
            Loss::NoResponse => Failure::unknown(stakes, "what fetch gave is not a response"),
        }
    }
}

/// The request; nothing is sent yet.
pub fn request(outgoing: Outgoing<'_>, deadline: &Deadline<'_>, stakes: &Stakes) -> Result<Request, Failure> {
    let mut builder = RequestBuilder::new(outgoing.url)
        .method(outgoing.method)
        // "error" does not exist on every runtime; a redirect is then an answer with another status than 200.
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&deadline.signal()));
    if outgoing.without_cookies {
        builder = builder.credentials(RequestCredentials::Omit);
    }
    for (name, value) in outgoing.headers {
        builder = builder.header(name, value);
    }
    let request = match outgoing.body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    request
        .map(Request::from)
        .map_err(|_| Failure::not_sent(stakes, "this runtime refused to make the request."))
}

/// Sends it and reads the answer. From here on it may have left, whatever `fetch` says: it may be a replacement or
/// patched, and may have sent before it threw.
pub async fn send(
    request: &Request,
    fetch: Option<&Function>,
    deadline: &Deadline<'_>,
) -> Result<Incoming, Loss> {
    let fetch = fetch.ok_or(Loss::NoResponse)?;
    let promise = fetch.call1(&JsValue::UNDEFINED, request).map_err(Loss::Broken)?;
    let response = deadline.wait(&promise).await?.map_err(Loss::Broken)?;
    let status = integer(&property(&response, "status")).and_then(|it| u16::try_from(it).ok());
    let status = status.ok_or(Loss::NoResponse)?;
    let headers = property(&response, "headers");
    let header = |name| {
        headers
            .unchecked_ref::<Foreign>()
            .get(name)
            .ok()
            .as_ref()
            .and_then(text)
    };
    Ok(Incoming {
        status,
        content_type: header("content-type").unwrap_or_default(),
        // One that is no number can match no body.
        content_length: header("content-length").map(|it| it.parse().unwrap_or(u64::MAX)),
        content_encoding: header("content-encoding"),
        retry_after: header("retry-after").and_then(|it| it.parse().ok()),
        redirected: property(&response, "redirected").is_truthy(),
        body: read_body(&response, deadline).await?,
    })
}

async fn read_body(response: &JsValue, deadline: &Deadline<'_>) -> Result<Vec<u8>, Loss> {
    let stream = property(response, "body");
    if !property(&stream, "getReader").is_function() {
        let promise = response
            .unchecked_ref::<Foreign>()
            .array_buffer()
            .map_err(Loss::Broken)?;
        let buffer = deadline.wait(&promise).await?.map_err(Loss::Broken)?;
        let length = integer(&property(&buffer, "byteLength")).ok_or(Loss::NoResponse)?;
        let length = u32::try_from(length)
            .ok()
            .filter(|it| *it as usize <= MAX_ANSWER_BYTES)
            .ok_or(Loss::TooLong)?;
        let bytes =
            Uint8Array::new_with_byte_offset_and_length(buffer.unchecked_ref::<ArrayBuffer>(), 0, length);
        return Ok(bytes.to_vec());
    }
    let reader = stream
        .unchecked_ref::<Foreign>()
        .get_reader()
        .map_err(Loss::Broken)?;
    let body = read_chunks(&reader, deadline).await;
    if body.is_err() {
        abandon(&reader);
    }
    body
}

async fn read_chunks(reader: &Foreign, deadline: &Deadline<'_>) -> Result<Vec<u8>, Loss> {
    let mut body = Vec::new();
    loop {
        let promise = reader.read().map_err(Loss::Broken)?;
        let step = deadline.wait(&promise).await?.map_err(Loss::Broken)?;
        match property(&step, "done").as_bool() {
            Some(true) => return Ok(body),
            Some(false) => {}
            None => return Err(Loss::NoResponse),
        }
        let chunk = property(&step, "value");
        // By shape as well: in test runners that use several realms, their Uint8Array is not ours.
        let length = integer(&property(&chunk, "byteLength")).filter(|length| {
            ArrayBuffer::is_view(&chunk) && integer(&property(&chunk, "length")) == Some(*length)
        });
        let length = length
            .and_then(|it| usize::try_from(it).ok())
            .ok_or(Loss::NoResponse)?;
        if length > MAX_ANSWER_BYTES - body.len() {
            return Err(Loss::TooLong);
        }
        body.extend_from_slice(&chunk.unchecked_ref::<Uint8Array>().to_vec());
    }
}

/// Reads no further. What comes of it is of no interest, but an unhandled rejection would end a Node process.
fn abandon(reader: &Foreign) {
    if let Ok(promise) = reader.cancel() {
        let _ = Promise::all_settled(&Array::of1(&Promise::resolve(&promise)));
    }
}
