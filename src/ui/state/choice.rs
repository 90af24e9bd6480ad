//! What a person chooses of the page itself: role and colours.

/// Who starts where. Changes landing page and masking, never the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Starts at the findings.
    #[default]
    Compliance,
    /// Starts at the people; text stays hidden.
    Hr,
    /// Starts at the overview.
    Executive,
}

impl Role {
    /// All, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Compliance, Self::Hr, Self::Executive];

    /// The word on the switch.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compliance => "Compliance",
            Self::Hr => "HR",
            Self::Executive => "Executive",
        }
    }

    /// Where this role starts.
    #[must_use]
    pub const fn landing(self) -> &'static str {
        match self {
            Self::Compliance => "/findings",
            Self::Hr => "/people",
            Self::Executive => "/overview",
        }
    }
}

/// Colours: as the system says, or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word, also of the attribute on the root element.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// The next one when the button is pressed.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}
