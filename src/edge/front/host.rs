//! The `Host` header: a name or an address, perhaps a port (RFC 9112, section 3.2), and nothing that ends it early.

/// Whether a text can be the authority of an address, and nothing more than that. Names come as DNS has them.
pub(super) fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}
