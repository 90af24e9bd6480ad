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
        "bloomberg_ib" => "Bloomberg chat (IB)",
        "bloomberg_msg" => "Bloomberg mail (MSG)",
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

/// Days of the week, as the working days of a matter number them.
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The weekend of a country that is not, or was not always, Saturday and Sunday: `Friday and Saturday, as in Saudi Arabia since 2013-06-28`.
#[must_use]
pub fn weekend(country: &str) -> Option<String> {
    let known = crate::model::weekend::of(country)?;
    let (days, since) = known.now();
    let names: Vec<String> = days.iter().filter_map(|d| DAYS.get(usize::from(*d)).map(|d| (*d).to_owned())).collect();
    let since = since.map(|day| format!(" since {}", crate::time::day_name(day))).unwrap_or_default();
    Some(format!("{}, as in {}{since}", super::phrase::listed(&names), known.name))
}

/// A retention preset as the page shows it: the facts of the list of presets of the analyses, which the page does not carry. A test holds
/// the two together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Id, as in `matter.toml`.
    pub id: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// Citation.
    pub citation: &'static str,
    /// Months to keep; 0 = no verified number.
    pub months: u16,
    /// Where it can be read, without `https://`.
    pub place: &'static str,
    /// `seen`, `known`, `open`.
    pub confidence: &'static str,
}

impl Fact {
    /// Where the rule, or its publisher, can be read.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.place)
    }

    /// How sure the facts are, in words.
    #[must_use]
    pub fn sure(&self) -> &'static str {
        sure(self.confidence)
    }
}

/// How sure the facts of a rule are, in words.
#[must_use]
pub fn sure(confidence: &str) -> &'static str {
    match confidence {
        "seen" => "seen in a source",
        "known" => "known rule text; read it once before relying on it",
        "edited" => "set or changed in this matter",
        _ => "not verified; set the period yourself",
    }
}

const fn fact(id: &'static str, title: &'static str, citation: &'static str, months: u16, place: &'static str, confidence: &'static str) -> Fact {
    Fact { id, title, citation, months, place, confidence }
}

