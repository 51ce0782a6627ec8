//! An answer as it came, before anything of it is believed.

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    pub status: u16,
    pub content_type: String,
    /// One that is no number can match no body, and is read as the largest.
    pub content_length: Option<u64>,
    pub content_encoding: Option<String>,
    /// In seconds.
    pub retry_after: Option<u32>,
    /// Whether it comes from where somebody else pointed to.
    pub redirected: bool,
}

impl Head {
    /// Whether it names this media type, with parameters or without, in either case.
    pub fn is(&self, media_type: &str) -> bool {
        let header = self.content_type.as_bytes();
        let end = header.iter().position(|b| *b == b';').unwrap_or(header.len());
        let name = header.get(..end).unwrap_or_default();
        name.trim_ascii().eq_ignore_ascii_case(media_type.as_bytes())
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    pub head: Head,
    pub body: Vec<u8>,
}
