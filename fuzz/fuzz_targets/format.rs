//! The reader of one format, named by the variable FORMAT: no panic, every record accounted for, the batch survives its bytes.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::format(data));
