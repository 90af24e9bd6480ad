//! Answers: pure functions of the dataset, the matter and the scope. One question per file, one line in [`QUESTIONS`].
//! Every number leads to evidence; what is not known is `None` with a reason in the basis, never 0.

use std::cell::{OnceCell, RefCell};

use crate::model::answer::{Answers, ScopeSaid};
use crate::model::matter::{Matter, Scope};
use crate::model::{Dataset, Flags};
use crate::time;

pub mod basis;
pub mod beginnings;
pub mod calendar;
pub mod chance;
pub mod channels;
pub mod classes;
pub mod cliffs;
pub mod confidence;
pub mod conversations;
pub mod copies;
pub mod counterparts;
pub mod coverage;
pub mod covered;
pub mod cut;
pub mod daily;
pub mod divisions;
pub mod evidence;
pub mod explained;
pub mod findings;
pub mod gaps;
pub mod groups;
pub mod heads;
pub mod holds;
pub mod holidays;
pub mod horizon;
pub mod identity;
pub mod kept;
pub mod leavers;
pub mod levels;
pub mod manifest;
pub mod mentions;
pub mod migration;
pub mod one_sided;
pub mod orphans;
pub mod outage;
pub mod over_retention;
pub mod pairs;
pub mod parties;
pub mod pauses;
pub mod places;
pub mod presence;
pub mod presets;
pub mod register;
pub mod relations;
pub mod sensitive;
pub mod sequences;
pub mod silence;
pub mod silences;
pub mod streams;
pub mod supply;
pub mod turns;

use beginnings::Beginnings;
use calendar::{Offices, Wall, WorkDays};
use conversations::{Class, Talks};
use parties::Parties;
use streams::Streams;
use turns::Turn;

/// What an answer depends on; a front-end recomputes only what became stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The dates of the scope.
    pub dates: bool,
    /// People, clients, leave.
    pub lists: bool,
    /// Policy and channel register.
    pub policy: bool,
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// Stable id.
    pub id: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What it depends on.
    pub needs: Needs,
    /// Fills its part of the answers; parts of earlier questions are there already.
    pub run: fn(&Context, &mut Answers),
}

/// All questions, in the order they are answered.
pub static QUESTIONS: &[Question] = &[
    basis::QUESTION,
    identity::QUESTION,
    classes::QUESTION,
    coverage::QUESTION,
    copies::QUESTION,
    channels::QUESTION,
    divisions::QUESTION,
    leavers::QUESTION,
    over_retention::QUESTION,
    sensitive::QUESTION,
    findings::QUESTION,
];

/// First and last day counted, and the day of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// First day; `None` = first record.
    pub from: Option<i32>,
    /// Last day, inclusive.
    pub to: i32,
    /// Day of the question.
    pub as_of: i32,
}

impl Window {
    /// Whether the day is counted.
    #[must_use]
    pub fn has(&self, day: i32) -> bool {
        day <= self.to && self.from.is_none_or(|f| day >= f)
    }
}

/// What the questions share and what no change of dates or channels alters: kept between two answers, since reading it off a million
/// messages takes longer than answering from it.
pub struct Ground {
    /// Business days of the matter; those of a person are [`Ground::calendar_of`].
    pub calendar: WorkDays,
    /// Business days of offices.
    pub offices: Offices,
    /// Who is who.
    pub parties: Parties,
    /// Conversations, channels, holders.
    pub talks: Talks,
    /// Day on the wall, per row.
    pub days: Vec<i32>,
    /// Turns of conversations that count.
    pub turns: Vec<Turn>,
    /// Messages per custodian, channel and day.
    pub streams: Streams,
    /// Whether the zone of the matter is known.
    pub zone_known: bool,
    /// Rules that hold, on the day of the question.
    pub rules: Vec<horizon::Asked>,
    /// Legal holds.
    pub holds: Vec<holds::Held>,
    /// Whom the explanations of reviewers concern.
    pub explanations: explained::Explanations,
    /// Day of the question.
    as_of: i32,
    /// The last day anything shows: the day of the question where nobody names one.
    latest: i32,
    wall: RefCell<Wall>,
    beginnings: OnceCell<Beginnings>,
    archives: OnceCell<Vec<(u16, (i32, i32))>>,
    orphans: OnceCell<Vec<gaps::Draft>>,
    copies: OnceCell<copies::Found>,
    private_sources: OnceCell<Vec<bool>>,
    identities: OnceCell<identity::Found>,
}

