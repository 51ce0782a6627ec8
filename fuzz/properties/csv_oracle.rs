//! A second reading of RFC 4180, written from its grammar alone and with any separator: the records of a text, or nothing
//! where it is no such text.

/// A field, and whether it stood in quotes.
pub type Field = (Vec<u8>, bool);

/// Lines end with CR, LF or both; a line with nothing at all on it is no record.
pub fn records(text: &[u8], separator: u8) -> Option<Vec<Vec<Field>>> {
    let mut records = Vec::new();
    let mut record: Vec<Field> = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = field(rest, separator)?;
        record.push(field);
        match after {
            [next, more @ ..] if *next == separator => {
                rest = more;
                continue;
            }
            [b'\r', b'\n', more @ ..] | [b'\r' | b'\n', more @ ..] => rest = more,
            [] => rest = &[],
            _ => return None,
        }
        let blank = record.len() == 1
            && record
                .first()
                .is_some_and(|(text, quoted)| text.is_empty() && !quoted);
        if blank {
            record.clear();
        } else {
            records.push(std::mem::take(&mut record));
        }
        if after.is_empty() || rest.is_empty() {
            return Some(records);
        }
    }
}

fn field(text: &[u8], separator: u8) -> Option<(Field, &[u8])> {
    let Some(mut inner) = text.strip_prefix(b"\"") else {
        let end = text
            .iter()
            .position(|byte| *byte == separator || b"\r\n".contains(byte))
            .unwrap_or(text.len());
        let (field, rest) = text.split_at(end);
        return (!field.contains(&b'"')).then(|| ((field.to_vec(), false), rest));
    };
    let mut field = Vec::new();
    loop {
        let quote = inner.iter().position(|byte| *byte == b'"')?;
        let (part, rest) = inner.split_at(quote);
        field.extend_from_slice(part);
        match rest {
            [b'"', b'"', more @ ..] => {
                field.push(b'"');
                inner = more;
            }
            [b'"', more @ ..] => return Some(((field, true), more)),
            _ => return None,
        }
    }
}
