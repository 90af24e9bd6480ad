//! Who is who.
pub mod address;
pub mod decisions;
pub mod letters;
pub mod lists;
pub mod names;
pub mod nicknames;
pub mod phone;
pub mod reference;
