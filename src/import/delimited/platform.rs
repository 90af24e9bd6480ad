//! Names of channels as people and systems write them.

use super::when::plain;

/// (slug, names in lower case letters and digits only).
const NAMES: &[(&str, &[&str])] = &[
    ("email", &["email", "mail", "exchange", "outlook", "gmail", "smtp", "imap", "office365mail", "邮件", "电子邮件"]),
    ("slack", &["slack"]),
    ("teams", &["teams", "msteams", "microsoftteams", "teamschat"]),
    ("whatsapp", &["whatsapp", "wa", "whatsappmessenger", "whatsappbusiness", "waba"]),
    ("wechat", &["wechat", "weixin", "微信"]),
    ("wecom", &["wecom", "wechatwork", "enterprisewechat", "wxwork", "企业微信"]),
    ("telegram", &["telegram", "tg", "telegrammessenger"]),
    ("signal", &["signal", "signalmessenger", "signalprivatemessenger"]),
    ("sms", &["sms", "mms", "smsmms", "text", "textmessage", "textmessages", "nativemessages"]),
    ("imessage", &["imessage", "imessages", "applemessages"]),
    ("google_chat", &["googlechat", "gchat", "hangouts", "googlehangouts"]),
    ("zoom", &["zoom", "zoomchat", "zoomteamchat"]),
    ("webex", &["webex", "webexteams", "ciscowebex", "spark"]),
    ("skype", &["skype", "skypeforbusiness", "lync"]),
    ("bloomberg_ib", &["bloombergib", "bloombergchat", "instantbloomberg", "ib", "bloombergim"]),
    ("bloomberg_msg", &["bloombergmsg", "bloombergmail", "bloombergmessage", "bloomberg"]),
    ("symphony", &["symphony"]),
    ("line", &["line", "linemessenger"]),
    ("viber", &["viber", "rakutenviber"]),
    ("discord", &["discord"]),
    ("instagram", &["instagram", "instagramdirect", "instagramdm"]),
    ("messenger", &["messenger", "facebookmessenger", "fbmessenger", "facebook"]),
    ("mattermost", &["mattermost"]),
    ("rocketchat", &["rocketchat"]),
    ("phone", &["phone", "call", "calls", "voice"]),
];

/// Lower-case letters and digits only, without accents.
pub fn letters(name: &str) -> String {
    plain(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The slug of a channel known by this name.
pub fn known(name: &str) -> Option<&'static str> {
    let key = letters(name);
    NAMES.iter().find(|(slug, names)| names.contains(&key.as_str()) || slug.replace('_', "") == key).map(|(slug, _)| *slug)
}

/// The slug of a channel; unknown names become `other:<name>`. Empty names become `other`.
pub fn slug(name: &str) -> String {
    if let Some(slug) = known(name) {
        return slug.to_owned();
    }
    let key: String = letters(name.strip_prefix("other:").unwrap_or(name)).chars().take(40).collect();
    if key.is_empty() || key == "other" { "other".to_owned() } else { format!("other:{key}") }
}

/// The channel a file name speaks of: `whatsapp_messages_2024.csv`.
pub fn in_file_name(name: &str) -> Option<&'static str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<String> = stem.split(|c: char| !c.is_alphanumeric()).map(letters).filter(|w| !w.is_empty()).collect();
    // Words that stand for other things too do not count in a file name.
    let clear = |s: &&'static str| !matches!(*s, "line" | "phone" | "signal" | "zoom" | "messenger");
    let pairs = words.iter().zip(words.iter().skip(1)).map(|(a, b)| format!("{a}{b}"));
    let hit = pairs.chain(words.iter().filter(|w| *w != "text" && *w != "ib" && *w != "call" && *w != "wa").cloned()).find_map(|w| known(&w).filter(clear));
    hit.or_else(|| {
        let first = words.first().map(String::as_str);
        [("signal", "signal"), ("zoom", "zoom")].iter().find(|(word, _)| first == Some(word)).map(|(_, slug)| *slug)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_known_by_their_usual_names() {
        for (name, slug_) in [
            ("WhatsApp", "whatsapp"),
            ("E-mail", "email"),
            ("Microsoft Teams", "teams"),
            ("google_chat", "google_chat"),
            ("Foo Chat", "other:foochat"),
            ("", "other"),
        ] {
            assert_eq!(slug(name), slug_);
        }
        assert_eq!(slug("other:foochat"), "other:foochat");
        assert_eq!(in_file_name("2024 whatsapp-messages.csv"), Some("whatsapp"));
        assert_eq!(in_file_name("Microsoft_Teams.csv"), Some("teams"));
        assert_eq!(in_file_name("line_items.csv"), None);
        assert_eq!(in_file_name("messages.csv"), None);
        assert_eq!(in_file_name("order line.csv"), None);
    }
}
