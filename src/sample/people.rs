//! Who works at Marlowe Quay and who its clients are. All invented: addresses lie under `.example` (RFC 2606), phone numbers in ranges
//! kept free for fiction (Ofcom 07700 900, NANP 555-01xx) or written so that they cannot be dialled.

use std::collections::BTreeSet;

use super::aliases::{self, Alias, Stranger};
use super::calendar::{Region, first_day, on};
use super::random::Random;
use super::texts::Language;
use super::traffic::{Channel, Party};

/// Part a leaver plays; what an audit should find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Holds clients alone, on a personal WeChat.
    SoleHolder,
    /// Main channel to clients lies outside the archive (personal WhatsApp).
    OffArchive,
    /// Has handed over well: a colleague writes with the clients already.
    HandedOver,
    /// Nothing special.
    Ordinary,
    /// Has left; clients still write and nobody answers.
    Unanswered,
    /// Has left; a successor answers.
    Succeeded,
}

/// An employee.
#[derive(Debug, Clone)]
pub struct Employee {
    /// Display name.
    pub name: String,
    /// Name for paths and addresses.
    pub slug: String,
    /// Address.
    pub email: String,
    /// Company phone.
    pub phone: String,
    /// Name on WhatsApp.
    pub whatsapp: String,
    /// Telegram user number.
    pub telegram: u64,
    /// WeChat id.
    pub wechat: String,
    /// Slack member id.
    pub slack: String,
    /// Address on Teams; the mail address unless it is an alias.
    pub teams: String,
    /// Number as text messages show it; the phone number unless it is an alias.
    pub sms: String,
    /// Department.
    pub department: &'static str,
    /// Grade.
    pub grade: &'static str,
    /// Index of the manager.
    pub manager: Option<usize>,
    /// Office.
    pub region: Region,
    /// First day.
    pub start: i32,
    /// Day of notice.
    pub notice: Option<i32>,
    /// Last day.
    pub last_day: Option<i32>,
    /// Part played.
    pub role: Option<Role>,
    /// Whether this person writes with clients.
    pub desk: bool,
}

/// A person at a client.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Client, index.
    pub company: usize,
    /// Display name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// Name in the firm's address books, as WhatsApp shows it.
    pub whatsapp: String,
    /// Telegram user number.
    pub telegram: u64,
    /// Name shown on Telegram; the name unless it is an alias.
    pub telegram_name: String,
    /// WeChat id.
    pub wechat: String,
    /// Number as text messages show it; the phone number unless it is an alias.
    pub sms: String,
}

/// A client entity.
#[derive(Debug, Clone)]
pub struct Company {
    /// Name.
    pub name: String,
    /// Mail domain.
    pub domain: String,
    /// Region.
    pub region: Region,
    /// Yearly value, thousands of pounds.
    pub value: u32,
    /// Account owner.
    pub owner: usize,
    /// Contacts, indices.
    pub contacts: Vec<usize>,
    /// Language of its chats.
    pub language: Language,
}

/// Everyone.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Employees.
    pub staff: Vec<Employee>,
    /// Clients.
    pub companies: Vec<Company>,
    /// Contacts of all clients.
    pub contacts: Vec<Contact>,
    /// Handles that no list has, and whose they are.
    pub aliases: Vec<Alias>,
    /// Who is on no list and looks like somebody.
    pub strangers: Vec<Stranger>,
    /// Names of private life.
    pub friends: Vec<String>,
}

impl People {
    /// Whether the lists leave out a handle: it is an alias.
    #[must_use]
    pub fn unlisted(&self, party: Party, channel: Channel) -> bool {
        self.aliases.iter().any(|a| a.party == party && a.channel == channel)
    }
}

const DEPARTMENTS: [(&str, usize); 11] = [
    ("Management", 1),
    ("Metals desk", 8),
    ("Energy desk", 8),
    ("Grains desk", 8),
    ("Freight desk", 8),
    ("Operations", 11),
    ("Compliance", 4),
    ("Finance", 4),
    ("Legal", 3),
    ("People", 2),
    ("Technology", 3),
];
const GRADES: [&str; 5] = ["Vice President", "Associate", "Analyst", "Vice President", "Associate"];
const OFFICES: [Region; 8] =
    [Region::London, Region::Singapore, Region::London, Region::Dubai, Region::NewYork, Region::London, Region::Singapore, Region::NewYork];

