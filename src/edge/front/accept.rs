//! Which of the media types on offer an `Accept` header takes (RFC 9110, section 12.5.1).

/// The one that is wanted most, the first of equals; `None` if none is taken. Without a header all are welcome.
pub(super) fn negotiate(accept: Option<&str>, offered: &[&'static str]) -> Option<&'static str> {
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
        return offered.first().copied();
    };
    let mut best: Option<(u16, &'static str)> = None;
    for media_type in offered {
        let quality = quality(accept, media_type);
        if quality > best.map_or(0, |(best, _)| best) {
            best = Some((quality, media_type));
        }
    }
    best.map(|(_, media_type)| media_type)
}

/// How much a media type is wanted, in thousandths: the most specific range that fits it decides.
fn quality(accept: &str, media_type: &str) -> u16 {
    let mut found = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specific = if name == media_type {
            3
        } else if name
            .strip_suffix("/*")
            .is_some_and(|kind| kind != "*" && media_type.split('/').next() == Some(kind))
        {
            2
        } else if name == "*/*" {
            1
        } else {
            continue;
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        if specific > found.0 {
            found = (specific, weight.map_or(1000, thousandths));
        }
    }
    found.1
}

/// `0`, `0.5`, `1.000`; what is no weight counts as full.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("0", Ok(fraction)) => fraction,
        _ => 1000,
    }
}
