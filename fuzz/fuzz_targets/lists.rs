//! Lists and matter files.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::lists(data));
