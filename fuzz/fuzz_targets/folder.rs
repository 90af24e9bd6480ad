//! Exports that are folders, given as a tar of their files: what claims them, and the readers of their parts.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::folder(data));
