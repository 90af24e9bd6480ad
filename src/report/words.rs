//! Words for slugs: channels, their standing, who owns an account. The one place where a channel's name for people is written.

/// The name of a channel for people; an unknown slug is shown as it is, with a capital letter.
#[must_use]
pub fn channel(slug: &str) -> String {
    let name = match slug {
        "whatsapp" => "WhatsApp",
        "telegram" => "Telegram",
        "wechat" => "WeChat",
        "wecom" => "WeCom",
        "slack" => "Slack",
        "teams" => "Teams",
        "email" => "E-mail",
        "sms" => "SMS",
        "imessage" => "iMessage",
        "signal" => "Signal",
        "line" => "LINE",
        "kakaotalk" => "KakaoTalk",
        "viber" => "Viber",
        "messenger" => "Messenger",
        "instagram" => "Instagram",
        "discord" => "Discord",
        "skype" => "Skype",
        "zoom" => "Zoom",
        "webex" => "Webex",
        "google-chat" | "google_chat" => "Google Chat",
        "bloomberg" => "Bloomberg",
        "symphony" => "Symphony",
        "mattermost" => "Mattermost",
        "matrix" => "Matrix",
        "linkedin" => "LinkedIn",
        "dingtalk" => "DingTalk",
        "lark" | "feishu" => "Lark",
        "voice" => "Voice",
        "" => "Several channels",
        other => return capital(other),
    };
    name.to_owned()
}

/// Standing of a channel in the register.
#[must_use]
pub fn status(status: &str) -> String {
    match status {
        "approved" => "Approved".to_owned(),
        "tolerated" => "Tolerated".to_owned(),
        "prohibited" => "Not allowed".to_owned(),
        _ => "Not stated".to_owned(),
    }
}

/// Who owns the account a conversation runs on: `firm`, `personal`, anything else is not known.
#[must_use]
pub fn owner(owner: &str) -> String {
    match owner {
        "firm" => "Firm-owned".to_owned(),
        "personal" => "Personal accounts".to_owned(),
        _ => "Owner not stated".to_owned(),
    }
}

/// Presets a person can choose in the page: id and title, as in the list of presets of the analyses (the page does not carry that list).
pub const PRESETS: [(&str, &str); 31] = [
    ("us-sec-17a4-b4", "SEC Rule 17a-4(b)(4), communications of broker-dealers"),
    ("us-sec-17a4-a", "SEC Rule 17a-4(a), blotters, ledgers, account records"),
    ("us-sec-17a4-f", "SEC Rule 17a-4(f), electronic recordkeeping systems"),
    ("us-finra-4511", "FINRA Rule 4511, books and records without another period"),
    ("us-finra-3110-09", "FINRA Rule 3110.09, correspondence and internal communications"),
    ("us-finra-2210", "FINRA Rule 2210, retail and institutional communications"),
    ("us-finra-rn17-18", "FINRA Regulatory Notice 17-18, texts and chat apps"),
    ("us-adviser-204-2", "Advisers Act Rule 204-2, written communications"),
    ("us-cftc-1.31", "CFTC Rule 1.31, regulatory records"),
    ("us-msrb-g9", "MSRB Rule G-9, municipal dealers and advisors"),
    ("us-sox-auditor", "Auditor records (Sarbanes-Oxley s. 802)"),
    ("us-sox-1519-1520", "Destruction or alteration of records (Sarbanes-Oxley)"),
    ("eu-mifid2-16-7", "MiFID II, telephone and electronic communications"),
    ("uk-fca-sysc10a", "FCA SYSC 10A, telephone and electronic communications"),
    ("uk-fca-sysc9", "FCA SYSC 9, MiFID business records"),
    ("uk-remit", "REMIT, wholesale energy trading communications"),
    ("de-gobd", "German commercial letters (HGB, AO, GoBD)"),
    ("ch-or958f", "Swiss books and vouchers"),
    ("hk-sfc-orders", "SFC, client orders received by instant messaging"),
    ("hk-hkma", "HKMA, registered institutions"),
    ("sg-mas-sfa", "MAS, capital-markets licence holders"),
    ("ca-ni31-103", "Canadian registered firms, incl. communications with clients"),
    ("au-corp286", "Australian financial records"),
    ("us-hipaa-docs", "HIPAA policies and required documentation (no medical-record period)"),
    ("us-medrec-state", "US medical records by state law"),
    ("uk-nhs-code", "NHS Records Management Code, adult health record"),
    ("us-irs", "US tax support"),
    ("us-eeoc", "US personnel records"),
    ("us-fed-grs6.1", "US agency e-mail and messages (Capstone)"),
    ("corp-default", "Company schedule (set your own period)"),
    ("corp-7y", "7-year corporate policy"),
];

/// The name of a format for people.
#[must_use]
pub fn format(id: &str) -> String {
    let name = match id {
        "whatsapp_txt" => "WhatsApp chat export, text",
        "telegram_json" => "Telegram Desktop export, JSON",
        "slack" => "Slack export",
        "mbox" => "Mailbox, mbox",
        "eml" => "E-mail, EML",
        "csv" => "Messages, CSV",
        "jsonl" => "Messages, JSON lines",
        "zip" => "Archive, zip",
        "folder" => "Folder",
        "batch" => "Batch of this program",
        "" => "Format not recognised",
        other => return capital(other).replace('_', " "),
    };
    name.to_owned()
}

fn capital(slug: &str) -> String {
    let mut letters = slug.chars();
    letters.next().map_or_else(String::new, |first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_without_a_name_of_its_own_is_shown_as_written() {
        assert_eq!(channel("email"), "E-mail");
        assert_eq!(channel("pigeon"), "Pigeon");
    }
}
