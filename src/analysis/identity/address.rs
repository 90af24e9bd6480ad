//! E-mail addresses: when two are one mailbox, which are machines, which domains belong to nobody in particular.

use crate::text;

/// Lower case, trimmed.
#[must_use]
pub fn address(raw: &str) -> String {
    raw.trim().to_lowercase()
}

/// Part after the last `@`; empty where there is none.
#[must_use]
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, d)| d)
}

/// The mailbox an address delivers to: what follows a plus is left out (RFC 5233 calls it the detail), and at Gmail dots and the name
/// `googlemail.com` make no difference (Gmail help, "Dots don't matter in Gmail addresses").
#[must_use]
pub fn mailbox(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    let local = local.split_once('+').map_or(local, |(head, _)| if head.is_empty() { local } else { head });
    if matches!(domain, "gmail.com" | "googlemail.com") { format!("{}@gmail.com", local.replace('.', "")) } else { format!("{local}@{domain}") }
}

/// Whether anybody can have a mailbox there.
#[must_use]
pub fn public(domain: &str) -> bool {
    text::mail_provider(domain) || ["hotmail.", "outlook.", "yahoo.", "live."].iter().any(|p| domain.starts_with(p))
}

/// First words of addresses that no person reads.
const MACHINES: &[&str] = &[
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "mailer-daemon",
    "postmaster",
    "notification",
    "notifications",
    "newsletter",
    "bounce",
    "bounces",
    "autoreply",
    "auto-reply",
    "alerts",
    "unsubscribe",
];

/// Domains from which only machines write.
const SERVICES: &[&str] = &[
    "docusign.net",
    "mail.zoom.us",
    "slack-mail.com",
    "facebookmail.com",
    "notify.microsoft.com",
    "accounts.google.com",
    "calendar-server.bounces.google.com",
    "email.teams.microsoft.com",
    "amazonses.com",
    "sendgrid.net",
    "mailchimpapp.com",
    "mcsv.net",
];

/// Whether an address is a machine's by its own word.
#[must_use]
pub fn machine(mail: &str) -> bool {
    let (local, domain) = mail.rsplit_once('@').unwrap_or((mail, ""));
    let named = MACHINES.iter().any(|m| local == *m || local.strip_prefix(m).is_some_and(|r| r.starts_with(['+', '-', '.', '='])));
    !domain.is_empty() && (named || SERVICES.iter().any(|s| domain == *s || domain.strip_suffix(s).is_some_and(|d| d.ends_with('.'))))
}

/// Senders of text messages that are no phone: short codes of three to six digits, and names that banks, carriers and platforms send under.
const SENDERS: &[&str] = &[
    "amazon",
    "amex",
    "apple",
    "authmsg",
    "barclays",
    "chase",
    "citibank",
    "commerzbank",
    "dbs",
    "dbs bank",
    "dhl",
    "emirates",
    "google",
    "halifax",
    "hsbc",
    "ing",
    "lloyds",
    "microsoft",
    "monzo",
    "natwest",
    "ocbc",
    "paypal",
    "revolut",
    "royalmail",
    "santander",
    "singpass",
    "sparkasse",
    "uber",
    "ups",
    "uob",
    "verify",
    "wells fargo",
    "whatsapp",
];

/// Whether a sender of a text message is a service.
#[must_use]
pub fn text_service(channel: &str, key: &str) -> bool {
    let key = crate::text::folded(key);
    channel == "sms" && ((3..=6).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_digit()) || SENDERS.contains(&key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_one_by_every_way_of_writing_it() {
        assert_eq!(mailbox("ana+news@x.example"), "ana@x.example");
        assert_eq!(mailbox("a.na.ruiz+1@googlemail.com"), mailbox("anaruiz@gmail.com"));
        // Dots count elsewhere.
        assert_ne!(mailbox("a.na@x.example"), mailbox("ana@x.example"));
        assert_eq!(mailbox("+ana@x.example"), "+ana@x.example");
    }

    #[test]
    fn machines_are_told_by_their_word() {
        for mail in ["no-reply@x.example", "noreply+12@x.example", "bounces-7@x.example", "dse@eumail.docusign.net"] {
            assert!(machine(mail), "{mail}");
        }
        for mail in ["norman@x.example", "alertson@x.example", "noreply", "ana@docusign.network"] {
            assert!(!machine(mail), "{mail}");
        }
        assert!(text_service("sms", "60120") && text_service("sms", "HSBC") && !text_service("whatsapp", "HSBC") && !text_service("sms", "Mum"));
    }
}
