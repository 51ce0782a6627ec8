//! Memory that is given back holds no login: an allocator looks at each block before it goes.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use autorevoke::protocol::{CodeReason, Credentials, Draft, Name, Reply, Sent, form, parse};

const LOGIN_NAME: &str = "Vb3-wiped-or-left-Vb3";
const LOGIN_PASSWORD: &str = "Zq7-wiped-or-left-Zq7";
/// What only a form holds, whatever the login.
const OF_A_FORM: &str = "loginPassword=";

thread_local! {
    /// Blocks of this thread that went with a login in them; `None` while nobody looks.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Clears what it gives, so that every byte may be read. `realloc` is the provided one: a new block, and the old
/// one given back.
struct Watchful;

#[global_allocator]
static ALLOCATOR: Watchful = Watchful;

// SAFETY: memory comes from the system's allocator and goes back to it with the same layout.
unsafe impl GlobalAlloc for Watchful {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are the system allocator's own.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Ok(Some(left)) = LEFT.try_with(Cell::get) {
            // SAFETY: the block is the caller's until the end of this function, and all of it was cleared once.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            let found = [LOGIN_NAME, LOGIN_PASSWORD, OF_A_FORM]
                .iter()
                .any(|text| holds(bytes, text));
            LEFT.with(|it| it.set(Some(left + usize::from(found))));
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

/// In either case, forwards or backwards.
fn holds(bytes: &[u8], login: &str) -> bool {
    bytes.windows(login.len()).any(|window| {
        window.eq_ignore_ascii_case(login.as_bytes())
            || window
                .iter()
                .rev()
                .zip(login.bytes())
                .all(|(one, other)| one.eq_ignore_ascii_case(&other))
    })
}

/// How many blocks went with a login in them while `work` was done.
fn left_by(work: impl FnOnce()) -> usize {
    LEFT.with(|it| it.set(Some(0)));
    work();
    LEFT.with(Cell::take).unwrap_or_default()
}

fn credentials() -> Credentials {
    Credentials::new(LOGIN_NAME, LOGIN_PASSWORD).unwrap()
}

#[test]
fn a_plain_string_is_found() {
    assert_eq!(
        left_by(|| drop(std::hint::black_box(LOGIN_PASSWORD.to_owned()))),
        1
    );
    assert_eq!(
        left_by(|| drop(std::hint::black_box(
            ["x".to_owned(), LOGIN_NAME.to_lowercase()].concat()
        ))),
        2
    );
}

#[test]
fn credentials_leave_nothing() {
    assert_eq!(left_by(|| drop(credentials())), 0);
    let faulty = || Credentials::new([LOGIN_NAME, "\n"].concat(), LOGIN_PASSWORD.repeat(9));
    // The two texts that the test itself joins are moved in, and wiped there.
    assert_eq!(left_by(|| assert!(faulty().is_err())), 0);
}

#[test]
fn a_form_leaves_nothing_and_never_moves() {
    let credentials = credentials();
    for draft in [
        Draft {
            order_number: "7".into(),
            ..Draft::default()
        },
        Draft {
            order_number: "9223372036854775807".into(),
            code_reason: CodeReason::CessationOfOperation,
            revocation_reason: "😀".repeat(1024),
            account_id: Some(u64::MAX),
            product_code: "€".repeat(50),
            product: Some(u64::MAX),
            test: true,
            ..Draft::default()
        },
    ] {
        let order = draft.check().unwrap();
        assert_eq!(
            left_by(|| assert!(form(&order, &credentials).as_str().contains(LOGIN_PASSWORD))),
            0
        );
    }
}

#[test]
fn a_form_of_little_but_escapes_never_moves() {
    let credentials = Credentials::new("€", "€€").unwrap();
    let order = Draft {
        order_number: "7".into(),
        revocation_reason: "€".into(),
        product_code: "€".into(),
        ..Draft::default()
    };
    let order = order.check().unwrap();
    let made = || form(&order, &credentials);
    assert_eq!(left_by(|| assert!(made().as_str().contains(OF_A_FORM))), 0);
    assert_eq!(
        left_by(|| drop(std::hint::black_box(made().as_str().to_owned()))),
        1
    );
}

#[test]
fn parsing_leaves_nothing() {
    let credentials = credentials();
    let sent = Sent {
        name: Name::order_number("123456").unwrap(),
        test: false,
        credentials: &credentials,
    };
    for body in [
        "0",
        "errorCode=0&errorDetail=x&orderNumber=7",
        "-3\nno",
        "errorCode=-3&errorMessage=a%26b+%26amp%3B&errorDetail=x",
        "<html>",
        "",
    ] {
        let reply = Reply {
            status: 200,
            content_length: None,
            content_encoding: None,
            body: body.as_bytes(),
        };
        assert_eq!(left_by(|| drop(parse(&reply, &sent))), 0, "{body:?}");
    }
}
