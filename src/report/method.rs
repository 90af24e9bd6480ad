//! How things are counted, in words: the text of the Method view and of the last page of the report. Add a term here when an
//! answer shows a figure that is not explained yet.

use crate::model::answer::Identity;
use crate::model::decision::{IdentityDecision, Verdict};

/// One explained term.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// The word as it stands on the screen.
    pub word: &'static str,
    /// What it means.
    pub means: &'static str,
}

/// A group of terms under one heading.
#[derive(Debug, Clone, Copy)]
pub struct Chapter {
    /// Id for links.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Terms.
    pub terms: &'static [Term],
}

const fn term(word: &'static str, means: &'static str) -> Term {
    Term { word, means }
}

/// The chapters in reading order.
pub static CHAPTERS: &[Chapter] = &[
    Chapter {
        id: "words",
        title: "Words",
        terms: &[
            term("Custodian", "A person of the firm whose messages must be kept."),
            term("Channel", "The means of conversation: e-mail, WhatsApp, Telegram, WeChat, Slack, Teams, text message and so on."),
            term("Source", "One export file or one member of an archive, with its digest, format and time zone."),
            term(
                "Turn",
                "One or more messages by one sender in one conversation within 5 minutes; one e-mail is one turn. Turns are counted so that chat does not drown e-mail.",
            ),
            term("Client turn", "A turn in a conversation in which someone from the client list takes part."),
            term("Leaver", "A custodian with a last day on the people list."),
            term("Silence", "Days that a source holds and on which nothing was written. Silence is not a gap."),
            term("Business day", "A weekday that the calendar of the matter does not list as a holiday. Periods are counted in business days."),
            term(
                "Reference day",
                "The day on which the questions are asked: the latest time in the sources unless another day is given, never the day of reading.",
            ),
        ],
    },
    Chapter {
        id: "gaps",
        title: "Gaps and how certain they are",
        terms: &[
            term(
                "A Missing",
                "The data itself names something that no source holds: a reply to an absent message, a hole in a numbered series, a declared count that is not reached, or a second copy that has it. Proved.",
            ),
            term(
                "B Unexplained silence",
                "No record for longer than this conversation ever pauses, while the same person was active on another channel. Statistical: by default one run in 10 000 would do so by chance. Leave, closures and moves to another channel are checked first.",
            ),
            term(
                "C Not covered",
                "The source cannot hold the period: the first record comes later than the policy requires, a timer deletes messages, or a channel in use was never supplied.",
            ),
            term(
                "Two copies",
                "Where two people, or two devices, hold the same conversation, texts that stand once in each fix the difference of their clocks; what only one copy holds, inside the time both cover, is missing from the other, message by message. How whole each copy is stands beside it with a 95 % interval (Wilson), the number of messages there were in all by Chapman's estimate. Two sides that delete together leave no trace in either.",
            ),
            term(
                "Holes in numbers",
                "A run of absent numbers in a series without other holes is missing. Single numbers absent here and there, as often in every month, are the usual trace of deletions: one gap without days. A month with far more of them than the others is a gap of its own.",
            ),
            term(
                "Expected counts",
                "A list of counts kept by somebody else (a provider, a phone bill, a server) is held against everything found of the person on the channel that day. What a neighbouring day has too much of is taken first, so that another midnight accuses nobody.",
            ),
            term(
                "Common cliff",
                "At least four conversations of one source, two in five or more, that begin within two days of the same day, 1, 7, 30, 90, 180 or 365 days before the export, without the notice of a beginning: a setting that deletes, or a plan that hides, what is older.",
            ),
            term(
                "One-sided",
                "A chat in which one side is absent for far longer than ever before, while both write before and after it, or hardly stands in it at all; a channel of which a person's sources hold one direction only. A doubt: people also simply do not answer.",
            ),
            term(
                "Level drop",
                "From one week to the next a stream goes on at half its level or less, and stays there. Levels drift from week to week, so the step must stand out among all ups and downs of the same stream; every counterpart must be thinned alike, and the person's other channels must not have fallen with it, nor have risen by what is missing. Most falls are not told: in trials one in five of those by 70 %, fewer of smaller ones. A doubt: no record names what is missing.",
            ),
            term(
                "One counterpart",
                "Nothing of one counterpart on a channel for up to 65 business days, while the counterpart is seen elsewhere, the person wrote, and the other counterparts of the channel went on; both wrote before and after. The pauses of all counterparts of the person on the channel say what is usual. A relation may also rest by itself: a doubt.",
            ),
            term(
                "Never supplied",
                "People list, channel register and sources against each other: an account the register names, an address on a captured channel, a channel seen in the copies of others, and no source that holds it.",
            ),
            term(
                "Referred to elsewhere",
                "Work messages that say that something was written on another channel (as I wrote on WhatsApp, see my text). Three of them on two days, and no record of the person on that channel: it was never supplied. What is referred to may have been private. A name alone, a policy, a signature, an invitation to write there and what a mail quotes count for nothing. Which messages these are is kept, their words are not.",
            ),
            term(
                "Explained",
                "A reviewer may explain days of a custodian on a channel, with a note. A gap counts as explained when every business day of it lies inside; where only some do, it stays open and says how many. It is no longer counted as open, and its days stay gap days: an explanation is not a record. Leave and closures become days of the calendar and the tests run again; where messages are proved to be missing they explain nothing.",
            ),
            term(
                "U Cannot be tested",
                "Too little traffic to tell silence from loss. The number of days of silence that would be needed is stated. It is counted neither as covered nor as a gap.",
            ),
            term(
                "Estimated messages",
                "What the usual rate of this conversation gives for the missing days, with a low and a high value. An estimate, not a count.",
            ),
            term(
                "Severity",
                "Required or not, times certainty, times the logarithm of estimated messages, times two when a client takes part, less for what lies further back. Tables follow this order.",
            ),
            term(
                "Tolerance",
                "The first record may come some business days after the required date (10 unless the policy says otherwise) before the difference counts.",
            ),
        ],
    },
    Chapter {
        id: "coverage",
        title: "Coverage",
        terms: &[
            term("Required day", "A business day between the date from which the policy asks for records and the last day of work or the reference day."),
            term(
                "Covered day",
                "A required day that lies inside what a source demonstrably holds, outside all gaps. Days without a message inside that range are covered.",
            ),
            term(
                "Rule",
                "A retention rule: a preset, or one of this matter. Several hold at once and each is checked by itself; the one that reaches back furthest sets the required date.",
            ),
            term(
                "Clock",
                "What starts a period. From the record: that many months before the reference day. From the end of a year: records of the whole year. From an event of which no list tells the day, such as the last use: counted from the record, the least that must be there, and said.",
            ),
            term(
                "Readily accessible",
                "The last months of a period, where a rule names them. More than 20 required business days missing or not covered there raise the severity.",
            ),
            term(
                "Legal hold",
                "What must not be deleted: people, channels and days. Records reach back to the first day of the hold, and nothing on hold is called kept too long.",
            ),
            term(
                "Kept too long",
                "Messages older than the maximum of a rule, not on hold and required by no other rule. A matter of privacy. Private conversations are not looked at.",
            ),
            term("Unknown day", "A required day about which no source says anything for certain, or which cannot be tested."),
            term(
                "Covered, per cent",
                "Covered days of required days. Unknown days count as not covered and are shown apart. 100 is written only when every day is covered.",
            ),
        ],
    },
    Chapter {
        id: "leavers",
        title: "Clients held by leavers",
        terms: &[
            term(
                "Share held",
                "The leaver's part of all the firm's turns with this client; a turn counts half after 90 days, counted back from notice or the last day.",
            ),
            term("Held alone", "Nobody else of the firm has 5 per cent of the turns or more and a two-way exchange within 90 days."),
            term("Effective contacts", "One divided by the sum of squared shares: 1 means that one person is the firm for this client."),
            term(
                "Main channel",
                "The channel with most turns. It is a personal account when neither the register nor the capture list names it as the firm's.",
            ),
            term(
                "Held-relationship score",
                "0 to 100: share held, times how much of it is outside the archive, times volume against the firm's other relationships, halved every 60 days without exchange.",
            ),
            term("Open question", "The client wrote last and nobody has answered."),
            term("Unanswered after the last day", "The client wrote to a leaver after the last day and no one of the firm answered within 2 business days."),
        ],
    },
    Chapter {
        id: "reading",
        title: "How files are read",
        terms: &[
            term("Where", "Files are read in this browser, or by the command line on this machine. Nothing is sent anywhere; there is no server part."),
            term(
                "Ledger",
                "Every record of a source ends as message, event, duplicate or skipped with a reason. The sum is checked after every import; a remainder other than 0 would be a fault of this program and would be shown.",
            ),
            term("Overlap", "The same message in two exports is counted once. Both places stay known, so that one copy can prove a hole in the other."),
            term(
                "Time",
                "Times with a zone are converted; times without one are read in the zone that the source states or, failing that, the zone of the matter, and marked as assumed. Day and month order is decided once per file from the file itself, or asked.",
            ),
            term(
                "Text",
                "Message text is looked at once while a file is read and then dropped. It is read again from the file, by position, when someone opens it and states a reason.",
            ),
            term(
                "People",
                "Handles become one person by the lists, by addresses, numbers and ids, by statements in the files, or by a decision. A display name counts only where it is all that a channel gives, is the complete name of exactly one person of both lists and nothing speaks against it; this is marked as assumed. The reason is shown beside each handle.",
            ),
            term(
                "Proposed join",
                "A name, address or number that is like one on the lists: initials, short forms, another order, a company beside the name, one letter wrong, a missing country code. It bears a score from 0 to 1 and its reasons, joins nothing, and waits for a decision. None is made where two people fit about equally well.",
            ),
        ],
    },
    Chapter {
        id: "private",
        title: "Work, private, and what may be seen",
        terms: &[
            term(
                "Work",
                "A person has said so; or a client takes part, or two employees, or a service on a channel of the firm; or what is written is about work. Each rule can be switched off under Policy.",
            ),
            term(
                "About work",
                "Business words, names of documents, and mail domains of the firm and its clients, counted in a sample of each conversation while the file is read; no text is kept. A chat counts as work only where the share is certain (lower end of Wilson's interval, 95 %), from the share set under Policy on.",
            ),
            term(
                "Private",
                "Marked as private, or one employee with people on no list on a channel that is not the firm's. Private conversations are counted; nobody in them is named, nothing of them is opened, and no other figure rests on them. Everything else that is not work is undecided.",
            ),
            term(
                "Sensitive data",
                "Card numbers (Luhn), IBAN (mod 97), national and health numbers with their check digits, passwords and keys: messages of work conversations are counted by kind on channels that are not approved. The value itself is never stored.",
            ),
            term(
                "Smallest group",
                "Turns by department, region or grade are shown for groups of at least so many employees who wrote such turns at any time (5 unless Policy says otherwise). Smaller groups stand together as Other, and a larger one joins them where the rest would give them away. The groups do not change with dates and channels, and a matter shows one division.",
            ),
            term(
                "Flow and content",
                "In flow mode no text is shown. In content mode the text of a few records of one work conversation is read again from the file after a typed reason; who, why, when and how many messages stand in the reveal log, which is part of the report.",
            ),
        ],
    },
    Chapter {
        id: "limits",
        title: "Limits",
        terms: &[
            term("What cannot be seen", "A message that no source holds, names or counts leaves no trace. No gap found is not proof that nothing is missing."),
            term("Absence", "No record found means that these sources do not hold it. It does not say who removed it, or that anyone did."),
            term("Statistics", "A silence test can be wrong in both directions. It is a question to the custodian, not a finding about conduct."),
            term("Law", "The policy presets quote rules and the day they were last checked. They do not replace advice."),
        ],
    },
];