impl Ground {
    /// Reads it off the dataset, in one pass each.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &Matter, scope: &Scope) -> Self {
        let (mut wall, zone_known) = Wall::new(&matter.zone);
        let days: Vec<i32> = dataset.columns.time.iter().map(|t| wall.day(*t)).collect();
        let exported = dataset.sources.iter().filter_map(|s| s.exported_at).filter(|t| time::plausible(*t)).max().map(|t| wall.day(t));
        let latest = days.iter().copied().max().max(exported).unwrap_or(0);
        let as_of = scope.as_of.or(matter.scope.as_of).unwrap_or(latest);
        let mut calendar = WorkDays::new(&matter.calendar);
        let parties = Parties::new(dataset, matter);
        let mut offices = Offices::new(matter, &parties.custodians);
        let explanations = explained::Explanations::new(matter, &parties);
        explanations.close(matter, &mut calendar, &mut offices);
        let talks = Talks::new(dataset, &parties, matter);
        let turns = turns::turns(dataset, &talks, &days);
        let streams = Streams::new(dataset, &parties, &talks, &days, as_of);
        let (beginnings, archives, orphans, copies, private_sources, identities) = Default::default();
        let (rules, holds) = (horizon::asked(matter, as_of), holds::held(matter, &parties));
        Self {
            calendar,
            offices,
            parties,
            talks,
            days,
            turns,
            streams,
            zone_known,
            rules,
            holds,
            explanations,
            as_of,
            latest,
            wall: RefCell::new(wall),
            beginnings,
            archives,
            orphans,
            copies,
            private_sources,
            identities,
        }
    }

    /// Business days of a custodian: those of the office, else those of the matter.
    #[must_use]
    pub fn calendar_of(&self, custodian: u32) -> &WorkDays {
        self.offices.of(custodian).unwrap_or(&self.calendar)
    }

    /// Per source of the dataset it was made from: whether all its records belong to private conversations.
    #[must_use]
    pub fn private_sources(&self, dataset: &Dataset) -> &[bool] {
        self.private_sources.get_or_init(|| self.talks.private_sources(dataset))
    }

    /// Whether it holds for a scope: the day of the question is the same. Dataset and matter must be those it was made from.
    #[must_use]
    pub fn fits(&self, matter: &Matter, scope: &Scope) -> bool {
        self.as_of == scope.as_of.or(matter.scope.as_of).unwrap_or(self.latest)
    }
}

/// What every question works with.
pub struct Context<'a> {
    /// What was read.
    pub dataset: &'a Dataset,
    /// Lists and policy.
    pub matter: &'a Matter,
    /// Days counted.
    pub window: Window,
    /// Channels asked for, by index; all when none was named.
    pub asked: Vec<bool>,
    /// Whether somebody names the day of the question.
    as_of_named: bool,
    ground: &'a Ground,
}

impl std::ops::Deref for Context<'_> {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        self.ground
    }
}

impl<'a> Context<'a> {
    /// One scope on its ground.
    #[must_use]
    pub fn new(dataset: &'a Dataset, matter: &'a Matter, scope: &Scope, ground: &'a Ground) -> Self {
        let given = &matter.scope;
        let to = scope.to.or(given.to).map_or(ground.as_of, |to| to.min(ground.as_of));
        let window = Window { from: scope.from.or(given.from), to, as_of: ground.as_of };
        let named = if scope.channels.is_empty() { &given.channels } else { &scope.channels };
        let asked = ground.talks.channels.iter().map(|c| named.is_empty() || named.contains(c)).collect();
        let as_of_named = scope.as_of.or(given.as_of).is_some();
        Self { dataset, matter, window, asked, as_of_named, ground }
    }

