//! The audit log as it is read: its entries, its signed end, and the key that signs it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::given;
use super::name::CertificateName;
use super::value::{Actor, Hash, Instance, JobId, Person, Seq, Time};

/// A part of the log, in the order of `seq` (`GET /v1/audit`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "AuditEntries"))]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// There are more: ask again with `after` set to this.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<Seq>,
}

/// An entry. `hash` is the SHA-256 of the entry without `hash`, serialised by RFC 8785 (JCS).
///
/// ```json intent
/// {
///   "action": "revoke",
///   "actor": "key:operator",
///   "codeReason": 1,
///   "hash": "f49387baf7f8aa1909af9a42f2d1eb921ac8807f2aee90502ebc87104e1adda0",
///   "instance": "urn:uuid:e225473d-ddd6-4d3d-baf7-dc39aa89702b",
///   "orderNumber": "123456",
///   "person": "olivia",
///   "phase": "intent",
///   "prevHash": "da4f12d139d3a86641565dacbeb5eda52e82a93639fab69bc2a880c2b14488bb",
///   "revocationReason": "Key found in a public repository",
///   "seq": 3,
///   "test": false,
///   "time": "2026-11-23T00:16:57.719Z"
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "AuditEntry"))]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was written.
    pub time: Time,
    /// Who acted.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The person behind the actor.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What was done: `revoke`, `open`, `configure`, ...
    pub action: String,
    /// `intent`: written before anything is sent. `outcome`: after it. `refused`: the caller may not do this.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// What names the certificate that it is about.
    #[serde(flatten)]
    pub name: Option<CertificateName>,
    /// The job that it is about.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub job_id: Option<JobId>,
    /// The request that it came of.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub instance: Option<Instance>,
    /// What the CA said beside its code and message, as pairs of key and value: at most 33, clipped, and without the login.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub extra: Option<Vec<[String; 2]>>,
    /// The hash of the entry before; 64 zeros for the first.
    pub prev_hash: Hash,
    /// Its own hash.
    pub hash: Hash,
    /// Members of its action.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// The log's end at some moment, not signed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsignedHead {
    /// The place of the last entry.
    pub seq: Seq,
    /// Its hash.
    pub hash: Hash,
    /// When it was the last one.
    pub time: Time,
    /// The ledger's own random id.
    pub ledger: String,
    /// Which key signs.
    pub kid: String,
}

impl UnsignedHead {
    /// What the signature is made over: its RFC 8785 (JCS) form, which for texts and integers under ASCII names is their JSON in
    /// sorted order.
    ///
    /// ```
    /// use autorevoke::api::audit::UnsignedHead;
    /// let text = r#"{"hash":"00","kid":"k","ledger":"l","seq":7,"time":"2026-11-23T00:16:58.005Z"}"#;
    /// let head: UnsignedHead = serde_json::from_str(text)?;
    /// assert_eq!(head.text_to_sign(), text);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn text_to_sign(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The head with this signature of it (base64url).
    pub fn signed(self, signature: &str) -> Head {
        Head {
            seq: self.seq,
            hash: self.hash,
            time: self.time,
            ledger: self.ledger,
            kid: self.kid,
            signature: signature.to_owned(),
        }
    }
}

/// The log's end (`GET /v1/audit/head`). `signature` is Ed25519, base64url, over the head without `signature`, serialised by
/// RFC 8785 (JCS).
///
/// ```json head
/// {
///   "seq": 15,
///   "hash": "28009d3dde16399df7573cf9b929ec851c9beb2f21fa9bfed9b528a967345762",
///   "time": "2026-11-23T00:16:58.005Z",
///   "ledger": "31f2b5ea-99ae-4434-97b1-89886f75546d",
///   "kid": "18SVgg0yRpGce3CTszpXp0OSk2CsAbitDlgopuDE8WQ",
///   "signature": "23lB5MEZYBZs5QnGh9PRZx7xqNGi241UzMwqpP5G65Uizf1sPZC6vcM_Asm_crSFwhhoJV6ssVDx8UuM1nOiCA"
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "AuditHead"))]
pub struct Head {
    /// The place of the last entry.
    pub seq: Seq,
    /// Its hash.
    pub hash: Hash,
    /// When it was signed.
    pub time: Time,
    /// The ledger's own random id: a restored or emptied one shows.
    pub ledger: String,
    /// Which key signed.
    pub kid: String,
    /// The signature.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = "^[A-Za-z0-9_-]{86}$")))]
    pub signature: String,
}

/// A public key, as a JWK (`GET /v1/audit/key`; RFC 7517, RFC 8037).
///
/// ```json key
/// {
///   "kty": "OKP",
///   "crv": "Ed25519",
///   "x": "tWiC3sqFtVwS-LJJKBqEOi6Vkv0RD_BE9TUOYb4qkrU",
///   "kid": "18SVgg0yRpGce3CTszpXp0OSk2CsAbitDlgopuDE8WQ",
///   "alg": "EdDSA",
///   "use": "sig"
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "AuditKey"))]
pub struct Key {
    /// The type of key.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = "OKP")))]
    pub kty: String,
    /// The curve.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = "Ed25519")))]
    pub crv: String,
    /// The public key, base64url.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = "^[A-Za-z0-9_-]{43}$")))]
    pub x: String,
    /// Its name.
    pub kid: String,
    /// What it signs with.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = "EdDSA")))]
    pub alg: String,
    /// What it is for.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = "sig")))]
    #[serde(rename = "use")]
    pub usage: String,
}

impl Key {
    /// The Ed25519 key with this public half (base64url) and name.
    pub fn ed25519(x: &str, kid: &str) -> Key {
        Key {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: x.to_owned(),
            kid: kid.to_owned(),
            alg: "EdDSA".to_owned(),
            usage: "sig".to_owned(),
        }
    }
}