type Pool = (&'static [&'static str], &'static [&'static str]);

const BRITISH: Pool = (
    &["Amelia", "Oliver", "Isla", "George", "Freya", "Harry", "Niamh", "Callum", "Tobias", "Priya", "Daniel", "Sanjay", "Ngozi", "Marta", "Elif", "Piotr"],
    &["Hartley", "Whitcombe", "Ashdown", "Okafor", "Pemberton", "Nowak", "Rao", "Llewellyn", "Sinclair", "Adeyemi", "Demir", "Fairburn", "Novak", "Kerr"],
);
const CHINESE: Pool = (
    &["Wei", "Xiuying", "Jun", "Mei Ling", "Hao", "Yan", "Jiahui", "Zhiwei", "Li Na", "Boon Keng", "Aisyah", "Rajesh", "Hui Min", "Kavitha"],
    &["Chen", "Lim", "Zhang", "Tan", "Wong", "Liu", "Goh", "Huang", "Ng", "Subramaniam", "Ismail", "Zhou", "Koh"],
);
const ARABIC: Pool = (
    &["Omar", "Layla", "Khalid", "Fatima", "Yousef", "Noura", "Hassan", "Mariam", "Tariq", "Salma", "Imran", "Zainab"],
    &["Al Mansoori", "Haddad", "El Sayed", "Rahman", "Nasser", "Al Farsi", "Khoury", "Qureshi", "Darwish", "Saleh"],
);
const AMERICAN: Pool = (
    &["Ana", "Carlos", "Grace", "Ethan", "Sofía", "Marcus", "Hannah", "Diego", "Lucía", "Jordan", "Renata", "Tyler"],
    &["Ruiz", "Delgado", "Monroe", "Castellanos", "Whitfield", "Ferreira", "Okonkwo", "Navarro", "Brandt", "Moreau", "Quintero"],
);
const PLACES: [&str; 25] = [
    "Ostrava",
    "Halden",
    "Mirador",
    "Jinshan",
    "Sohar",
    "Pelican",
    "Tamarind",
    "Kestrel",
    "Northbank",
    "Cedar",
    "Baltic",
    "Lusail",
    "Corvo",
    "Hibiscus",
    "Granite",
    "Orchid",
    "Meridian",
    "Albatross",
    "Saffron",
    "Tundra",
    "Quayside",
    "Juniper",
    "Zephyr",
    "Lantern",
    "Marigold",
];
const TRADES: [&str; 16] = [
    "Metals",
    "Shipping",
    "Foods",
    "Energy",
    "Grain",
    "Chemicals",
    "Textiles",
    "Machinery",
    "Logistics",
    "Timber",
    "Ceramics",
    "Coffee",
    "Paper",
    "Cement",
    "Optics",
    "Tools",
];

const fn pool(region: Region) -> Pool {
    match region {
        Region::London => BRITISH,
        Region::Singapore => CHINESE,
        Region::Dubai => ARABIC,
        Region::NewYork => AMERICAN,
    }
}

fn name(random: &mut Random, region: Region, taken: &mut BTreeSet<String>) -> String {
    let (given, family) = pool(region);
    loop {
        let name = format!("{} {}", random.word(given), random.word(family));
        // After many tries a middle initial keeps names apart.
        let name = if taken.contains(&name) && random.chance(0.2) {
            let initial = random.word(&["A", "B", "D", "E", "H", "J", "K", "M", "R", "S", "T", "V"]);
            name.replacen(' ', &format!(" {initial}. "), 1)
        } else {
            name
        };
        if taken.insert(name.clone()) {
            return name;
        }
    }
}

