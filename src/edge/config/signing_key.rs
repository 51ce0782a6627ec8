//! `AUDIT_SIGNING_KEY`: an Ed25519 private key as a JWK (RFC 8037), and what may be known of it.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::api::audit::Key;
use crate::audit::hex;
use crate::strict_json;

/// The key that signs the heads of the audit log. The host signs with it; here it makes keyed digests.
pub(super) struct SigningKey {
    secret: Zeroizing<String>,
    x: String,
    kid: String,
}

impl SigningKey {
    /// Reads the JWK; `None` if it is no such key.
    pub(super) fn read(text: &str) -> Option<SigningKey> {
        let jwk = strict_json::read_object(text.as_bytes()).ok()?;
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        if member("kty") != Some("OKP") || member("crv") != Some("Ed25519") {
            return None;
        }
        let x = member("x").filter(|text| is_32_bytes(text))?.to_owned();
        let secret = Zeroizing::new(member("d").filter(|text| is_32_bytes(text))?.to_owned());
        let kid = match jwk.get("kid") {
            Some(Value::String(kid)) if is_kid(kid) => kid.clone(),
            Some(_) => return None,
            None => thumbprint(&x),
        };
        Some(SigningKey { secret, x, kid })
    }

    /// The name of the key.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JWK, as `GET /v1/audit/key` answers it.
    pub(super) fn public_jwk(&self) -> Key {
        Key::ed25519(&self.x, &self.kid)
    }

    /// A digest by which a value is recognised later, but which nobody without the key can check a guess against.
    pub(super) fn digest(&self, name: &str, value: &str) -> String {
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else {
            return String::new();
        };
        for part in ["autorevoke configuration\0", name, "\0", value] {
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

/// 32 bytes are 43 characters of unpadded base64url.
fn is_32_bytes(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_kid(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// RFC 7638 over the members that RFC 8037 requires, base64url.
fn thumbprint(x: &str) -> String {
    let canonical = json!({ "crv": "Ed25519", "kty": "OKP", "x": x }).to_string();
    base64url(&Sha256::digest(canonical.as_bytes()))
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
