//! Detection: no panic, whatever the bytes; then whatever format was found reads them.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::read(data, None));
