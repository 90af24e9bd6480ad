//! Who is who.
pub mod address;
pub mod letters;
pub mod names;
pub mod nicknames;
pub mod phone;
