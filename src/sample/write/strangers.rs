//! Mail from people on no list: recruiters and the like who bear the name of an employee or a client's contact. One message each, to employees who
//! have little mail; none on a day that a plant concerns.

use super::mbox::{ctime, date};
use super::text_file;
use crate::sample::calendar::first_day;
use crate::sample::{Firm, SampleFile};
use crate::text::base64;
use crate::time::parse_day;

/// The mailbox of the mail gateway.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    let mut out = String::new();
    for (n, s) in (0i32..).zip(firm.people.strangers.iter().filter(|s| !s.email.is_empty())) {
        let Some(e) = firm.people.staff.get(s.to) else { continue };
        let concerned = |day: i32| {
            firm.marks.plants.iter().any(|p| {
                let (from, to) = (parse_day(&p.from).unwrap_or(0), parse_day(&p.to).unwrap_or(0));
                p.channel == "email" && p.custodian.as_ref().is_none_or(|c| *c == e.name) && (from - 10..=to + 10).contains(&day)
            })
        };
        let Some(day) = (0..60).map(|k| first_day() + 40 + 37 * n % 450 + k).find(|d| !concerned(*d)) else { continue };
        let at = i64::from(day) * 86_400 + 39_600 + i64::from(n) * 61;
        let name = if s.name.is_ascii() { s.name.clone() } else { format!("=?UTF-8?B?{}?=", base64::encode(s.name.as_bytes())) };
        out.push_str(&format!("From {} {}\nFrom: {name} <{}>\nTo: <{}>\nSubject: An opportunity\n", s.email, ctime(at), s.email, e.email));
        out.push_str(&format!("Date: {}\nMessage-ID: <namesake-{n}@talentbridge.example>\n\nWould you have ten minutes this week?\n\n", date(at)));
    }
    vec![text_file("mail/gateway.mbox", out)]
}
