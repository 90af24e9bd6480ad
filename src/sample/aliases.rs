//! Names under which people appear where no list has the handle, and strangers who look like somebody. Each alias is a way in which people are
//! really saved and shown; it is planted only where it can mean one person, as people choose the names in their address books. Strangers bear
//! the same family name, the same initials or the whole name, and another address, account or number.

use std::collections::BTreeSet;

use super::people::People;
use super::random::Random;
use super::traffic::outside::{DRAWN, OUTSIDE};
use super::traffic::{Channel, Party};

/// A handle that no list has, of somebody who is on one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Whose.
    pub party: Party,
    /// Where.
    pub channel: Channel,
    /// Native key, as an export has it.
    pub handle: String,
    /// Kind of alias.
    pub form: &'static str,
}

/// Somebody who is on no list and looks like one who is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// Name shown.
    pub name: String,
    /// Address; empty for one who writes on Telegram.
    pub email: String,
    /// Telegram user number.
    pub telegram: u64,
    /// The employee written to.
    pub to: usize,
}

/// Short forms of names that occur in the firm.
const SHORT: [(&str, &str); 22] = [
    ("Oliver", "Ollie"),
    ("Amelia", "Amy"),
    ("George", "Georgie"),
    ("Callum", "Cal"),
    ("Tobias", "Toby"),
    ("Daniel", "Dan"),
    ("Sanjay", "Sanj"),
    ("Rajesh", "Raj"),
    ("Kavitha", "Kavi"),
    ("Khalid", "Khaled"),
    ("Fatima", "Fatma"),
    ("Layla", "Leila"),
    ("Yousef", "Yusuf"),
    ("Hassan", "Hasan"),
    ("Mariam", "Maryam"),
    ("Tariq", "Tarek"),
    ("Carlos", "Carlitos"),
    ("Grace", "Gracie"),
    ("Marcus", "Marc"),
    ("Lucía", "Lucy"),
    ("Sofía", "Sofi"),
    ("Tyler", "Ty"),
];

/// Everyone's names, to tell what can mean one person only.
struct Names(Vec<(Party, String)>);

