//! The parser's time on the worst bodies that are read at all: it may not grow faster than they do.

use std::time::{Duration, Instant};

use autorevoke::protocol::{Credentials, MAX_ANSWER_BYTES, Name, Reply, Sent, parse};

/// Far above what the slowest machine needs when the time grows with the length, far below when it grows with
/// its square.
const LIMIT: Duration = Duration::from_secs(1);

#[test]
fn hostile_bodies_take_no_longer_than_their_length() {
    let credentials = Credentials::new("n".repeat(64), "ä😀%&".repeat(32)).unwrap();
    let fill = |head: &str, piece: &str| {
        let count = (MAX_ANSWER_BYTES - head.len()) / piece.len();
        [head, &piece.repeat(count)].concat()
    };
    let pieces = [
        "&",
        "&a",
        "&a=b",
        "&=",
        "&errorMessage=",
        "&errorDetail=x",
        "n",
        "%",
        "%25",
        "%252525",
        "%2525252525252541",
        "\\",
        "\\\\",
        "\\u",
        "\\u0041",
        "&#",
        "&#65;",
        "&amp;",
        "&amp;amp;amp;",
        "&amp;#37;",
        "%26amp%3B",
        "a\n",
        "\n",
        "0\n",
        "-",
        "ä",
        "😀",
        "ä😀%",
        "ä😀%&ä😀%",
        "=",
        "a=",
        "+",
        "\u{feff}",
        "nnnnnnnnnnn%6e",
        "\u{0130}",
        "%5Cu0025",
        "0x",
        "bm5u",
        "6e6e",
    ];
    let heads = [
        "-3\n",
        "errorCode=-3&errorMessage=",
        "errorCode=0&errorDetail=",
        "0\n",
        "",
        "errorMessage=",
    ];
    for piece in pieces {
        for head in heads {
            let body = fill(head, piece);
            let start = Instant::now();
            let reply = Reply {
                status: 200,
                content_length: None,
                content_encoding: None,
                body: body.as_bytes(),
            };
            let answer = parse(
                &reply,
                &Sent {
                    name: Name::order_number("123456").unwrap(),
                    test: false,
                    credentials: &credentials,
                },
            );
            let time = start.elapsed();
            if std::env::var_os("SHOW_TIMES").is_some() {
                println!("{:9.3} ms  {head:?} {piece:?}", time.as_secs_f64() * 1e3);
            }
            assert!(
                time < LIMIT,
                "{head:?} and {piece:?} took {time:?}: {:?}",
                answer.code()
            );
        }
    }
}
