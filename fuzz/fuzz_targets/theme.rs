//! Theme files: odd bytes are none, or a theme with all its colours and a warning for each that was made up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::theme::file::{MAX_BYTES, parse};

fuzz_target!(|bytes: &[u8]| {
    match parse(bytes, "fuzzed") {
        Ok(theme) => assert!(bytes.len() <= MAX_BYTES && theme.output.name.chars().count() <= 300),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
