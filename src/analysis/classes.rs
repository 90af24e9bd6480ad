//! Work, private or undecided: the rules, in the order in which they are asked, and the list of conversations whose class a person may
//! correct without opening them. Counterparts are never named here, and a reason typed by a person is not repeated: it may name one.
//!
//! 1. A person has decided.
//! 2. It is marked private.
//! 3. A client takes part.
//! 4. Two employees take part.
//! 5. A service takes part, on a channel of the firm: a robot on a private phone says nothing of work.
//! 6. Its text is about work; less of it is enough where somebody who takes part is probably on a list: two signs that do not hang together.
//! 7. With both lists at hand, one employee and people on no list on a channel that is not the firm's: private, also where one of them is
//!    probably on a list and nobody has decided it.
//! 8. Undecided.

use std::collections::BTreeMap;

use super::conversations::Class;
use super::{Context, Needs, Question};
use crate::model::Dataset;
use crate::model::answer::{Answers, ConversationSaid};
use crate::model::batch::NONE;
use crate::model::decision::{self, ClassDecision};
use crate::model::matter::{Matter, WorkRules};
use crate::model::message::ConversationKind;
use crate::text;

/// Which conversations are not known to be work.
pub const QUESTION: Question =
    Question { id: "conversations", title: "Which conversations are private?", needs: Needs { dates: true, lists: true, policy: true }, run };

/// Most conversations listed beside those a person has decided on; the basis counts them all.
const LISTED: usize = 1000;
/// Fewest messages about work that make a chat work; a thread of mails is short and may be one by its first.
const FEWEST: u32 = 3;

/// Where a conversation is marked as private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// By a subject or label of one of its records.
    Record,
    /// By its title.
    Title,
    /// By the folder one of its records lies in.
    Folder,
}

/// What the sample of a conversation is about, in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spoken {
    /// Looked at.
    pub looked: u32,
    /// With business words.
    pub business: u32,
    /// Others that name a document.
    pub documents: u32,
    /// Others that mention a domain of the firm or of a client.
    pub domains: u32,
}

impl Spoken {
    /// Messages about work.
    #[must_use]
    pub fn about(&self) -> u32 {
        self.business.saturating_add(self.documents).saturating_add(self.domains).min(self.looked)
    }

    /// Takes more in.
    pub fn add(&mut self, more: &Self) {
        self.looked = self.looked.saturating_add(more.looked);
        self.business = self.business.saturating_add(more.business);
        self.documents = self.documents.saturating_add(more.documents);
        self.domains = self.domains.saturating_add(more.domains);
    }

    /// Enough where something else speaks for work too.
    fn some(&self, rules: &WorkRules) -> bool {
        rules.text && self.about() >= 1 && f64::from(self.about()) >= rules.threshold * f64::from(self.looked)
    }

    fn work(&self, rules: &WorkRules, thread: bool) -> bool {
        if thread {
            return self.some(rules);
        }
        // A domain of the firm or of a client says more than a word.
        let domains = self.domains >= FEWEST && f64::from(self.domains) >= rules.threshold * f64::from(self.looked);
        rules.text && self.about() >= FEWEST && (domains || at_least(self.about(), self.looked) >= rules.threshold)
    }
}

/// The share that `hits` of `all` show for certain: the lower end of Wilson's interval, one-sided, 95 %. A few bills in a short chat
/// make no chat about work: opening a private one is worse than asking.
fn at_least(hits: u32, all: u32) -> f64 {
    const Z: f64 = 1.645;
    let n = f64::from(all.max(1));
    let (p, z2) = (f64::from(hits) / n, Z * Z);
    ((p + z2 / (2.0 * n) - Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt()) / (1.0 + z2 / n)).max(0.0)
}

/// Why a conversation has its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// A person has decided: number of the decision.
    Decided(usize),
    /// It is marked.
    Marked(Mark),
    /// A client takes part.
    Client,
    /// A service takes part.
    Service,
    /// At least two employees take part.
    Employees,
    /// Its text is about work.
    Text(Spoken),
    /// Somebody who takes part is probably on a list, and its text is about work.
    Likely(Spoken),
    /// Somebody who takes part is probably on a list.
    Waits(Spoken),
    /// One employee and people on no list, on a channel that is not the firm's.
    Outside(Spoken),
    /// Nothing shows it.
    #[default]
    Nothing,
}

/// What is known of a conversation when its class is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// The decision that holds.
    pub decision: Option<usize>,
    /// Its mark.
    pub mark: Option<Mark>,
    /// A client takes part.
    pub client: bool,
    /// A service takes part.
    pub service: bool,
    /// Employees and colleagues who take part.
    pub employees: usize,
    /// The channel, or the account, is the firm's.
    pub firm_channel: bool,
    /// What is said in it.
    pub spoken: Spoken,
    /// It is a thread of mails.
    pub thread: bool,
    /// Somebody who takes part is probably on a list, and nobody has decided it.
    pub waits: bool,
}

