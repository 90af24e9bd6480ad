//! The reader of `jsonl`: no panic, every record accounted for, the batch survives its bytes.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::read(data, Some("jsonl")));