/// Presets a person can choose, in the order of the list of the analyses; those without a number that limit keeping come last.
pub const FACTS: [Fact; 43] = [
    fact(
        "us-sec-17a4-b4",
        "SEC Rule 17a-4(b)(4), communications of broker-dealers",
        "17 CFR 240.17a-4(b)(4)",
        36,
        "www.ecfr.gov/current/title-17/section-240.17a-4",
        "seen",
    ),
    fact(
        "us-sec-17a4-a",
        "SEC Rule 17a-4(a), blotters, ledgers, account records",
        "17 CFR 240.17a-4(a)",
        72,
        "www.ecfr.gov/current/title-17/section-240.17a-4",
        "seen",
    ),
    fact(
        "us-sec-17a4-f",
        "SEC Rule 17a-4(f), electronic recordkeeping systems",
        "17 CFR 240.17a-4(f)(2)",
        0,
        "www.ecfr.gov/current/title-17/section-240.17a-4",
        "seen",
    ),
    fact(
        "us-finra-4511",
        "FINRA Rule 4511, books and records without another period",
        "FINRA Rule 4511(a)-(c)",
        72,
        "www.finra.org/rules-guidance/rulebooks/finra-rules/4511",
        "seen",
    ),
    fact(
        "us-finra-3110-09",
        "FINRA Rule 3110.09, correspondence and internal communications",
        "FINRA Rule 3110.09",
        36,
        "www.finra.org/rules-guidance/rulebooks/finra-rules/3110",
        "seen",
    ),
    fact(
        "us-finra-2210",
        "FINRA Rule 2210, retail and institutional communications",
        "FINRA Rule 2210(b)(4)",
        36,
        "www.finra.org/rules-guidance/rulebooks/finra-rules/2210",
        "known",
    ),
    fact(
        "us-finra-rn17-18",
        "FINRA Regulatory Notice 17-18, texts and chat apps",
        "FINRA Regulatory Notice 17-18; 17 CFR 240.17a-4(b)(4)",
        36,
        "www.finra.org/rules-guidance/notices/17-18",
        "known",
    ),
    fact(
        "us-adviser-204-2",
        "Advisers Act Rule 204-2, written communications",
        "17 CFR 275.204-2(a)(7), (e)(1)",
        60,
        "www.ecfr.gov/current/title-17/section-275.204-2",
        "seen",
    ),
    fact(
        "us-cftc-1.31",
        "CFTC Rule 1.31, regulatory records",
        "17 CFR 1.31(b) with 1.35, 23.202-23.203",
        60,
        "www.ecfr.gov/current/title-17/section-1.31",
        "known",
    ),
    fact("us-msrb-g9", "MSRB Rule G-9, municipal dealers and advisors", "MSRB Rule G-9", 0, "www.msrb.org/", "open"),
    fact("us-sox-auditor", "Auditor records (Sarbanes-Oxley s. 802)", "17 CFR 210.2-06", 84, "www.ecfr.gov/current/title-17/section-210.2-06", "seen"),
    fact(
        "us-sox-1519-1520",
        "Destruction or alteration of records (Sarbanes-Oxley)",
        "18 U.S.C. 1519, 1520",
        0,
        "uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title18-section1519",
        "seen",
    ),
    fact(
        "eu-mifid2-16-7",
        "MiFID II, telephone and electronic communications",
        "Directive 2014/65/EU Art. 16(6)-(7); Delegated Regulation (EU) 2017/565 Art. 76",
        60,
        "eur-lex.europa.eu/eli/dir/2014/65/oj",
        "seen",
    ),
    fact(
        "uk-fca-sysc10a",
        "FCA SYSC 10A, telephone and electronic communications",
        "FCA SYSC 10A.1.6R, 10A.1.7R, 10A.1.15R",
        60,
        "www.handbook.fca.org.uk/handbook/SYSC/10A/",
        "seen",
    ),
    fact("uk-fca-sysc9", "FCA SYSC 9, MiFID business records", "FCA SYSC 9.1.2R", 60, "www.handbook.fca.org.uk/handbook/SYSC/9/", "known"),
    fact(
        "uk-remit",
        "REMIT, wholesale energy trading communications",
        "Electricity and Gas (Market Integrity and Transparency) (Enforcement etc.) Regulations 2013, reg. 8",
        0,
        "www.legislation.gov.uk/uksi/2013/1389",
        "open",
    ),
    fact("de-gobd", "German commercial letters (HGB, AO, GoBD)", "HGB s. 257, AO s. 147, GoBD", 72, "www.gesetze-im-internet.de/hgb/__257.html", "seen"),
    fact("ch-or958f", "Swiss books and vouchers", "Swiss CO Art. 958f", 120, "www.fedlex.admin.ch/eli/cc/27/317_321_377/en", "known"),
    fact(
        "hk-sfc-orders",
        "SFC, client orders received by instant messaging",
        "Securities and Futures (Keeping of Records) Rules (Cap. 571O) ss. 3(1), 10(b), Sch. 1(d); SFC circular 18EC30",
        24,
        "www.elegislation.gov.hk/hk/cap571O",
        "seen",
    ),
    fact("hk-hkma", "HKMA, registered institutions", "HKMA supervisory circulars", 0, "www.hkma.gov.hk/eng/", "open"),
    fact(
        "sg-mas-sfa",
        "MAS, capital-markets licence holders",
        "SFA s. 102; SF (Licensing and Conduct of Business) Regulations reg. 39",
        60,
        "sso.agc.gov.sg/Act/SFA2001",
        "known",
    ),
    fact(
        "ca-ni31-103",
        "Canadian registered firms, incl. communications with clients",
        "NI 31-103 s. 11.6",
        84,
        "www.osc.ca/en/securities-law/instruments-rules-policies/3/31-103",
        "known",
    ),
    fact("au-corp286", "Australian financial records", "Corporations Act 2001 s. 286", 84, "www.legislation.gov.au/C2004A00818/latest", "known"),
    fact(
        "us-hipaa-docs",
        "HIPAA policies and required documentation (no medical-record period)",
        "45 CFR 164.316(b)(2)(i); 164.530(j)(2)",
        72,
        "www.ecfr.gov/current/title-45/section-164.316",
        "seen",
    ),
    fact("us-medrec-state", "US medical records by state law", "state law", 0, "www.hhs.gov/hipaa/for-professionals/index.html", "open"),
    fact(
        "uk-nhs-code",
        "NHS Records Management Code, adult health record",
        "NHS Records Management Code of Practice (2021, updated August 2023), App. II",
        96,
        "transform.england.nhs.uk/information-governance/guidance/records-management-code/",
        "known",
    ),
    fact("us-irs", "US tax support", "IRS Topic 305 / Pub. 583", 36, "www.irs.gov/taxtopics/tc305", "known"),
    fact("us-eeoc", "US personnel records", "29 CFR 1602.14", 12, "www.ecfr.gov/current/title-29/section-1602.14", "known"),
    fact("us-fed-grs6.1", "US agency e-mail and messages (Capstone)", "NARA GRS 6.1", 84, "www.archives.gov/records-mgmt/grs.html", "known"),
    fact("corp-default", "Company schedule (set your own period)", "company schedule", 0, "eur-lex.europa.eu/eli/reg/2016/679/oj", "open"),
    fact("corp-7y", "7-year corporate policy", "company schedule", 84, "www.ecfr.gov/current/title-17/section-210.2-06", "known"),
    fact(
        "eu-gdpr-5",
        "GDPR, purpose, minimisation and storage limitation",
        "Regulation (EU) 2016/679 Art. 5(1)(b), (c), (e)",
        0,
        "eur-lex.europa.eu/eli/reg/2016/679/oj",
        "known",
    ),
    fact(
        "eu-gdpr-monitoring",
        "GDPR, legitimate interest, notice, access, records, impact assessment",
        "Regulation (EU) 2016/679 Art. 6(1)(f), 13-15, 30, 32, 35, 88",
        0,
        "eur-lex.europa.eu/eli/reg/2016/679/oj",
        "known",
    ),
    fact(
        "echr-barbulescu",
        "Bărbulescu v. Romania, six tests of monitoring",
        "ECtHR (Grand Chamber), no. 61496/08, 5 September 2017, para. 121",
        0,
        "hudoc.echr.coe.int/eng?i=001-177082",
        "seen",
    ),
    fact("eu-wp249", "Article 29 Working Party, data processing at work", "Opinion 2/2017 (WP249)", 0, "ec.europa.eu/newsroom/article29/items", "seen"),
    fact("de-betrvg-87", "German works council, systems fit to monitor", "BetrVG s. 87(1) no. 6", 0, "www.gesetze-im-internet.de/betrvg/__87.html", "seen"),
    fact(
        "fr-travail",
        "French employees, prior information and private markers",
        "Code du travail L.1222-4, L.2312-38; Cass. soc. 2 October 2001 (Nikon)",
        0,
        "www.legifrance.gouv.fr/codes/id/LEGITEXT000006072050/",
        "known",
    ),
    fact(
        "it-statuto-4",
        "Italian remote monitoring, agreement beforehand",
        "Law 300/1970 Art. 4",
        0,
        "www.normattiva.it/uri-res/N2Ls?urn:nir:stato:legge:1970-05-20;300",
        "known",
    ),
    fact(
        "es-lopdgdd-87",
        "Spanish digital devices at work",
        "Organic Law 3/2018 (LOPDGDD) Art. 87",
        0,
        "www.boe.es/buscar/act.php?id=BOE-A-2018-16673",
        "known",
    ),
    fact(
        "uk-ico-monitoring",
        "ICO, monitoring workers",
        "ICO guidance, October 2023",
        0,
        "ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/employment/",
        "known",
    ),
    fact(
        "us-notice",
        "US states, written notice of electronic monitoring",
        "N.Y. Civ. Rights Law 52-c; Conn. Gen. Stat. 31-48d; Del. Code tit. 19 s. 705",
        0,
        "www.nysenate.gov/legislation/laws/CVR",
        "known",
    ),
    fact("us-sca-2701", "Stored Communications Act", "18 U.S.C. 2701", 0, "uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title18-section2701", "known"),
    fact("cn-pipl", "China PIPL, basis and transfer abroad", "PIPL Art. 13, 38-40", 0, "flk.npc.gov.cn/", "known"),
];