/// Rules, decisions and what they look up.
pub struct Rules<'a> {
    rules: &'a WorkRules,
    classes: &'a [ClassDecision],
    /// Both lists are at hand.
    lists: bool,
    decided: BTreeMap<(&'a str, &'a str), usize>,
    /// Hashes of the domains of the firm and its clients, sorted.
    domains: Vec<u32>,
    /// Per part: it lies in a folder marked as private.
    folders: Vec<bool>,
}

impl<'a> Rules<'a> {
    /// For a dataset.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &'a Matter) -> Self {
        let clients = matter.clients.iter().flatten().flat_map(|c| &c.domains);
        let mut domains: Vec<u32> =
            matter.own_domains.iter().chain(clients).map(|d| d.trim().trim_start_matches('@')).filter(|d| d.contains('.')).map(text::domain_hash).collect();
        domains.sort_unstable();
        let of_source: Vec<bool> = dataset.sources.iter().map(|s| marked_folder(&s.path)).collect();
        let folders = dataset.parts.iter().map(|p| of_source.get(p.source as usize).copied().unwrap_or(false) || marked_folder(&p.entry)).collect();
        Self {
            rules: &matter.work,
            classes: &matter.classes,
            lists: matter.people.is_some() && matter.clients.is_some(),
            // The last decision about a conversation holds.
            decided: matter.classes.iter().enumerate().map(|(ix, d)| ((d.channel.as_str(), d.conversation.as_str()), ix)).collect(),
            domains,
            folders,
        }
    }

    /// Whether a part lies in a folder marked as private.
    #[must_use]
    pub fn private_part(&self, part: u32) -> bool {
        part != NONE && self.folders.get(part as usize).copied().unwrap_or(false)
    }

    /// The decision that holds for a conversation.
    #[must_use]
    pub fn decision(&self, channel: &str, key: &str) -> Option<usize> {
        if self.decided.is_empty() {
            return None;
        }
        // By its key or by what stands for it in files.
        let by_mark = self.decided.get(&(channel, decision::mark(channel, key).as_str())).copied();
        self.decided.get(&(channel, key)).copied().max(by_mark)
    }

    /// What the sample of a conversation is about.
    #[must_use]
    pub fn spoken(&self, dataset: &Dataset, conversation: u32) -> Spoken {
        let mut spoken = Spoken::default();
        for t in dataset.topics_of(conversation) {
            spoken.looked = spoken.looked.saturating_add(t.looked);
            spoken.business = spoken.business.saturating_add(t.business);
            spoken.documents = spoken.documents.saturating_add(t.documents);
        }
        for m in dataset.mentions_of(conversation).iter().filter(|m| self.domains.binary_search(&m.domain).is_ok()) {
            spoken.domains = spoken.domains.saturating_add(m.count);
        }
        spoken
    }

    /// The class, and why.
    #[must_use]
    pub fn class(&self, known: &Known) -> (Class, Why) {
        if let Some((ix, decision)) = known.decision.and_then(|ix| Some((ix, self.classes.get(ix)?))) {
            return (if decision.work { Class::Work } else { Class::Private }, Why::Decided(ix));
        }
        if let Some(mark) = known.mark {
            return (Class::Private, Why::Marked(mark));
        }
        let rules = self.rules;
        if rules.client && known.client {
            (Class::Work, Why::Client)
        } else if rules.employees && known.employees >= 2 {
            (Class::Work, Why::Employees)
        } else if rules.service && known.service && known.firm_channel {
            (Class::Work, Why::Service)
        } else if known.spoken.work(rules, known.thread) {
            (Class::Work, Why::Text(known.spoken))
        } else if known.waits && known.spoken.some(rules) {
            (Class::Work, Why::Likely(known.spoken))
        } else if self.lists && !known.firm_channel && !known.client && known.employees < 2 {
            // Private until a person says who it is: a friend may be called like somebody on a list.
            (Class::Private, if known.waits { Why::Waits(known.spoken) } else { Why::Outside(known.spoken) })
        } else {
            (Class::Undecided, Why::Nothing)
        }
    }
}

/// Words by which people mark what is private, lower case.
const PRIVATE: &[&str] = &[
    "private",
    "personal",
    "privat",
    "privé",
    "privée",
    "prive",
    "perso",
    "persönlich",
    "privado",
    "privada",
    "privato",
    "privata",
    "personale",
    "prywatne",
    "persoonlijk",
    "personlig",
    "личное",
    "личный",
    "私人",
    "个人",
    "個人",
    "私用",
    "プライベート",
    "개인",
    "خاص",
    "شخصي",
];
/// Words that mark only in brackets or before a colon: alone they are the name of a department.
const PRIVATE_MARKED: &[&str] = &["personnel", "confidentiel et personnel", "personal"];

/// Longest of these words in bytes, with room for capitals and marks.
const LONGEST: usize = 48;

fn is_word(word: &str, list: &[&str]) -> bool {
    if word.is_empty() || word.len() > LONGEST || word.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let word = text::folded(word);
    list.contains(&word.as_str())
}