/// Lower-case ASCII for paths and addresses: `Sofía Al Farsi` becomes `sofia.al-farsi`.
#[must_use]
pub fn slug(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'í' => 'i',
            'é' => 'e',
            'á' => 'a',
            'ñ' => 'n',
            'ü' => 'u',
            c => c,
        })
        .filter(|c| *c != '.')
        .collect();
    plain.replacen(' ', ".", 1).replace(' ', "-")
}

fn phone(region: Region, no: usize) -> String {
    match region {
        Region::London => format!("+44 7700 900{no:03}", no = no % 1000),
        // Countries without a range kept for fiction: numbers that begin with 000 are assigned nowhere.
        Region::Singapore => format!("+65 0000 {no:04}", no = no % 10_000),
        Region::Dubai => format!("+971 50 000 {no:04}", no = no % 10_000),
        Region::NewYork => format!("+1 {} 555 {:04}", ["212", "332", "646", "718", "917", "929"].get(no / 100 % 6).unwrap_or(&"212"), 100 + no % 100),
    }
}

fn staff(random: &mut Random, taken: &mut BTreeSet<String>) -> Vec<Employee> {
    let mut out: Vec<Employee> = Vec::with_capacity(60);
    for (department, size) in DEPARTMENTS {
        let head = out.len();
        for i in 0..size {
            let n = out.len();
            let desk = department.ends_with("desk");
            let region = if n == 0 { Region::London } else { OFFICES.get((i + head) % OFFICES.len()).copied().unwrap_or(Region::London) };
            let name = name(random, region, taken);
            let slug = slug(&name);
            let early = random.chance(0.85);
            out.push(Employee {
                email: format!("{slug}@marlowequay.example"),
                phone: phone(region, 100 + n),
                whatsapp: if n.is_multiple_of(5) { format!("{name} MQ") } else { name.clone() },
                telegram: 610_000_100 + n as u64 * 7919,
                wechat: format!("mq_{}", slug.replace(['.', '-'], "_")),
                slack: format!("U0MQ{n:05}"),
                teams: format!("{slug}@marlowequay.example"),
                sms: phone(region, 100 + n),
                department,
                grade: if i == 0 { "Director" } else { GRADES.get(i % GRADES.len()).copied().unwrap_or_default() },
                manager: if n == 0 { None } else { Some(if i == 0 { 0 } else { head }) },
                region,
                start: if early {
                    first_day() - i32::try_from(random.between(100, 3000)).unwrap_or(0)
                } else {
                    first_day() + i32::try_from(random.between(5, 300)).unwrap_or(0)
                },
                notice: None,
                last_day: None,
                role: None,
                desk,
                name,
                slug,
            });
        }
    }
    out
}

fn leavers(staff: &mut [Employee]) {
    let plan = [
        (Role::SoleHolder, Region::Singapore, on(2026, 7, 27), on(2026, 10, 30)),
        (Role::OffArchive, Region::Dubai, on(2026, 8, 10), on(2026, 11, 13)),
        (Role::HandedOver, Region::London, on(2026, 6, 15), on(2026, 10, 9)),
        (Role::Ordinary, Region::NewYork, on(2026, 9, 7), on(2026, 10, 16)),
        (Role::Unanswered, Region::London, on(2026, 6, 1), on(2026, 8, 14)),
        (Role::Succeeded, Region::Singapore, on(2026, 4, 13), on(2026, 6, 30)),
    ];
    for (role, region, notice, last) in plan {
        if let Some(e) = staff.iter_mut().find(|e| e.desk && e.grade != "Director" && e.region == region && e.role.is_none()) {
            e.role = Some(role);
            e.notice = Some(notice);
            e.last_day = Some(last);
            e.start = e.start.min(first_day() - 400);
        }
    }
}