fn given(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

/// The family name: what follows the given names, without a middle initial.
fn family(name: &str) -> &str {
    // `Mei Ling Chen`, `Hui Min Tan`, `Boon Keng Lim`, `Li Na Goh`: two given names. Elsewhere all but the first word.
    let rest = name.split_once(' ').map_or("", |(_, r)| r);
    let rest = rest.split_once(". ").map_or(rest, |(_, r)| r);
    if ["Mei Ling", "Li Na", "Boon Keng", "Hui Min"].iter().any(|g| name.starts_with(g)) { rest.split_once(' ').map_or(rest, |(_, r)| r) } else { rest }
}

fn initial(word: &str) -> char {
    word.chars().next().unwrap_or('-')
}

/// The name without a middle initial: people leave it out.
fn bare(name: &str) -> String {
    name.split(' ').filter(|w| !w.ends_with('.')).collect::<Vec<_>>().join(" ")
}

impl Names {
    fn of(people: &People) -> Self {
        let staff = people.staff.iter().enumerate().map(|(i, e)| (Party::Staff(i), e.name.clone()));
        Self(staff.chain(people.contacts.iter().enumerate().map(|(i, c)| (Party::Contact(i), c.name.clone()))).collect())
    }

    fn alone(&self, test: impl Fn(&str) -> bool) -> bool {
        self.0.iter().filter(|(_, n)| test(n)).take(2).count() == 1
    }

    /// Whether nobody else bears the name, middle initials aside.
    fn whole(&self, name: &str) -> bool {
        let name = bare(name);
        self.alone(|n| bare(n) == name)
    }

    fn known(&self, word: &str) -> bool {
        self.0.iter().any(|(_, n)| n.split(' ').any(|w| w == word))
    }
}

/// Two letters of the family name exchanged.
fn typo(name: &str) -> Option<String> {
    let family = family(name);
    let at = family.char_indices().map(|(i, _)| i).nth(3)?;
    let (head, tail) = family.split_at_checked(at)?;
    let mut tail = tail.chars();
    let (a, b) = (tail.next()?, tail.next()?);
    (a != b && a.is_lowercase() && b.is_lowercase()).then(|| format!("{} {head}{b}{a}{}", name.strip_suffix(family).unwrap_or(name).trim_end(), tail.as_str()))
}

/// One name as people save it; `None` when this form would mean several people, or makes no sense for it.
fn form(kind: usize, name: &str, place: &str, company: &str, names: &Names, place_names: &[&str]) -> Option<(String, &'static str)> {
    let (g, f) = (given(name), family(name));
    let plain = !name.contains(". ") && !f.contains(' ');
    let same_family = |n: &str| family(n) == f;
    let lower = |t: &str| crate::sample::people::slug(t).replace(['.', '-'], "");
    match kind {
        0 if names.alone(|n| same_family(n) && initial(n) == initial(g)) => Some((format!("{}. {f}", initial(g)), "initial")),
        1 if plain && names.whole(name) && !name.contains("Mei ") => Some((format!("{f}, {}", name.strip_suffix(f)?.trim_end()), "family name first")),
        2 if names.alone(|n| given(n) == g && family(n).split(' ').any(|w| initial(w) == initial(f))) => {
            Some((format!("{g} {}.", initial(f)), "initial of the family name"))
        }
        3 => {
            let short = SHORT.iter().find(|(long, _)| *long == g)?.1;
            (names.alone(|n| same_family(n) && given(n) == g) && !names.known(short)).then(|| (format!("{short} {f}"), "short form"))
        }
        4 if !place.is_empty() && place_names.iter().filter(|n| given(n) == g).count() == 1 => Some((format!("{g} ({place})"), "given name and company")),
        5 if !place.is_empty() && place_names.iter().filter(|n| given(n) == g).count() == 1 => Some((format!("{place} – {g}"), "company and given name")),
        6 if plain && names.whole(name) => Some((lower(name), "one word")),
        7 if plain && names.alone(|n| same_family(n) && initial(n) == initial(g)) => Some((lower(&format!("{} {f}", initial(g))), "user name")),
        8 if plain && f.len() >= 6 && names.alone(|n| same_family(n) && given(n) == g) => {
            let wrong = typo(name)?;
            (!names.known(family(&wrong))).then_some((wrong, "one letter wrong"))
        }
        9 if names.whole(name) => Some((format!("{name} work"), "with an addition")),
        10 if !company.is_empty() => Some((format!("{name} | {company} Ltd"), "with the company")),
        11 if names.whole(name) && name.is_ascii() && plain => Some((name.replacen('a', "á", 1), "accent")).filter(|(n, _)| n != name),
        12 if names.whole(name) && !OUTSIDE.iter().take(DRAWN).any(|o| o.name == name) => Some((name.to_owned(), "whole name")),
        _ => None,
    }
}

/// Kinds of forms.
const FORMS: usize = 13;

/// The first form that fits, from a random one on.
fn some_form(random: &mut Random, name: &str, place: &str, company: &str, names: &Names, place_names: &[&str]) -> Option<(String, &'static str)> {
    let start = random.below(FORMS);
    (0..FORMS).find_map(|k| form((start + k) % FORMS, name, place, company, names, place_names))
}

/// A number as people of the country write it.
fn national(phone: &str) -> Option<String> {
    let rest = |code: &str| phone.strip_prefix(code).map(str::trim_start);
    // The invented numbers of Singapore begin with zeros, which without the country code would be an exit code.
    rest("+44").or_else(|| rest("+971")).map(|r| format!("0{r}")).or_else(|| {
        let (area, line) = rest("+1")?.split_once(' ')?;
        Some(format!("({area}) {}", line.replace(' ', "-")))
    })
}

/// Plants aliases and strangers. Draws from a stream of its own, so that who writes when stays the same.
pub(super) fn plant(people: &mut People, mut random: Random) {
    let names = Names::of(people);
    let mut taken: BTreeSet<String> = people.staff.iter().map(|e| e.whatsapp.clone()).chain(people.contacts.iter().map(|c| c.whatsapp.clone())).collect();
    let mut aliases = Vec::new();
    staff(people, &names, &mut random, &mut taken, &mut aliases);
    contacts(people, &names, &mut random, &mut taken, &mut aliases);
    people.aliases = aliases;
    people.friends = friends(people, &names);
    people.strangers = strangers(people, &mut random);
}

fn staff(people: &mut People, names: &Names, random: &mut Random, taken: &mut BTreeSet<String>, out: &mut Vec<Alias>) {
    for (i, e) in people.staff.iter_mut().enumerate() {
        let mut add = |channel, handle: &str, form| out.push(Alias { party: Party::Staff(i), channel, handle: handle.to_owned(), form });
        if e.role.is_none()
            && random.chance(0.12)
            && let Some((name, form)) = some_form(random, &e.name, "", "", names, &[])
            && (name == e.whatsapp || taken.insert(name.clone()))
        {
            add(Channel::WhatsApp, &name, form);
            e.whatsapp = name;
        }
        if e.role.is_none() && random.chance(0.25) && names.whole(&e.name) {
            add(Channel::Telegram, &format!("user{}", e.telegram), "whole name, account on no list");
        }
        let short = e
            .email
            .split('@')
            .nth(1)
            .map(|domain| (super::people::slug(family(&e.name)).replace('.', "-"), domain))
            .map(|(f, d)| (format!("{}.{f}@{d}", initial(&e.slug)), d.to_owned()));
        let f = family(&e.name);
        if random.chance(0.15)
            && let Some((mail, _)) = short
            && names.alone(|n| family(n) == f && initial(n) == initial(&e.name))
        {
            add(Channel::Teams, &mail, "short address");
            e.teams = mail;
        }
        if random.chance(0.1)
            && let Some(number) = national(&e.phone)
        {
            add(Channel::Sms, &number, "number without country code");
            e.sms = number;
        }
        if random.chance(0.1) && e.role.is_none() && names.whole(&e.name) {
            add(Channel::Slack, &e.slack, "whole name, account on no list");
        }
    }
}

fn contacts(people: &mut People, names: &Names, random: &mut Random, taken: &mut BTreeSet<String>, out: &mut Vec<Alias>) {
    let company: Vec<String> = people.companies.iter().map(|c| c.name.clone()).collect();
    let place_of = |c: usize| company.get(c).and_then(|n| n.split(' ').next()).unwrap_or_default().to_owned();
    let placed: Vec<(String, String)> = people.contacts.iter().map(|c| (place_of(c.company), c.name.clone())).collect();
    for (i, c) in people.contacts.iter_mut().enumerate() {
        let mut add = |channel, handle: &str, form| out.push(Alias { party: Party::Contact(i), channel, handle: handle.to_owned(), form });
        let place = place_of(c.company);
        let there: Vec<&str> = placed.iter().filter(|(p, _)| *p == place).map(|(_, n)| n.as_str()).collect();
        let firm = company.get(c.company).map_or("", String::as_str);
        // A look-alike of the list keeps the name that tells it apart.
        let alike = !names.whole(&c.name) || OUTSIDE.iter().take(DRAWN).any(|o| o.name == c.name);
        if random.chance(0.35)
            && !alike
            && let Some((name, form)) = some_form(random, &c.name, &place, firm, names, &there)
            && taken.insert(name.clone())
        {
            add(Channel::WhatsApp, &name, form);
            c.whatsapp = name;
        }
        if random.chance(0.4) && !alike {
            let shown = some_form(random, &c.name, &place, firm, names, &there).filter(|_| random.chance(0.5));
            add(Channel::Telegram, &format!("user{}", c.telegram), shown.as_ref().map_or("whole name, account on no list", |(_, form)| form));
            c.telegram_name = shown.map_or_else(|| c.name.clone(), |(name, _)| name);
        }
        if random.chance(0.15)
            && let Some(number) = national(&c.phone)
        {
            add(Channel::Sms, &number, "number without country code");
            c.sms = number;
        }
    }
}

/// Names of private life; four of them look like employees.
fn friends(people: &People, names: &Names) -> Vec<String> {
    let mut out: Vec<String> = OUTSIDE.iter().take(DRAWN).map(|o| o.name.to_owned()).collect();
    let staff = |i: usize| people.staff.get(i).map_or("", |e| e.name.as_str());
    let mut put = |ix: usize, name: String| {
        // A name that somebody bears is no stranger's.
        if let Some(slot) = out.get_mut(ix).filter(|_| names.0.iter().all(|(_, n)| *n != name)) {
            *slot = name;
        }
    };
    put(3, format!("Wendeline {}", family(staff(9))));
    put(5, format!("{}. {}sworth", initial(staff(13)), family(staff(13)).replace(' ', "")));
    put(6, format!("{} Zimmerwald", given(staff(17))));
    out
}

/// Namesakes with an address or an account of their own, of people who are known on that channel.
fn strangers(people: &People, random: &mut Random) -> Vec<Stranger> {
    let mut out = Vec::new();
    let quiet: Vec<usize> = people.staff.iter().enumerate().filter(|(_, e)| !e.desk && e.role.is_none() && e.last_day.is_none()).map(|(i, _)| i).collect();
    let to = |random: &mut Random| quiet.get(random.below(quiet.len())).copied().unwrap_or_default();
    for k in 0..12 {
        let name = if k % 2 == 0 {
            people.staff.get(random.below(people.staff.len())).map(|e| e.name.clone())
        } else {
            people.contacts.get(random.below(people.contacts.len())).map(|c| c.name.clone())
        };
        let Some(name) = name else { continue };
        out.push(Stranger { email: format!("{}@talentbridge{k}.example", super::people::slug(&name)), name, telegram: 0, to: to(random) });
    }
    let on_telegram: BTreeSet<usize> =
        people.aliases.iter().filter(|a| a.channel == Channel::Telegram).filter_map(|a| if let Party::Staff(s) = a.party { Some(s) } else { None }).collect();
    for (k, (i, e)) in people.staff.iter().enumerate().filter(|(i, _)| !on_telegram.contains(i)).step_by(9).take(6).enumerate() {
        out.push(Stranger { name: e.name.clone(), email: String::new(), telegram: 910_000_000 + k as u64 * 37, to: i });
    }
    out
}