/// What was decided about handles, in the order in which it was decided: channel, handle, decision, reason, by whom and when.
#[must_use]
pub fn decisions(identity: &Identity) -> Vec<[String; 5]> {
    let said = |d: &IdentityDecision| {
        let by = [d.by.as_str(), d.at.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
        [d.channel.clone(), d.handle.clone(), verdict(d), d.reason.clone(), by]
    };
    identity.decisions.iter().map(said).collect()
}

/// A decision in words: `is 1042`, `is a machine or service`.
#[must_use]
pub fn verdict(d: &IdentityDecision) -> String {
    let whom = d.whom.split_once(':').map_or(d.whom.as_str(), |(_, whom)| whom);
    match d.verdict {
        Verdict::Same => format!("is {whom}"),
        Verdict::Different => format!("is not {whom}"),
        Verdict::Service => "is a machine or service".to_owned(),
        Verdict::Other => "is known and on no list".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_explained_twice() {
        let mut words: Vec<&str> = CHAPTERS.iter().flat_map(|chapter| chapter.terms.iter().map(|term| term.word)).collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }

    #[test]
    fn decisions_are_told_with_their_reasons() {
        let decision = |verdict, whom: &str| IdentityDecision {
            channel: "whatsapp".into(),
            handle: "J. Smith".into(),
            verdict,
            whom: whom.into(),
            reason: "asked him".into(),
            by: "CO".into(),
            at: String::new(),
        };
        let identity = Identity { decisions: vec![decision(Verdict::Different, "person:MQ0007"), decision(Verdict::Service, "")], ..Identity::default() };
        let said = decisions(&identity);
        assert_eq!(said[0], ["whatsapp", "J. Smith", "is not MQ0007", "asked him", "CO"]);
        assert_eq!(said[1][2], "is a machine or service");
    }
}