    /// Where exports show that they begin at the beginning.
    #[must_use]
    pub fn beginnings(&self) -> &Beginnings {
        self.ground.beginnings.get_or_init(|| Beginnings::new(self))
    }

    /// From when to when archives hold each channel.
    #[must_use]
    pub fn archives(&self) -> &[(u16, (i32, i32))] {
        self.ground.archives.get_or_init(|| coverage::archives(self))
    }

    /// Gaps named by dangling replies.
    #[must_use]
    pub fn orphans(&self) -> &[gaps::Draft] {
        self.ground.orphans.get_or_init(|| orphans::drafts(self))
    }

    /// Two copies of one conversation, and what one of them lacks.
    #[must_use]
    pub fn copies(&self) -> &copies::Found {
        self.ground.copies.get_or_init(|| copies::Found::new(self))
    }

    /// Who is who, and what is likely.
    #[must_use]
    pub fn identities(&self) -> &identity::Found {
        self.ground.identities.get_or_init(|| identity::Found::new(self.dataset, self.matter, &self.ground.parties, &self.ground.talks))
    }

    /// False-alarm level of the silence test: the policy's, or the usual one where that is none.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        Some(self.matter.policy.alpha).filter(|a| *a > 0.0 && *a < 1.0).unwrap_or(1e-4)
    }

    /// Whether a channel was asked for.
    #[must_use]
    pub fn asks(&self, channel: u16) -> bool {
        self.asked.get(usize::from(channel)).copied().unwrap_or(false)
    }

    /// Day on the wall of a time.
    #[must_use]
    pub fn day(&self, micros: i64) -> i32 {
        self.wall.borrow_mut().day(micros)
    }

    /// Time on the wall.
    #[must_use]
    pub fn local(&self, micros: i64) -> i64 {
        self.wall.borrow_mut().local(micros)
    }

    /// Name of the zone.
    #[must_use]
    pub fn zone(&self) -> &'static str {
        self.wall.borrow().name()
    }

    /// Whether the row is a message written by a person or machine, no event.
    #[must_use]
    pub fn is_message(&self, row: usize) -> bool {
        self.dataset.columns.flags.get(row).is_some_and(|f| Flags(*f).is_message())
    }
}

/// Why the text of a conversation stays closed where nobody gives a reason for opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// It is private.
    Private,
    /// Without the lists of people and clients nothing shows that it is work.
    Undecided,
}

/// Per conversation why its text stays closed; `None` when it may be read. With both lists only what is private stays closed.
#[must_use]
pub fn closed(dataset: &Dataset, matter: &Matter) -> Vec<Option<Closed>> {
    let lists = matter.people.is_some() && matter.clients.is_some();
    let parties = Parties::new(dataset, matter);
    let closed = |talk: &conversations::Talk| match talk.class {
        Class::Work => None,
        Class::Private => Some(Closed::Private),
        Class::Undecided => (!lists).then_some(Closed::Undecided),
    };
    Talks::new(dataset, &parties, matter).of.iter().map(closed).collect()
}

/// Answers all questions. The ledger is left for the front-end.
#[must_use]
pub fn answer(context: &Context) -> Answers {
    let mut answers = Answers { schema: 1, tool: format!("retention-audit {}", env!("CARGO_PKG_VERSION")), ..Answers::default() };
    let w = context.window;
    let dated = !context.dataset.is_empty() || context.as_of_named;
    let said = |day| dated.then(|| time::day_name(day));
    answers.scope = ScopeSaid { from: w.from.map(time::day_name), to: said(w.to), as_of: said(w.as_of), zone: context.zone().to_owned() };
    for question in QUESTIONS {
        (question.run)(context, &mut answers);
    }
    answers
}

#[cfg(test)]
pub(crate) mod testkit;
#[cfg(test)]
mod tests;
