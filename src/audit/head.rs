//! The head of an audit log: what the edge signs, and what an auditor keeps elsewhere.

use serde_json::{Map, Value};

use super::canonical;
use super::readable::read_line;

/// The last entry of a log at some moment, by seq and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The entry that was the last one.
    pub seq: u64,
    /// Its hash, which vouches for all entries up to it.
    pub hash: String,
    /// The random id that was made with the ledger.
    pub ledger: String,
    /// The name of the key that signed it; empty if it has none.
    pub kid: String,
    /// base64url of the Ed25519 signature over `signed`; empty if it has none.
    pub signature: String,
    /// What was signed.
    pub signed: String,
}

impl Head {
    /// Reads a head as the edge gives it; the error is the end of a sentence, and quotes nothing of the text.
    pub fn read(text: &[u8]) -> Result<Head, &'static str> {
        let members = read_line(text)?;
        let text = |name| members.get(name).and_then(Value::as_str);
        let optional_text = |name| match members.get(name) {
            None => Some(""),
            Some(value) => value.as_str(),
        };
        Ok(Head {
            seq: members
                .get("seq")
                .and_then(Value::as_u64)
                .filter(|seq| *seq > 0)
                .ok_or("its seq is not a positive integer")?,
            hash: text("hash").ok_or("its hash is not a string")?.to_owned(),
            ledger: text("ledger").ok_or("its ledger is not a string")?.to_owned(),
            kid: optional_text("kid").ok_or("its kid is not a string")?.to_owned(),
            signature: optional_text("signature")
                .ok_or("its signature is not a string")?
                .to_owned(),
            signed: signed_text(members),
        })
    }
}

/// What the signature of a head with these members is made over: all of them without `signature`, serialised by
/// RFC 8785 (JCS). The members are such as [`chain`](super::chain) takes.
///
/// ```
/// let head = serde_json::Map::from_iter([("signature".to_owned(), "x".into()), ("seq".to_owned(), 7.into())]);
/// assert_eq!(autorevoke::audit::signed_text(head), r#"{"seq":7}"#);
/// ```
pub fn signed_text(mut members: Map<String, Value>) -> String {
    members.remove("signature");
    canonical(&members)
}
