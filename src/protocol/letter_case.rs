//! Letters without their case, the long way round: `ß` is `SS` in capitals, so `ß` and `ss` are alike.

/// Appends the letter in capitals and back in small letters.
#[cfg(not(all(feature = "client", target_arch = "wasm32")))]
pub(super) fn push_without_case(text: &mut String, letter: char) {
    text.extend(letter.to_uppercase().flat_map(char::to_lowercase));
}

/// The same by the runtime's tables (ECMA-262 follows Unicode's full mappings too): those of Rust would be an eighth
/// of what a page loads.
#[cfg(all(feature = "client", target_arch = "wasm32"))]
pub(super) fn push_without_case(text: &mut String, letter: char) {
    let capitals = js_sys::JsString::from(letter).to_upper_case();
    // Letter by letter: JavaScript writes a sigma at the end of a word in another way.
    for capital in String::from(capitals).chars() {
        text.push_str(&String::from(js_sys::JsString::from(capital).to_lower_case()));
    }
}
