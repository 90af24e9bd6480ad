//! Pieces of the screen: marks, numbers, tables, chart frames, dialogs. They know no noun of the product beyond labels passed in.
//! Pieces are functions that return [`AnyView`]: one type each, so the page stays small.

pub mod chart;
pub mod dialog;
pub mod file;
pub mod glyph;
pub mod mark;
pub mod number;
pub mod state;
pub mod table;

pub use chart::{drawing, figure, shown_as_table};
pub use dialog::dialog;
pub use file::{Take, file_button};
pub use glyph::icon;
pub use mark::{Kind, channel_name, class_badge, owner_mark, severity, status};
pub use number::{clock, grouped, last_part, middle, percent, points, size};
pub use state::{banner, empty, evidence_link, note, number_link};
pub use table::{Cell, Head, Line, table};
