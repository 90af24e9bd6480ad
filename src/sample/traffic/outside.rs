//! Conversations with people on no list: friends and family, brokers and agents who write about work, chats marked as private, and some
//! on company phones of which nobody can say. And what should not be written there: cards, account numbers, passwords.

use super::sessions::Writer;
use super::{Channel, Party, Shape, Talk};
use crate::sample::random::Random;
use crate::sample::texts::{Kind, Language};

/// What a conversation with somebody outside is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Private by what is said.
    Friend,
    /// Private, although bills, orders and contracts come up: works at home, a flat.
    Errands,
    /// Work by what is said.
    Agent,
    /// Marked as private, whatever is said.
    Marked,
    /// Private, on a company phone: neither parties nor words tell.
    Unclear,
}

/// Somebody on no list.
#[derive(Debug, Clone, Copy)]
pub struct Outsider {
    /// Name, as the phone shows it; a number on company phones.
    pub name: &'static str,
    /// What the conversation is.
    pub standing: Standing,
    /// Its language.
    pub language: Language,
}

const fn one(name: &'static str, standing: Standing, language: Language) -> Outsider {
    Outsider { name, standing, language }
}

/// Everyone on no list. The first eight are the friends of the phones that were handed in; the third looks like an employee.
pub const OUTSIDE: [Outsider; 36] = [
    one("Mum", Standing::Friend, Language::English),
    one("Jo (climbing)", Standing::Friend, Language::English),
    one("Daniel Rao", Standing::Friend, Language::English),
    one("Uncle Sami", Standing::Friend, Language::English),
    one("阿姨", Standing::Friend, Language::English),
    one("Neighbour Pat", Standing::Friend, Language::English),
    one("Coach Bea", Standing::Friend, Language::English),
    one("Sis", Standing::Friend, Language::English),
    one("Tante Ruth", Standing::Friend, Language::German),
    one("Abuela Carmen", Standing::Friend, Language::Spanish),
    one("小妹", Standing::Friend, Language::Chinese),
    one("خالتي نورة", Standing::Friend, Language::Arabic),
    one("Cousine Chloé", Standing::Friend, Language::French),
    one("Babysitter Kim", Standing::Friend, Language::English),
    one("Dave Plumber", Standing::Errands, Language::English),
    one("Landlady Mrs Oyelaran", Standing::Errands, Language::English),
    one("Onkel Bernd", Standing::Errands, Language::German),
    one("Prima Inés", Standing::Errands, Language::Spanish),
    one("Kerem Surveyor", Standing::Agent, Language::English),
    one("Whitcombe Tallymen", Standing::Agent, Language::English),
    one("Durban Tally Clerk", Standing::Agent, Language::English),
    one("Hafenagentur Voss", Standing::Agent, Language::German),
    one("Kontor Ahlers", Standing::Agent, Language::German),
    one("Transportes Ibarra", Standing::Agent, Language::Spanish),
    one("Agencia Pereda", Standing::Agent, Language::Spanish),
    one("货代小林", Standing::Agent, Language::Chinese),
    one("报关行陈姐", Standing::Agent, Language::Chinese),
    one("أبو فهد المخلص", Standing::Agent, Language::Arabic),
    one("Transitaire Lebrun", Standing::Agent, Language::French),
    one("Familie Okafor (privat)", Standing::Marked, Language::German),
    one("私人：老同学", Standing::Marked, Language::Chinese),
    one("[Personal] Side shop", Standing::Marked, Language::English),
    one("Privé – école des petits", Standing::Marked, Language::French),
    one("+44 7700 900951", Standing::Unclear, Language::English),
    one("+44 7700 900952", Standing::Unclear, Language::German),
    one("+44 7700 900953", Standing::Unclear, Language::Spanish),
];

/// The friend who is called like an employee. Nothing is added to that phone, nor written into that conversation: there only the name
/// is tried.
const NAMESAKE: Party = Party::Friend(2);

/// The first friends, drawn with the traffic of the phones that were handed in.
pub const DRAWN: usize = 8;

/// Sessions of a conversation, fewest and most.
const SESSIONS: (i64, i64) = (14, 40);

impl Writer<'_> {
    /// Draws the conversations, after everything else and with randomness of their own: what else is written stays as it is.
    pub(super) fn outside(&mut self, mut random: Random) {
        std::mem::swap(&mut self.random, &mut random);
        let phones = |channel: Channel, own: &Self| {
            let named = |s: &usize| own.out.talks.iter().any(|t| t.members == [Party::Staff(*s), NAMESAKE]);
            let mut staff: Vec<usize> = own.out.talks.iter().filter(|t| t.channel == channel).filter_map(|t| own.desk_phone(t)).collect();
            staff.retain(|s| !named(s));
            staff.sort_unstable();
            staff.dedup();
            staff
        };
        let (messenger, company) = (phones(Channel::WhatsApp, self), phones(Channel::Sms, self));
        for (n, outsider) in OUTSIDE.iter().enumerate().skip(DRAWN) {
            let (channel, staff) = match outsider.standing {
                Standing::Unclear => (Channel::Sms, &company),
                _ => (Channel::WhatsApp, &messenger),
            };
            if let Some(staff) = staff.get(self.random.below(staff.len())).copied() {
                self.outside_talk(channel, staff, n, outsider);
            }
        }
        std::mem::swap(&mut self.random, &mut random);
    }

    /// The employee a conversation with a client belongs to, where nothing else is planted with that employee.
    fn desk_phone(&self, talk: &Talk) -> Option<usize> {
        let staff = talk.members.iter().find_map(|p| if let Party::Staff(s) = p { Some(*s) } else { None })?;
        let employee = self.people.staff.get(staff)?;
        (talk.company.is_some() && talk.shape == Shape::Direct && employee.role.is_none() && employee.last_day.is_none()).then_some(staff)
    }

    fn outside_talk(&mut self, channel: Channel, staff: usize, n: usize, outsider: &Outsider) {
        let (me, other) = (Party::Staff(staff), Party::Friend(n));
        let talk =
            self.add_talk(Talk { channel, shape: Shape::Direct, name: String::new(), members: vec![me, other], language: outsider.language, company: None });
        let work = outsider.standing == Standing::Agent || outsider.name.ends_with("Side shop");
        for _ in 0..self.random.between(SESSIONS.0, SESSIONS.1) {
            let day = self.any_day();
            if work && !self.at_work(staff, day) {
                continue;
            }
            let at = if work { self.start_of_session(staff, day) } else { self.evening(staff, day) };
            let length = 1 + self.random.poisson(2.5);
            let kind = match outsider.standing {
                _ if work => Kind::Agent,
                Standing::Errands if self.random.chance(0.45) => Kind::Errand,
                _ => Kind::Private,
            };
            self.chat(talk, (other, me), at, kind, length);
        }
    }

    /// Puts sensitive data, and what looks like it, in the place of ordinary messages: with clients and agents on personal accounts, where
    /// it is told, and with friends and by mail, where it is not.
    pub(super) fn secrets(&mut self, mut random: Random) {
        for note in &mut self.out.notes {
            let Some(talk) = self.out.talks.get(note.talk as usize) else { continue };
            // Chats repeat some texts with another seed: those would hold two.
            if note.seed.is_multiple_of(19) || talk.members.contains(&NAMESAKE) || !matches!(note.kind, Kind::Work | Kind::Agent | Kind::Private) {
                continue;
            }
            let share = if talk.channel.personal() { 0.012 } else { 0.002 };
            if random.chance(share) {
                note.kind = if random.chance(0.5) { Kind::Secret } else { Kind::Decoy };
            }
        }
    }
}
