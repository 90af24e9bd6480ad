//! A file of any format through all analyses, the report and the evidence.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::answers(data));
