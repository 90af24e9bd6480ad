//! Marks that carry a state: always shape, word and colour together.

use crate::ui::node::prelude::*;

use crate::report::words;

/// What a status mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Danger, loss, failure.
    Danger,
    /// Doubt, to be checked.
    Warn,
    /// Good.
    Good,
    /// Information.
    Info,
    /// Unknown.
    Unknown,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Danger => "st d",
            Self::Warn => "st w",
            Self::Good => "st g",
            Self::Info => "st i",
            Self::Unknown => "st u",
        }
    }

    const fn drawing(self) -> &'static str {
        match self {
            Self::Danger => r#"<path d="M6 .5 11.500 6 6 11.500.5 6z" fill="currentColor"/>"#,
            Self::Warn => {
                r#"<path d="M6 1 11.500 11H.5z" fill="none" stroke="currentColor" stroke-width="1.500" stroke-linejoin="round"/><path d="M6 4.500v3M6 9v.1" stroke="currentColor" stroke-width="1.500" stroke-linecap="round"/>"#
            }
            Self::Good => {
                r#"<circle cx="6" cy="6" r="5.500" fill="currentColor"/><path d="m3.500 6.200 1.800 1.800 3.300-3.800" fill="none" stroke="var(--bg)" stroke-width="1.500"/>"#
            }
            Self::Info => {
                r#"<circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.500"/><path d="M6 5.500v3M6 3.300v.1" stroke="currentColor" stroke-width="1.500"/>"#
            }
            Self::Unknown => {
                r#"<rect x=".75" y=".75" width="10.500" height="10.500" fill="none" stroke="currentColor" stroke-width="1.200"/><path d="M1 7 7 1M1 11 11 1M5 11l6-6" stroke="currentColor" stroke-width="1"/>"#
            }
        }
    }
}

/// Icon, word, colour. The word may be empty where a heading beside it says it.
#[must_use]
pub fn status(kind: Kind, word: impl Into<String>) -> AnyView {
    let word: String = word.into();
    view! { <span class=kind.class()><svg viewBox="0 0 12 12" aria-hidden="true" inner_html=kind.drawing()></svg>{word}</span> }.into_any()
}

/// A severity word of the answers (`high`, `medium`, `low`, `info`) as a mark.
#[must_use]
pub fn severity(word: &str) -> AnyView {
    match word {
        "high" => status(Kind::Danger, "High"),
        "medium" => status(Kind::Warn, "Medium"),
        "low" => status(Kind::Info, "Low"),
        _ => status(Kind::Info, "For information"),
    }
}

/// The letter of a gap class in its form: A solid, B tinted, C dashed, anything else unknown.
#[must_use]
pub fn class_badge(class: &str) -> AnyView {
    let (look, letter, word) = match class {
        "A" => ("cls A", "A", "Class A, missing"),
        "B" => ("cls B", "B", "Class B, unexplained silence"),
        "C" => ("cls C", "C", "Class C, not covered"),
        _ => ("cls U", "U", "Class U, cannot be tested"),
    };
    view! { <span class=look role="img" aria-label=word>{letter}</span> }.into_any()
}

/// Who owns the accounts: filled dot, open dot, or the words alone.
#[must_use]
pub fn owner_mark(firm: Option<bool>) -> AnyView {
    match firm {
        Some(true) => view! { <span class="own f">{words::owner("firm")}</span> }.into_any(),
        Some(false) => view! { <span class="own p"><span>"Personal"<span class="acw">" accounts"</span></span></span> }.into_any(),
        None => view! { <span class="xs q">{words::owner("")}</span> }.into_any(),
    }
}

/// The name of a channel with the mark of its slot (0 to 5; 6 = other, no mark).
#[must_use]
pub fn channel_name(slug: &str, slot: u8) -> AnyView {
    let drawing = match slot {
        0 => r#"<circle cx="5" cy="5" r="4.2" fill="var(--c1)"/>"#,
        1 => r#"<rect x="1" y="1" width="8" height="8" fill="var(--c2)"/>"#,
        2 => r#"<path d="M5 1 9.3 9H.7z" fill="var(--c3)"/>"#,
        3 => r#"<path d="M5 .3 9.7 5 5 9.7.3 5z" fill="var(--c4)"/>"#,
        4 => r#"<path d="M3.500 0h3v3.500H10v3H6.500V10h-3V6.500H0v-3h3.500z" fill="var(--c5)"/>"#,
        5 => r#"<circle cx="5" cy="5" r="3.500" fill="none" stroke="var(--c6)" stroke-width="2"/>"#,
        _ => "",
    };
    let name = words::channel(slug);
    view! { <span class="ch"><svg viewBox="0 0 10 10" aria-hidden="true" inner_html=drawing></svg>{name}</span> }.into_any()
}
