//! What is found of a log: Rust judges the chain and the heads, WebCrypto the heads' signatures, and nothing else is believed.

use js_sys::{Array, JSON, JsString};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::super::call::Operation;
use super::super::exports::ask;
use super::super::failure::Failure;
use super::super::options::{Asked, Options};
use super::super::page::Page;
use super::super::runtime::{integer, property};
use super::super::task::Waiter;
use super::pieces::{Cutter, Pieces};
use super::question;
use super::signature::{check, keys_for};
use crate::audit::{Head, Report, Verifier};

/// What is said of a log. Whatever cannot be read or checked is not `ok`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    ok: bool,
    /// How many entries there are, the bad ones counted as well.
    entries: f64,
    /// The first entry that cannot be believed, by its place from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_bad: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `encoding` where that is why nothing can be said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<&'static str>,
    /// `valid`, or `not-checked` where there was a head and no key.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'static str>,
}

impl Verdict {
    /// Nothing was believed, for this reason.
    pub fn refused(reason: &str) -> Verdict {
        Verdict::of(0, Some(reason.to_owned()))
    }

    fn of(entries: u64, reason: Option<String>) -> Verdict {
        Verdict {
            ok: reason.is_none(),
            entries: entries as f64,
            first_bad: None,
            reason,
            unreadable: None,
            signature: None,
        }
    }
}

/// A log under verification, against each of these heads (as JSON text).
pub struct Verification {
    verifiers: Vec<Verifier>,
    has_heads: bool,
}

impl Verification {
    pub fn new(heads: &[String]) -> Verification {
        let verifiers = match heads {
            [] => vec![Verifier::new(None)],
            heads => heads
                .iter()
                .map(|head| Verifier::new(Some(head.as_bytes())))
                .collect(),
        };
        Verification {
            verifiers,
            has_heads: !heads.is_empty(),
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        for verifier in &mut self.verifiers {
            verifier.read(bytes);
        }
    }

    /// Reads what JavaScript gives; the error is what its source threw, the inner one why it is no log.
    pub async fn read_all(
        &mut self,
        mut pieces: Pieces,
        waiter: &Waiter,
    ) -> Result<Result<(), &'static str>, JsValue> {
        let mut cutter = Cutter::default();
        while let Some(piece) = pieces.next(waiter).await? {
            if !cutter.take(&piece, &mut |bytes| self.read(bytes)) {
                pieces.end(waiter).await;
                return Ok(Err("A piece of the log is neither a string nor bytes."));
            }
        }
        cutter.end(&mut |bytes| self.read(bytes));
        Ok(Ok(()))
    }

    /// Reads the whole log of an edge, page by page.
    pub async fn read_edges(&mut self, options: &Options, waiter: &Waiter) -> Result<(), Failure> {
        let mut after = 0;
        loop {
            let asked = Asked {
                page: Page {
                    after: Some(after),
                    limit: None,
                },
                ..Asked::default()
            };
            let (call, outgoing) = question(Operation::AuditList, &asked, options);
            let page = ask(call, &outgoing, options, waiter).await?;
            for entry in Array::from(&property(&page, "entries")).iter() {
                let line = JSON::stringify(&entry).unwrap_or_else(|_| JsString::from("null"));
                self.read(String::from(line).as_bytes());
                self.read(b"\n");
            }
            let next = integer(&property(&page, "next")).and_then(|next| u64::try_from(next).ok());
            match next {
                Some(next) if next > after => after = next,
                _ => return Ok(()),
            }
        }
    }

    /// Says what was found, when the heads' signatures have been checked with the keys, if there are any.
    pub async fn end(self, keys: &JsValue, waiter: &Waiter) -> Verdict {
        let mut entries = 0;
        let mut heads: Vec<Head> = Vec::new();
        for verifier in self.verifiers {
            let Report {
                entries: its,
                fault,
                head,
                is_unreadable,
            } = verifier.end();
            if let Some(fault) = fault {
                return Verdict {
                    first_bad: fault.first_bad.map(|place| place as f64),
                    unreadable: is_unreadable.then_some("encoding"),
                    ..Verdict::of(its, Some(fault.reason))
                };
            }
            entries = its;
            heads.extend(head);
        }
        let mut verdict = Verdict::of(entries, None);
        if !self.has_heads {
            return verdict;
        }
        if keys.is_undefined() {
            verdict.signature = Some("not-checked");
            return verdict;
        }
        for head in &heads {
            let checked = match keys_for(&head.kid, keys) {
                Ok(usable) => check(head, &usable, waiter).await,
                Err(why) => Err(why),
            };
            if let Err(why) = checked {
                return Verdict::of(entries, Some(why.to_owned()));
            }
        }
        verdict.signature = Some("valid");
        verdict
    }
}
