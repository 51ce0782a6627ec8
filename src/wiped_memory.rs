//! Memory that is given back is wiped, in every wasm module: what was in it, a login or a token, stays nowhere.
//!
//! `zeroize` wipes what is known to be secret. This wipes what the glue between JavaScript and wasm copies, what a text
//! leaves behind when it grows, and what nobody thought of. The linear memory of a module is never given back to the
//! system, so without it copies would stay as long as the page or the isolate.
#![allow(unsafe_code)] // An allocator is nothing else.

use core::alloc::{GlobalAlloc, Layout};
use core::hint::black_box;

/// In the client talc, which is a third of the size of the standard library's, for a module that is idle nearly all of
/// the time; in the edge the standard library's.
#[cfg(feature = "client")]
#[global_allocator]
static ALLOCATOR: Wiped<talc::wasm::WasmDynamicTalc> = Wiped(talc::wasm::new_wasm_dynamic_allocator());
#[cfg(not(feature = "client"))]
#[global_allocator]
static ALLOCATOR: Wiped<std::alloc::System> = Wiped(std::alloc::System);

/// An allocator that wipes each block before it is given back. `realloc` is the provided one: a new block, and the old
/// one given back.
struct Wiped<A>(A);

// SAFETY: memory comes from the allocator within and goes back to it with the same layout.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiped<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the allocator within asks for.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until the end of this function, and has this size.
        unsafe { block.write_bytes(0, layout.size()) };
        // As if somebody looked at it: a write that nobody reads may be left out.
        // SAFETY: as above.
        unsafe { self.0.dealloc(black_box(block), layout) }
    }
}
