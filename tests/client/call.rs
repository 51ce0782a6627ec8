//! Makes a call as `pkg/` does, with JavaScript's own values, and reads how it ended.

use autorevoke::client;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use wasm_bindgen::prelude::*;

/// How a call ended.
pub struct Ended {
    pub done: bool,
    members: JsValue,
}

impl Ended {
    /// A member of the result or of the error, as JSON.
    pub fn member(&self, name: &str) -> String {
        let value = Reflect::get(&self.members, &name.into()).unwrap();
        js_sys::JSON::stringify(&value)
            .map(String::from)
            .unwrap_or_default()
    }

    pub fn kind(&self) -> String {
        self.member("kind").trim_matches('"').to_owned()
    }

    pub fn may_have_revoked(&self) -> bool {
        self.member("mayHaveRevoked") == "true"
    }
}

/// A value written in JavaScript.
pub fn js(source: &str) -> JsValue {
    Function::new_no_args(&["return (", source, ")"].concat())
        .call0(&JsValue::UNDEFINED)
        .unwrap()
}

/// `revoke(order, options)`; both written in JavaScript.
pub async fn revoke(order: &str, options: &str) -> Ended {
    finish(client::revoke(js(order), js(options), JsValue::UNDEFINED)).await
}

/// Carries a call on until it ends.
pub async fn finish(ticket: usize) -> Ended {
    let (mut rejected, mut value) = (false, JsValue::UNDEFINED);
    loop {
        let step = Object::new();
        client::resume(ticket, rejected, value, &step);
        for name in ["done", "failed"] {
            if Reflect::has(&step, &name.into()).unwrap() {
                return Ended {
                    done: name == "done",
                    members: Reflect::get(&step, &name.into()).unwrap(),
                };
            }
        }
        let promise: js_sys::Promise = Reflect::get(&step, &"wait".into()).unwrap().unchecked_into();
        (rejected, value) = match JsFuture::from(promise).await {
            Ok(value) => (false, value),
            Err(reason) => (true, reason),
        };
    }
}

#[wasm_bindgen_test]
async fn a_call_through_the_edge_is_done() {
    let options = "{ endpoint: 'https://edge.example', token: async () => 'token', fetch: async (request) => {
        const { orderNumber, test } = await request.json();
        if (request.headers.get('authorization') !== 'Bearer token') return new Response('', { status: 401 });
        const headers = { 'content-type': 'application/json' };
        return new Response(JSON.stringify({ orderNumber, outcome: 'revoked', errorCode: 0, test, auditSeq: 9 }), { headers });
    } }";
    let ended = revoke("{ orderNumber: 123456, codeReason: 'keyCompromise' }", options).await;
    assert!(ended.done);
    assert_eq!(ended.member("outcome"), "\"revoked\"");
    assert_eq!(ended.member("orderNumber"), "\"123456\"");
    assert_eq!(ended.member("auditSeq"), "9");
}

#[wasm_bindgen_test]
async fn a_call_straight_to_the_ca_is_done() {
    let options =
        "{ credentials: { loginName: 'name', loginPassword: '&+%=/ü€\"' }, dangerouslyAllowBrowser: true,
        fetch: async (request) => {
            const form = new URLSearchParams(await request.text());
            return new Response(form.get('loginPassword') === '&+%=/ü€\"' ? 'errorCode=0' : 'errorCode=-16&');
        } }";
    let ended = revoke("{ orderNumber: '123456', test: true }", options).await;
    assert!(ended.done);
    assert_eq!(ended.member("outcome"), "\"tested\"");
}
