//! Whether a text is CSV as RFC 4180 has it. A lenient reader makes something of everything: a quote that is never closed
//! would swallow all the rows that follow, and nobody would miss them.

/// Where a reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the start of a field.
    Start,
    /// In a field without quotes.
    Plain,
    /// In a field with quotes.
    Quoted,
    /// After a quote in such a field: its end, or the first half of a quote that is meant.
    Closing,
}

/// Fields of a line at most. There are six columns; a line of commas would have millions of fields.
const MAX_FIELDS: usize = 64;

/// The line, from 1, of the first quote that is not where one may be, or of too many fields, and what is wrong with it.
pub(super) fn fault(text: &[u8]) -> Option<(usize, &'static str)> {
    let mut at = At::Start;
    let (mut line, mut opened) = (1, 1);
    let mut before = 0;
    let mut fields = 1;
    for byte in text.iter().copied() {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Closing,
            (At::Quoted, _) => At::Quoted,
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Closing, b'"') => At::Quoted,
            (At::Plain, b'"') => {
                return Some((line, "has a quote inside of a field that does not begin with one"));
            }
            (_, b',' | b'\n' | b'\r') => At::Start,
            (At::Closing, _) => {
                return Some((line, "has something between a closing quote and the next comma"));
            }
            (At::Start | At::Plain, _) => At::Plain,
        };
        if at == At::Start {
            fields = if byte == b',' { fields + 1 } else { 1 };
        }
        if fields > MAX_FIELDS {
            return Some((line, "has more fields than there are columns"));
        }
        // CR, LF and both together end a line.
        if byte == b'\r' || (byte == b'\n' && before != b'\r') {
            line += 1;
        }
        before = byte;
    }
    (at == At::Quoted).then_some((opened, "has a quote that is never closed"))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_is_well_formed_has_no_fault() {
        for text in [
            "",
            "a",
            "a,b\r\n1,2",
            "\"a\",\"b\"\n\"1\n2\",\"say \"\"so\"\"\"\n",
            ",,\n,\"\",",
            "\"\"",
        ] {
            assert_eq!(fault(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_stray_quote_is_found_where_it_is() {
        for (text, line) in [
            ("a\n\"1\n2\n3", 2),
            ("a,b\r\n1,x\"y\r\n", 2),
            ("a\r\r\"1\" ,2", 3),
            ("\"a\"b", 1),
            ("\"a\"\"", 1),
            (&format!("a\n1{}\n", ",".repeat(64)), 2),
        ] {
            assert_eq!(
                fault(text.as_bytes()).map(|(line, _)| line),
                Some(line),
                "{text:?}"
            );
        }
    }
}
