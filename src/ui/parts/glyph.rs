//! Icons of 16 by 16, drawn with the line of the text colour. Constant drawings only: nothing from a file ever comes here.

use crate::ui::node::prelude::*;

/// Tray with an arrow.
pub const IMPORT: &str = r#"<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11"/>"#;
/// Bars.
pub const OVERVIEW: &str = r#"<path d="M2.5 13.5h11M4.5 13V8M8 13V3M11.5 13V6"/>"#;
/// Broken lines.
pub const COVERAGE: &str = r#"<path d="M2.5 4h6M10.5 4h3M2.5 8h3M7.5 8h6M2.5 12h8M12.5 12h1"/>"#;
/// Rising line.
pub const CHANNELS: &str = r#"<path d="M2.5 11.5 6 8l3 2 4.500-5.500"/><path d="M10.500 4.500h3v3"/>"#;
/// Two people.
pub const PEOPLE: &str = r#"<circle cx="6" cy="5.500" r="2.500"/><path d="M1.800 13.500c.3-2.600 2-4 4.200-4s3.900 1.400 4.200 4M10.500 3.200a2.500 2.500 0 0 1 0 4.600M12 9.800c1.300.6 2.100 1.900 2.300 3.700"/>"#;
/// Card with a person.
pub const IDENTITY: &str = r#"<path d="M1.800 3.500h12.400v9H1.800z"/><circle cx="5.500" cy="7" r="1.500"/><path d="M3.300 10.500c.3-1 1.200-1.500 2.200-1.500s1.900.5 2.200 1.500M9.500 6.500h3M9.500 9.500h3"/>"#;
/// Scales.
pub const POLICY: &str = r#"<path d="M8 2.500v11M5 13.500h6M3 4.500h10M3 4.500 1.500 9h3zM13 4.500 11.500 9h3z"/>"#;
/// Flag.
pub const FINDINGS: &str = r#"<path d="M3.500 14V2.500h8.500L10 5.700l2 3.300H3.500"/>"#;
/// Sheet.
pub const REPORT: &str = r#"<path d="M4 1.800h5.500L12.500 5v9.200H4zM9.500 1.800V5h3M6 8h4.500M6 11h4.500"/>"#;
/// Open book.
pub const METHOD: &str = r#"<path d="M8 4c-1.500-1.200-3.300-1.500-5.500-1.500v9.800C4.700 12.300 6.500 12.700 8 14c1.500-1.300 3.300-1.700 5.500-1.700V2.500C11.300 2.500 9.500 2.800 8 4zM8 4v10"/>"#;
/// Three lines.
pub const MENU: &str = r#"<path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11"/>"#;
/// Padlock.
pub const LOCK: &str = r#"<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>"#;
/// Half-filled circle.
pub const THEME: &str = r#"<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor"/>"#;
/// Question mark.
pub const HELP: &str =
    r#"<circle cx="8" cy="8" r="6.200"/><path d="M6.200 6.300c.2-1.100 1-1.700 1.900-1.700 1.100 0 1.900.7 1.900 1.700 0 1.400-2 1.500-2 2.900M8 11.500v.1"/>"#;
/// Cross.
pub const CLOSE: &str = r#"<path d="m3 3 10 10M13 3 3 13"/>"#;
/// Triangle with an exclamation line.
pub const WARN: &str = r#"<path d="M8 2 14.500 14h-13z"/><path d="M8 6.500v4M8 12v.1"/>"#;

/// An icon from one of the constants of this file.
#[must_use]
pub fn icon(paths: &'static str) -> AnyView {
    view! { <svg class="ic" viewBox="0 0 16 16" aria-hidden="true" inner_html=paths></svg> }.into_any()
}
