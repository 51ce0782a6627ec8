//! When two names mean one: persons by Unicode form and case, actors by their subject.
//!
//! Names are kept and shown as they came. Only what is compared is made of these keys.

use unicode_normalization::UnicodeNormalization;

/// Before the name of a service in an actor: no person's subject may begin so.
pub(super) const SERVICE: &str = "service:";

/// Equal for two names of one person: canonically equivalent (what NFC makes one), without regard to case.
///
/// The key itself is decomposed, NFD: that tells the same names apart, and its tables are smaller. Upper case first, so
/// that `ß` and `SS`, or the two small sigmas, fall together as Unicode's case folding has them.
///
/// ```
/// use autorevoke::edge::names::person_key;
/// assert_eq!(person_key("Zoe\u{308}@Example.com"), person_key("zo\u{eb}@example.com"));
/// assert_ne!(person_key("olivia"), person_key("oliver"));
/// ```
pub fn person_key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfd()
        .collect()
}

/// Equal for two spellings of one actor: whether a token marks its subject as a machine this time does not matter.
///
/// ```
/// use autorevoke::edge::names::actor_key;
/// assert_eq!(actor_key("jwt:https://issuer.example#service:robot"), actor_key("jwt:https://issuer.example#robot"));
/// assert_ne!(actor_key("key:robot"), actor_key("jwt:https://issuer.example#robot"));
/// ```
pub fn actor_key(actor: &str) -> String {
    match actor.split_once('#') {
        Some((issuer, subject)) => [issuer, "#", subject.strip_prefix(SERVICE).unwrap_or(subject)].concat(),
        None => actor.to_owned(),
    }
}
