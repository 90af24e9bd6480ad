//! Zip archives: bytes made into an archive of members, and bytes taken for an archive.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retention_audit_fuzz::archive(data));