/// Id and title of each preset.
pub const PRESETS: [(&str, &str); FACTS.len()] = {
    let mut all = [("", ""); FACTS.len()];
    let mut rest: &[Fact] = &FACTS;
    let mut room: &mut [(&str, &str)] = &mut all;
    while let ([fact, facts @ ..], [slot, slots @ ..]) = (rest, room) {
        *slot = (fact.id, fact.title);
        (rest, room) = (facts, slots);
    }
    all
};

/// The name of a format for people.
#[must_use]
pub fn format(id: &str) -> String {
    let name = match id {
        "archive" => "Archive",
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
    fn the_short_list_of_presets_is_that_of_the_analyses() {
        let long: Vec<_> = crate::analysis::presets::all().iter().map(|p| (&*p.id, &*p.title, &*p.citation, p.months, p.url.clone(), &*p.confidence)).collect();
        let months = |m: u16| (m > 0).then_some(u32::from(m));
        let short: Vec<_> = FACTS.iter().map(|f| (f.id, f.title, f.citation, months(f.months), f.url(), f.confidence)).collect();
        assert_eq!(short, long);
        assert_eq!(PRESETS.last().map(|p| p.0), FACTS.last().map(|f| f.id));
        assert!(FACTS.iter().all(|f| f.place.len() > 5 && !f.sure().is_empty()));
    }

    #[test]
    fn a_channel_without_a_name_of_its_own_is_shown_as_written() {
        assert_eq!(channel("email"), "E-mail");
        assert_eq!(channel("pigeon"), "Pigeon");
    }
}
