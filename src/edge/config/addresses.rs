//! Addresses in the configuration: origins of pages, and URLs that the edge itself calls.

/// `ALLOWED_ORIGINS`, with every fault in it noted.
pub(super) fn origins(text: &str, faults: &mut Vec<String>) -> Vec<String> {
    let origins: Vec<String> = text.split(',').map(|origin| origin.trim().to_owned()).collect();
    if !origins.iter().all(|origin| is_origin(origin)) {
        faults.push(
            "ALLOWED_ORIGINS must be exact origins separated by commas, such as https://dash.example.com: no path, no \
             wildcard, lower case, no default port"
                .into(),
        );
    }
    origins
}

/// Whether a text is an origin as a browser writes it (https:, or http: on loopback).
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let plain = authority
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b));
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    plain && !authority.ends_with(default_port) && is_safe_url(text)
}

/// Whether this is an `https:` URL, or an `http:` one on loopback, without user or fragment.
pub(super) fn is_safe_url(url: &str) -> bool {
    let printable = url.bytes().all(|b| b.is_ascii_graphic() && !b"@#\\".contains(&b));
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    let scheme_fits = match scheme {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    printable && !host.is_empty() && port_fits && scheme_fits
}

fn is_loopback(host: &str) -> bool {
    let in_127 = host
        .parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| address.is_loopback());
    in_127 || host == "localhost" || host == "[::1]"
}
