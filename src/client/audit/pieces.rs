//! A log that JavaScript gives: a string, bytes, or anything that gives pieces of these one after the other.

use js_sys::{ArrayBuffer, Function, JsString, Promise, Reflect, Symbol, Uint8Array};
use wasm_bindgen::prelude::*;

use super::super::runtime::{integer, method, property};
use super::super::task::Waiter;

/// So much is taken at once, in bytes or UTF-16 units: the module's memory grows with it, and does not shrink.
const AT_ONCE: u32 = 1 << 20;

/// Where the pieces come from.
pub enum Pieces {
    /// One piece, the whole log.
    Whole(Option<JsValue>),
    /// What `for await` would go through.
    Iterated { iterator: JsValue, next: Function },
}

impl Pieces {
    /// Of a log; nothing if it is none.
    pub fn of(log: JsValue) -> Option<Pieces> {
        if log.is_string() || is_bytes(&log) {
            return Some(Pieces::Whole(Some(log)));
        }
        if !log.is_object() && !log.is_function() {
            return None;
        }
        let begin = [Symbol::async_iterator(), Symbol::iterator()]
            .into_iter()
            .find_map(|symbol| Reflect::get(&log, &symbol).ok()?.dyn_into::<Function>().ok())?;
        let iterator = begin.call0(&log).ok()?;
        let next = method(&iterator, "next")?;
        Some(Pieces::Iterated { iterator, next })
    }

    /// The next piece; nothing at the end. The error is what its source threw.
    pub async fn next(&mut self, waiter: &Waiter) -> Result<Option<JsValue>, JsValue> {
        match self {
            Pieces::Whole(log) => Ok(log.take()),
            Pieces::Iterated { iterator, next } => {
                let step = waiter.wait(Promise::resolve(&next.call0(iterator)?)).await?;
                if property(&step, "done").is_truthy() {
                    return Ok(None);
                }
                // A list may have promises of pieces.
                let piece = waiter.wait(Promise::resolve(&property(&step, "value"))).await?;
                Ok(Some(piece))
            }
        }
    }

    /// Asks for no more.
    pub async fn end(&self, waiter: &Waiter) {
        if let Pieces::Iterated { iterator, .. } = self
            && let Some(end) = method(iterator, "return")
            && let Ok(promise) = end.call0(iterator)
        {
            let _ = waiter.wait(Promise::resolve(&promise)).await;
        }
    }
}

/// Cuts pieces into what is taken at once, however their text was cut.
#[derive(Default)]
pub struct Cutter {
    /// The first half of a surrogate pair, whose other half begins the next piece.
    half: Option<JsString>,
}

impl Cutter {
    /// Hands over the bytes of a piece; `false` if it is neither a string nor bytes.
    pub fn take(&mut self, piece: &JsValue, to: &mut dyn FnMut(&[u8])) -> bool {
        if let Some(text) = piece.dyn_ref::<JsString>() {
            self.take_text(text, to);
            return true;
        }
        self.end(to);
        if !is_bytes(piece) {
            return false;
        }
        let bytes = piece.unchecked_ref::<Uint8Array>();
        for at in (0..bytes.length()).step_by(AT_ONCE as usize) {
            to(&bytes.subarray(at, bytes.length().min(at + AT_ONCE)).to_vec());
        }
        true
    }

    /// Hands over what was held back.
    pub fn end(&mut self, to: &mut dyn FnMut(&[u8])) {
        if let Some(half) = self.half.take() {
            to(String::from(half).as_bytes());
        }
    }

    fn take_text(&mut self, text: &JsString, to: &mut dyn FnMut(&[u8])) {
        let whole = match self.half.take() {
            Some(half) => half.concat(text),
            None => text.clone(),
        };
        let mut at = 0;
        while at < whole.length() {
            let mut end = whole.length().min(at + AT_ONCE);
            let is_high = (0xd800..0xdc00).contains(&(whole.char_code_at(end - 1) as u32));
            if is_high {
                end -= 1;
                if end == whole.length() - 1 {
                    self.half = Some(whole.slice(end, end + 1));
                }
            }
            to(String::from(whole.slice(at, end)).as_bytes());
            if self.half.is_some() {
                return;
            }
            at = end;
        }
    }
}

/// By shape: they may come from another realm.
fn is_bytes(value: &JsValue) -> bool {
    ArrayBuffer::is_view(value) && integer(&property(value, "BYTES_PER_ELEMENT")) == Some(1)
}