/// Invents everyone.
#[must_use]
pub fn invent(random: &mut Random) -> People {
    let mut taken = BTreeSet::new();
    let mut people = People { staff: staff(random, &mut taken), ..People::default() };
    leavers(&mut people.staff);
    let mut names: Vec<String> = PLACES.iter().flat_map(|p| TRADES.iter().map(move |t| format!("{p} {t}"))).collect();
    random.shuffle(&mut names);
    let desks: Vec<usize> = people.staff.iter().enumerate().filter(|(_, e)| e.desk).map(|(i, _)| i).collect();
    for (c, company) in names.into_iter().take(200).enumerate() {
        let owner = desks.get(c % desks.len().max(1)).copied().unwrap_or_default();
        let region = people.staff.get(owner).map_or(Region::London, |e| e.region);
        let wechat = people.staff.get(owner).is_some_and(|e| e.role == Some(Role::SoleHolder));
        let language = if wechat { Language::Chinese } else { language(random, region) };
        let domain = format!("{}.example", company.to_lowercase().replace(' ', "-"));
        let mut contacts = Vec::new();
        for _ in 0..1 + random.below(3) {
            let n = people.contacts.len();
            let name = name(random, region, &mut taken);
            contacts.push(n);
            people.contacts.push(Contact {
                company: c,
                email: format!("{}@{domain}", slug(&name)),
                phone: phone(region, 200 + n),
                whatsapp: format!("{name} {}", company.split(' ').next().unwrap_or_default()),
                telegram: 720_000_500 + n as u64 * 6133,
                telegram_name: name.clone(),
                wechat: format!("wx_{}_{n}", slug(&name).replace(['.', '-'], "_")),
                sms: phone(region, 200 + n),
                name,
            });
        }
        people.companies.push(Company {
            name: company,
            domain,
            region,
            value: u32::try_from(random.between(20, 900)).unwrap_or(20),
            owner,
            contacts,
            language,
        });
    }
    look_alikes(&mut people);
    aliases::plant(&mut people, random.clone());
    people
}

/// Names that look like other people's: one contact like an employee, two contacts of different clients alike. Their addresses and numbers differ.
fn look_alikes(people: &mut People) {
    let employee = people.staff.get(7).map(|e| e.name.clone()).unwrap_or_default();
    rename(people, 40, employee);
    let contact = people.contacts.get(60).map(|c| c.name.clone()).unwrap_or_default();
    rename(people, 91, contact);
}

fn rename(people: &mut People, contact: usize, name: String) {
    let Some(c) = people.contacts.get_mut(contact) else { return };
    let Some(company) = people.companies.get(c.company) else { return };
    // The number keeps the address apart should the namesake work for the same client.
    c.email = format!("{}.{contact}@{}", slug(&name), company.domain);
    c.whatsapp = format!("{name} {contact} {}", company.name.split(' ').next().unwrap_or_default());
    c.wechat = format!("wx_{}_{contact}", slug(&name).replace(['.', '-'], "_"));
    c.telegram_name.clone_from(&name);
    c.name = name;
}

fn language(random: &mut Random, region: Region) -> Language {
    let (own, share) = match region {
        Region::London => (Language::German, 0.2),
        Region::Singapore => (Language::Chinese, 0.5),
        Region::Dubai => (Language::Arabic, 0.4),
        Region::NewYork => (Language::Spanish, 0.45),
    };
    if random.chance(share) {
        own
    } else if random.chance(0.08) {
        Language::French
    } else {
        Language::English
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_employees_two_hundred_clients_and_no_address_twice() {
        let people = invent(&mut Random::new(1));
        assert_eq!((people.staff.len(), people.companies.len()), (60, 200));
        assert_eq!(people.staff.iter().filter(|e| e.role.is_some()).count(), 6);
        let mut seen = BTreeSet::new();
        for mail in people.staff.iter().map(|e| &e.email).chain(people.contacts.iter().map(|c| &c.email)) {
            assert!(mail.ends_with(".example") && seen.insert(mail.clone()), "{mail}");
        }
        let mut seen = BTreeSet::new();
        for name in people.contacts.iter().map(|c| &c.whatsapp).chain(people.staff.iter().map(|e| &e.whatsapp)) {
            assert!(seen.insert(name.clone()), "{name}");
        }
        let mut seen = BTreeSet::new();
        for phone in people.contacts.iter().map(|c| &c.phone).chain(people.staff.iter().map(|e| &e.phone)) {
            assert!(seen.insert(phone.clone()), "{phone}");
        }
    }
}
