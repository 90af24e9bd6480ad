//! temp
/// temp
pub fn channel(slug: &str) -> String {
    slug.to_owned()
}
/// temp
pub fn status(s: &str) -> String {
    s.to_owned()
}
/// temp
pub fn owner(s: &str) -> String {
    s.to_owned()
}
