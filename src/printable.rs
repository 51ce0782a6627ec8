//! Texts of others as they may be shown: in a list, on a terminal, in a log.

/// The text with a blank for each control, format, line and paragraph character (Unicode's Cc, Cf, Zl and Zp), since these move
/// a cursor, turn the reading direction around or are seen by nobody; and with no more than so many characters.
///
/// ```
/// use autorevoke::printable::printable;
/// assert_eq!(printable("evil\u{202e}moc", 255), "evil moc");
/// assert_eq!(printable("a long text", 6), "a lon…");
/// ```
pub fn printable(text: &str, max_chars: usize) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at + 1 == max_chars && text.chars().nth(max_chars).is_some() {
            shown.push('…');
            break;
        }
        shown.push(if is_unprintable(c) { ' ' } else { c });
    }
    shown
}

/// Whether nobody sees this character, or the others around it are seen elsewhere because of it.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}')
}
