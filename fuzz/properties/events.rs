//! Any bytes as the events of a job: only this very job is told, never an older revision after a newer one, and the same
//! however the stream comes in pieces.

use autorevoke::client::judge;
use serde_json::Value;

const ID: &str = "job_0123456789abcdef01234567";

/// Someone who watches: what JavaScript keeps.
#[derive(Default)]
struct Watcher {
    kept: Vec<u8>,
    begun: bool,
    revision: Option<f64>,
    told: Vec<String>,
}

impl Watcher {
    /// Whether the piece is believed.
    fn read(&mut self, piece: &[u8]) -> bool {
        self.kept.extend_from_slice(piece);
        let number = |number: f64| format!("n{}", number.to_bits());
        let mut given = vec![
            ("call", "memo", format!("sWn{ID} ")),
            ("call", "event", "spiece".to_owned()),
        ];
        given.extend(self.begun.then(|| ("stream", "taken", number(1.0))));
        given.extend(self.revision.map(|it| ("watch", "revision", number(it))));
        let mut bytes = Vec::new();
        for part in given
            .iter()
            .flat_map(|(scope, name, value)| [*scope, *name, value.as_str()])
        {
            bytes.extend_from_slice(part.as_bytes());
            bytes.push(0xff);
        }
        let told = judge(bytes, self.kept.clone());
        let parts: Vec<&str> = told.split('\u{1f}').collect();
        for entry in parts.chunks_exact(3) {
            match *entry {
                ["failed", ..] => return false,
                ["jobs", _, job] => self.told.push(job[1..].to_owned()),
                ["stream", "taken", taken] => {
                    self.begun = true;
                    self.kept.drain(..taken[1..].parse::<usize>().expect("a number"));
                }
                ["watch", "revision", revision] => {
                    self.revision = Some(revision[1..].parse().expect("a number"));
                }
                _ => {}
            }
        }
        true
    }
}

pub fn check(input: &[u8]) {
    let [size, stream @ ..] = input else { return };
    let mut whole = Watcher::default();
    let believed = whole.read(stream);
    let mut cut = Watcher::default();
    let all = stream.chunks(usize::from(*size) + 1).all(|piece| cut.read(piece));
    assert_eq!(all, believed);
    if believed {
        assert_eq!(cut.told, whole.told);
    }
    let mut newest = None;
    for job in &cut.told {
        let job: Value = serde_json::from_str(job).expect("it was believed");
        assert_eq!(job["id"], ID);
        let counts = job["counts"].as_object().expect("counts");
        let sum: u64 = counts
            .values()
            .map(|count| count.as_u64().expect("a count"))
            .sum();
        assert_eq!(Some(sum), job["total"].as_u64());
        let revision = job["revision"].as_u64();
        assert!(revision > newest);
        newest = revision;
    }
}
