//! The signature of an audit log's head: Ed25519, by the runtime's own WebCrypto.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Array, Object, TypeError, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{CryptoKey, SubtleCrypto};

use super::super::runtime::{property, text};
use super::super::task::Waiter;
use super::super::to_js::to_js;
use crate::audit::Head;

const UNSUPPORTED: &str = "The head's signature was not checked: this runtime's WebCrypto has no Ed25519, or the page is \
    not a secure context.";

/// A public key, as far as it counts.
#[derive(Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
}

/// Those of the keys that a head can have been signed with: a JWK, an array of them, or a JWK set.
pub fn keys_for(kid: &str, given: &JsValue) -> Result<Vec<Jwk>, &'static str> {
    let set = property(given, "keys");
    let all = if Array::is_array(given) {
        Array::from(given)
    } else if Array::is_array(&set) {
        Array::from(&set)
    } else {
        Array::of1(given)
    };
    if all.iter().any(|key| !property(&key, "d").is_undefined()) {
        return Err(
            "A private key was given: it belongs to the edge alone. Give the public one, as GET /v1/audit/key tells it.",
        );
    }
    if !all.iter().all(|key| key.is_object()) {
        return Err("The keys are not JSON Web Keys.");
    }
    let usable = |key: JsValue| {
        let member = |name| text(&property(&key, name));
        let its = property(&key, "kid");
        let fits = member("kty")? == "OKP"
            && member("crv")? == "Ed25519"
            && (its.is_undefined() || text(&its).as_deref() == Some(kid));
        let x = member("x")?;
        fits.then_some(Jwk {
            kty: "OKP",
            crv: "Ed25519",
            x,
        })
    };
    let keys: Vec<Jwk> = all.iter().filter_map(usable).collect();
    if keys.is_empty() {
        return Err("The key that the head names is not among those that were given (Ed25519, by its kid).");
    }
    Ok(keys)
}

/// Whether a head is signed with one of these keys; why not otherwise.
pub async fn check(head: &Head, keys: &[Jwk], waiter: &Waiter) -> Result<(), &'static str> {
    let signature = URL_SAFE_NO_PAD
        .decode(&head.signature)
        .ok()
        .filter(|bytes| bytes.len() == 64);
    let signature = signature.ok_or("The head's signature is none of Ed25519.")?;
    let subtle = property(&property(&js_sys::global(), "crypto"), "subtle");
    let subtle: &SubtleCrypto = subtle.unchecked_ref();
    if !subtle.is_object() {
        return Err(UNSUPPORTED);
    }
    for key in keys {
        match verified(head, &signature, key, subtle, waiter).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if is_unsupported(&error) => return Err(UNSUPPORTED),
            // Any other error is about this key alone: it is none.
            Err(_) => {}
        }
    }
    Err("The head's signature is not valid under the key that it names: the head was changed or forged.")
}

async fn verified(
    head: &Head,
    signature: &[u8],
    key: &Jwk,
    subtle: &SubtleCrypto,
    waiter: &Waiter,
) -> Result<bool, JsValue> {
    let jwk: Object = to_js(key).unchecked_into();
    let usages = Array::of1(&"verify".into());
    let imported = subtle.import_key_with_str("jwk", &jwk, "Ed25519", false, &usages)?;
    let key: CryptoKey = waiter.wait(imported.unchecked_into()).await?.unchecked_into();
    // As bytes of JavaScript's: what lies in wasm's memory may move while it is read.
    let (signature, signed) = (
        Uint8Array::from(signature),
        Uint8Array::from(head.signed.as_bytes()),
    );
    let verified =
        subtle.verify_with_str_and_js_u8_array_and_js_u8_array("Ed25519", &key, &signature, &signed)?;
    Ok(waiter.wait(verified.unchecked_into()).await?.is_truthy())
}

fn is_unsupported(error: &JsValue) -> bool {
    text(&property(error, "name")).as_deref() == Some("NotSupportedError") || error.has_type::<TypeError>()
}
