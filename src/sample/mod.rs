//! The synthetic firm.
/// A file of the firm.
pub struct SampleFile {
    /// Path.
    pub path: String,
    /// Bytes.
    pub bytes: Vec<u8>,
}
/// The firm.
pub struct Firm;
impl Firm {
    /// Its files.
    #[must_use]
    pub fn files(&self) -> Vec<SampleFile> {
        Vec::new()
    }
}
/// Makes it.
#[must_use]
pub fn firm(_seed: u64, _messages: usize) -> Firm {
    Firm
}
