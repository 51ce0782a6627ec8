//! The format of events (HTML, "server-sent events"): bytes in, whole events out. It holds no state: whoever calls
//! keeps what was not taken, and gives it again in front of what came since.

/// What a piece of a stream has in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// The whole events that have data, in their order.
    pub events: Vec<Event>,
    /// How long a reader should wait before it connects again, in milliseconds: the last one said.
    pub retry: Option<u64>,
    /// The last id said; empty when it was taken back.
    pub last_id: Option<String>,
    /// How many bytes need not be given again.
    pub taken: usize,
}

/// An event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its type; empty for the usual one.
    pub name: String,
    /// Its lines of data, with a newline between them.
    pub data: String,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads what is whole; `begins` if nothing of the stream has been taken yet.
pub fn read(bytes: &[u8], begins: bool) -> Events {
    let mut found = Events::default();
    let mut rest = bytes;
    if begins && let Some(behind) = rest.strip_prefix(BYTE_ORDER_MARK) {
        rest = behind;
    }
    let mut event = Event::default();
    let mut has_data = false;
    let mut id = None;
    while let Some((line, behind)) = next_line(rest) {
        rest = behind;
        if line.is_empty() {
            // The event is whole: only now what it says counts.
            found.last_id = id.take().or(found.last_id);
            let whole = std::mem::take(&mut event);
            if std::mem::take(&mut has_data) {
                found.events.push(whole);
            }
            found.taken = bytes.len() - rest.len();
            continue;
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut event.name),
            "data" => {
                if has_data {
                    event.data.push('\n');
                }
                event.data.push_str(value);
                has_data = true;
            }
            "id" if !value.contains('\0') => id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                found.retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    found
}

/// The next line without its end (LF, CR, or both), and what is behind it. Of CR LF the LF may still be to come: it then
/// looks like an empty line, which ends an event that has nothing.
fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|b| matches!(b, b'\n' | b'\r'))?;
    let (line, behind) = bytes.split_at_checked(end)?;
    let behind = behind
        .strip_prefix(b"\r\n")
        .or(behind.get(1..))
        .unwrap_or_default();
    Some((line, behind))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: &[&[u8]] = &[b"data:", b"id:", b"event:", b"retry:", b"data", BYTE_ORDER_MARK];

    /// Reads a stream that comes in these pieces.
    fn in_pieces(stream: &[u8], cuts: &[usize]) -> Events {
        let mut all = Events::default();
        let mut kept = Vec::new();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
        ends.push(stream.len());
        ends.sort_unstable();
        let mut from = 0;
        for end in ends {
            kept.extend_from_slice(stream.get(from..end).unwrap_or_default());
            from = end;
            let part = read(&kept, all.taken == 0);
            kept.drain(..part.taken);
            all.taken += part.taken;
            all.events.extend(part.events);
            all.retry = part.retry.or(all.retry);
            all.last_id = part.last_id.or(all.last_id);
        }
        all
    }

    /// One that has been written by its rules: what it says, and how.
    fn event() -> impl Strategy<Value = (Vec<u8>, Event, Option<String>)> {
        let word = "[a-z:{}\" ]{0,6}";
        let end = prop_oneof![Just("\n"), Just("\r"), Just("\r\n")];
        (
            proptest::option::of("[a-z]{1,8}"),
            proptest::collection::vec(word, 0..4),
            proptest::option::of("[0-9]{1,4}"),
            proptest::collection::vec("[a-z ]{0,5}", 0..3),
            proptest::collection::vec(end, 1..12),
        )
            .prop_map(|(name, lines, id, comments, ends)| {
                let mut ends = ends.into_iter().cycle();
                let mut text = String::new();
                let mut say = |line: String| {
                    text.push_str(&line);
                    text.push_str(ends.next().unwrap_or("\n"));
                };
                for comment in comments {
                    say(format!(":{comment}"));
                }
                if let Some(name) = &name {
                    say(format!("event: {name}"));
                }
                if let Some(id) = &id {
                    say(format!("id:{id}"));
                }
                for line in &lines {
                    // One space after the colon is no part of the value.
                    say(format!("data: {line}"));
                }
                // LF: a CR before an LF of the next line's would be one end of line.
                text.push_str("\n\n");
                let event = Event {
                    name: name.unwrap_or_default(),
                    data: lines.join("\n"),
                };
                (text.into_bytes(), event, id)
            })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_however_it_is_cut(
            written in proptest::collection::vec(event(), 0..6),
            mark in any::<bool>(),
            cuts in proptest::collection::vec(any::<usize>(), 0..20),
            unfinished in "(data: [a-z]{0,5}\n?)?",
        ) {
            let mut stream = if mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
            for (bytes, ..) in &written {
                stream.extend_from_slice(bytes);
            }
            stream.extend_from_slice(unfinished.as_bytes());
            let expected: Vec<Event> = written
                .iter()
                .filter(|(bytes, ..)| String::from_utf8_lossy(bytes).split(['\r', '\n']).any(|line| line.starts_with("data")))
                .map(|(_, event, _)| event.clone())
                .collect();
            let last_id = written.iter().rev().find_map(|(_, _, id)| id.clone());
            let found = in_pieces(&stream, &cuts);
            prop_assert_eq!(&found.events, &expected);
            prop_assert_eq!(&found.last_id, &last_id);
        }

        #[test]
        fn any_bytes_mean_the_same_however_they_are_cut(
            stream in proptest::collection::vec(
                prop_oneof![
                    4 => proptest::sample::select(&b"\r\n:d "[..]).prop_map(|b| vec![b]),
                    2 => proptest::sample::select(WORDS).prop_map(<[u8]>::to_vec),
                    1 => any::<u8>().prop_map(|b| vec![b]),
                ],
                0..60,
            ).prop_map(|parts| parts.concat()),
            cuts in proptest::collection::vec(any::<usize>(), 0..60),
        ) {
            let whole = in_pieces(&stream, &[]);
            let cut = in_pieces(&stream, &cuts);
            prop_assert_eq!(&whole.events, &cut.events);
            prop_assert_eq!(whole.last_id, cut.last_id);
        }
    }

    #[test]
    fn the_examples_of_the_standard() {
        let data = |text: &str| Event {
            name: String::new(),
            data: text.to_owned(),
        };
        assert_eq!(
            read(b"data: YHOO\ndata: +2\ndata: 10\n\n", true).events,
            [data("YHOO\n+2\n10")]
        );
        let found = read(
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            true,
        );
        assert_eq!(
            found.events,
            [data("first event"), data("second event"), data(" third event")]
        );
        assert_eq!(found.last_id.as_deref(), Some(""));
        assert_eq!(
            read(b"data\n\ndata\ndata\n\ndata:", true).events,
            [data(""), data("\n")]
        );
        assert_eq!(
            read(b"data:test\n\ndata: test\n\n", true).events,
            [data("test"), data("test")]
        );
    }

    #[test]
    fn fields_that_do_not_count() {
        let found = read(
            b"id: 7\nretry: 2000\n\nid: a\0b\nretry: 1s\nretry:\nDATA: x\n data: x\n\n",
            true,
        );
        assert_eq!(
            (found.retry, found.last_id.as_deref(), found.events.len()),
            (Some(2000), Some("7"), 0)
        );
        let huge = read(b"retry: 99999999999999999999999\n\n", true);
        assert_eq!(huge.retry, Some(u64::MAX));
        // An id counts when its event is whole, and not before.
        assert_eq!(read(b"id: 8\n", true).last_id, None);
    }
}
