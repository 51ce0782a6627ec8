//! Points in time, as RFC 3339 texts and as milliseconds since 1970.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The UTC text of a time in milliseconds, always to the millisecond: `2026-11-22T20:18:55.120Z`.
pub(super) fn text(millis: i64) -> String {
    let Ok(at) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000) else {
        return String::new();
    };
    let (date, month) = (at.date(), u8::from(at.month()));
    let (hour, minute, second, milli) = at.time().as_hms_milli();
    format!(
        "{:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z",
        date.year(),
        date.day()
    )
}

/// The milliseconds of an RFC 3339 text, if it is one.
pub(super) fn millis(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}