/// Whether a title marks a conversation as private: the word alone, in brackets, or set off by a sign. `Private equity desk` is no mark.
#[must_use]
pub fn marked_title(title: &str) -> bool {
    let title = title.trim();
    let set_off = |word: &str| is_word(word, PRIVATE) || is_word(word, PRIVATE_MARKED);
    let bracketed = [('[', ']'), ('(', ')'), ('【', '】'), ('（', '）')].iter().any(|(open, close)| {
        let inner = |t: &str| t.split_once(*open).and_then(|(_, rest)| rest.split_once(*close)).is_some_and(|(word, _)| set_off(word));
        inner(title)
    });
    let signs: &[char] = &[':', '：', '|', '–', '—'];
    let before = title.split_once(signs).is_some_and(|(word, _)| set_off(word)) || title.split_once(" - ").is_some_and(|(word, _)| set_off(word));
    let after = title.rsplit_once(" - ").or_else(|| title.rsplit_once(signs)).is_some_and(|(_, word)| set_off(word));
    is_word(title, PRIVATE) || bracketed || before || after
}

/// Whether one of the folders of a path, or the file itself without its ending, is marked as private.
fn marked_folder(path: &str) -> bool {
    path.split(['/', '\\', '!']).any(|name| {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        is_word(name, PRIVATE) || is_word(stem, PRIVATE)
    })
}

/// The mark of a conversation: of its records, its title (a room is named for many), or its folders.
#[must_use]
pub fn mark(record: bool, folder: bool, title: &str, kind: ConversationKind) -> Option<Mark> {
    let title = kind != ConversationKind::Room && marked_title(title);
    match (record, title, folder) {
        (true, ..) => Some(Mark::Record),
        (_, true, _) => Some(Mark::Title),
        (_, _, true) => Some(Mark::Folder),
        _ => None,
    }
}

/// Why, in a sentence.
#[must_use]
pub fn sentence(why: Why, matter: &Matter) -> String {
    let counted = |s: Spoken| format!("{} of {} messages looked at are about work", s.about(), s.looked);
    match why {
        Why::Decided(ix) => match matter.classes.get(ix).map(|d| d.by.trim()).filter(|by| !by.is_empty()) {
            Some(by) => format!("Decided by {by}"),
            None => "Decided by a person".to_owned(),
        },
        Why::Marked(Mark::Record) => "A subject or label marks it as private".to_owned(),
        Why::Marked(Mark::Title) => "Its title marks it as private".to_owned(),
        Why::Marked(Mark::Folder) => "It lies in a folder marked as private".to_owned(),
        Why::Client => "A client takes part".to_owned(),
        Why::Service => "A service takes part on a channel of the firm".to_owned(),
        Why::Employees => "At least two employees take part".to_owned(),
        Why::Text(s) => {
            let parts = [(s.business, "business words"), (s.documents, "names of documents"), (s.domains, "domains of the firm or a client")];
            let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{what} in {n}")).collect();
            format!("{}: {}", counted(s), parts.join(", "))
        }
        Why::Likely(s) => format!("Somebody who takes part is probably on a list, and {}", counted(s)),
        Why::Waits(s) => {
            let who = "One employee and somebody who is probably on a list, on a channel that is not the firm's: private until it is decided who it is";
            if s.looked == 0 { who.to_owned() } else { format!("{who}; {}", counted(s)) }
        }
        Why::Outside(s) if s.looked == 0 => "One employee with people on no list, on a channel that is not the firm's".to_owned(),
        Why::Outside(s) => format!("One employee with people on no list, on a channel that is not the firm's; {}", counted(s)),
        Why::Nothing => "Nothing shows whether it is work or private".to_owned(),
    }
}

fn run(context: &Context, answers: &mut Answers) {
    let mut listed: Vec<(bool, u64, u32, ConversationSaid)> = Vec::new();
    for (ix, talk) in (0u32..).zip(&context.talks.of) {
        let decided = matches!(talk.why, Why::Decided(_));
        if (talk.class == Class::Work && !decided) || !context.asks(talk.channel) {
            continue;
        }
        let Some(conversation) = context.dataset.conversations.get(ix as usize) else { continue };
        let rows = context.dataset.rows_of(ix);
        let messages = rows.filter(|r| context.is_message(*r) && context.days.get(*r).is_some_and(|d| context.window.has(*d))).count() as u64;
        let employees = talk.employees.iter().filter_map(|e| context.parties.custodians.get(*e as usize)).map(|c| c.name.clone()).collect();
        let said = ConversationSaid {
            id: format!("c{ix}"),
            channel: conversation.channel.clone(),
            kind: conversation.kind.word().to_owned(),
            employees,
            class: talk.class.word().to_owned(),
            why: sentence(talk.why, context.matter),
            decided,
            messages: (talk.class != Class::Private).then_some(messages),
        };
        listed.push((decided, messages, ix, said));
    }
    // What was decided stays; of the rest those with most messages.
    listed.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    let decided = listed.iter().filter(|l| l.0).count();
    listed.truncate(decided + LISTED);
    listed.sort_by(|a, b| a.3.channel.cmp(&b.3.channel).then(a.2.cmp(&b.2)));
    answers.conversations = listed.into_iter().map(|(.., said)| said).collect();
}

#[cfg(test)]
mod tests;
