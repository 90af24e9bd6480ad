//! The batch decoder: refuses or reads, and what it reads it writes again.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::batch(data));
