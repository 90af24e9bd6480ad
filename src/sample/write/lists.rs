//! The lists a person would supply: employees, clients, leave, and the matter with its policy. `matter.toml` is the documented example.

use super::csv::cell;
use super::text_file;
use crate::sample::calendar::{UK_HOLIDAYS, last_day};
use crate::sample::people::Employee;
use crate::sample::traffic::{Channel, Party};
use crate::sample::{Firm, SampleFile};
use crate::time::day_name;

/// The four files.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    vec![
        text_file("people.csv", people(firm)),
        text_file("clients.csv", clients(firm)),
        text_file("leave.csv", leave(firm)),
        text_file("matter.toml", matter()),
    ]
}

fn row(out: &mut String, cells: &[&str]) {
    for (i, text) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

fn status(e: &Employee) -> &'static str {
    match e.last_day {
        Some(last) if last <= last_day() => "Terminated",
        Some(_) => "Notice",
        None => "Active",
    }
}

fn people(firm: &Firm) -> String {
    let mut out =
        String::from("Employee ID,Name,Email,Phone,WhatsApp,Telegram,WeChat,Slack,Department,Grade,Manager,Region,Start Date,Notice Date,Last Day,Status\r\n");
    let day = |d: Option<i32>| d.map(day_name).unwrap_or_default();
    for (i, e) in firm.people.staff.iter().enumerate() {
        // What people are called in address books stands on no list.
        let listed = |channel: Channel, handle: &str| if firm.people.unlisted(Party::Staff(i), channel) { String::new() } else { handle.to_owned() };
        let manager = e.manager.and_then(|m| firm.people.staff.get(m)).map_or("", |m| &m.name);
        row(
            &mut out,
            &[
                &format!("MQ{:04}", i + 1),
                &e.name,
                &e.email,
                &e.phone,
                &listed(Channel::WhatsApp, &e.whatsapp),
                &listed(Channel::Telegram, &format!("user{}", e.telegram)),
                &e.wechat,
                &listed(Channel::Slack, &e.slack),
                e.department,
                e.grade,
                manager,
                e.region.name(),
                &day_name(e.start),
                &day(e.notice),
                &day(e.last_day),
                status(e),
            ],
        );
    }
    out
}

fn clients(firm: &Firm) -> String {
    let mut out = String::from("Company,Contact,Email,Phone,WhatsApp,Telegram,WeChat,Domain,Region,Value,Account Owner\r\n");
    for company in &firm.people.companies {
        let owner = firm.people.staff.get(company.owner).map_or("", |e| &e.name);
        for (i, c) in company.contacts.iter().filter_map(|c| Some((*c, firm.people.contacts.get(*c)?))) {
            let listed = |channel: Channel, handle: &str| if firm.people.unlisted(Party::Contact(i), channel) { String::new() } else { handle.to_owned() };
            row(
                &mut out,
                &[
                    &company.name,
                    &c.name,
                    &c.email,
                    &c.phone,
                    &listed(Channel::WhatsApp, &c.whatsapp),
                    &listed(Channel::Telegram, &format!("user{}", c.telegram)),
                    &c.wechat,
                    &company.domain,
                    company.region.name(),
                    &(company.value * 1000).to_string(),
                    owner,
                ],
            );
        }
    }
    out
}

fn leave(firm: &Firm) -> String {
    let mut out = String::from("Person,From,To,Kind\r\n");
    for s in firm.traffic.leave.iter().filter(|s| s.listed) {
        let name = firm.people.staff.get(s.staff).map_or("", |e| &e.name);
        row(&mut out, &[name, &day_name(s.from), &day_name(s.to), s.kind]);
    }
    out
}

fn matter() -> String {
    let holidays: Vec<String> = UK_HOLIDAYS.iter().map(|(y, m, d)| format!("\"{y}-{m:02}-{d:02}\"")).collect();
    MATTER.replace("@HOLIDAYS@", &holidays.join(", "))
}

const MATTER: &str = r#"# A matter: what is audited, against which rules. Every key may be left out; what is missing is named in the answers as unknown.

[matter]
name = "Marlowe Quay, retention audit"
# Days are counted in this zone (IANA name). Exports that do not state their zone are read in it too: these phones were read in London.
zone = "Europe/London"
# from and to limit the question; without them it spans all records. as_of is the day on which it is asked; without it, the latest record, never today.
from = "2025-04-01"
to = "2026-09-30"
as_of = "2026-09-30"
week_start = "monday"
# Mail domains of the firm: everyone else is outside.
own_domains = ["marlowequay.example"]

[policy]
# Rule sets; the first one decides how far back records must reach. `audit run --preset` overrides.
presets = ["uk-fca-sysc10a"]
# A channel may begin this many business days late before that is a gap.
tolerance_days = 10
# False-alarm level of the silence test, for one silence: 0.001 sensitive, 0.0001 usual, 0.00001 strict.
alpha = 0.0001

# The channel register. status: approved, tolerated or prohibited. captured: whether an archive keeps it.
# accounts: the handles for which capture holds (left out = all). adopted: since when the firm uses the channel.
[[channel]]
id = "email"
status = "approved"
captured = true
adopted = "2025-04-01"

[[channel]]
id = "teams"
status = "approved"
captured = true
adopted = "2025-04-01"

[[channel]]
id = "slack"
status = "approved"
captured = true
adopted = "2025-04-01"

[[channel]]
id = "sms"
status = "approved"
captured = true
adopted = "2025-04-01"

[[channel]]
id = "whatsapp"
status = "tolerated"
captured = false
adopted = "2025-04-01"

[[channel]]
id = "wechat"
status = "prohibited"
captured = false
adopted = "2025-04-01"

[[channel]]
id = "telegram"
status = "prohibited"
captured = false
adopted = "2025-04-01"

[calendar]
# Days that are not worked, and bank holidays of England and Wales.
weekend = ["saturday", "sunday"]
holidays = [@HOLIDAYS@]

[privacy]
# flow: who, when, where, never the text. content: text may be opened with a reason, which is noted.
mode = "flow"
# No chart shows a group smaller than this; executive views show no names.
min_group = 5
pseudonyms = true
"#;
