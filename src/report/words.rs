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

fn capital(slug: &str) -> String {
    let mut letters = slug.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
