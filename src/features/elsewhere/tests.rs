use proptest::prelude::*;

use super::*;
use crate::features::facts;

fn found(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let said = facts(text.as_bytes(), false).signs.elsewhere;
    (said.written().collect(), said.invited().collect())
}

/// Each with the channel on which it says that something was written.
const WRITTEN: &[(&str, &str)] = &[
    ("As I said on WhatsApp, 400 tonnes is the limit.", "whatsapp"),
    ("as i wrote you on whatsapp the vessel is late", "whatsapp"),
    ("As I wrote on Teams, the offer stands.", "teams"),
    ("See my text of this morning about zinc.", "sms"),
    ("Did you get my text? The order is urgent.", "sms"),
    ("I texted you the price.", "sms"),
    ("See my WhatsApp, the draft is there.", "whatsapp"),
    ("Sure, I have just sent you a message on WhatsApp.", "whatsapp"),
    ("I've sent you the numbers on Signal yesterday", "signal"),
    ("thanks for your WeChat message, the contract is fine", "wechat"),
    ("On Telegram you said 40 lots.", "telegram"),
    ("Wie auf WhatsApp geschrieben: 40 Tonnen, nicht mehr.", "whatsapp"),
    ("Gern, ich habe Ihnen gerade auf WhatsApp geschrieben.", "whatsapp"),
    ("Hab dir die Rechnung per SMS geschickt", "sms"),
    ("siehe meine WhatsApp-Nachricht", "whatsapp"),
    ("Wie auf Signal besprochen, wird das Schiff entladen", "signal"),
    ("Comme dit sur WhatsApp, 40 tonnes.", "whatsapp"),
    ("Je t'ai envoyé le prix par SMS hier", "sms"),
    ("je viens de t'écrire sur Telegram", "telegram"),
    ("Como te dije por WhatsApp, 40 toneladas.", "whatsapp"),
    ("te mandé un WhatsApp con el precio", "whatsapp"),
    ("Claro, te acabo de escribir por WhatsApp.", "whatsapp"),
    ("Le envié la oferta por Telegram", "telegram"),
    ("como falei no WhatsApp, são 40 toneladas", "whatsapp"),
    ("já te mandei pelo zap", "whatsapp"),
    ("Come ti ho scritto su WhatsApp, va bene", "whatsapp"),
    ("ti ho mandato il contratto su Telegram", "telegram"),
    ("zoals ik appte, morgen laden", "whatsapp"),
    ("Ik heb je net via WhatsApp gestuurd wat je vroeg", "whatsapp"),
    ("zoals via Signal besproken", "signal"),
    ("Jak pisałem na WhatsAppie, ładunek jest w porcie", "whatsapp"),
    ("как писал в ватсапе, груз в порту", "whatsapp"),
    ("Отправил вам счёт в телеграм", "telegram"),
    ("я тебе в вотсапе написал вчера", "whatsapp"),
    ("WhatsApp'tan yazdığım gibi, 40 ton", "whatsapp"),
    ("sana Telegramdan gönderdim", "telegram"),
    ("كما ذكرت لك في الواتساب، 40 طن.", "whatsapp"),
    ("أرسلت لك العقد على الواتس اب", "whatsapp"),
    ("jaise whatsapp pe bola tha", "whatsapp"),
    ("微信上说过,40吨。", "wechat"),
    ("我微信发你了", "wechat"),
    ("合同WhatsApp上发给你了", "whatsapp"),
    ("看一下我的微信", "wechat"),
    ("企业微信上说过了", "wecom"),
    ("LINEで伝えた通りです", "line"),
    ("詳細はLINEで送りました", "line"),
    ("카톡으로 말씀드린 대로 진행합니다", "kakaotalk"),
    ("카톡으로 보냈습니다", "kakaotalk"),
    ("seperti di WhatsApp tadi", "whatsapp"),
];

const INVITED: &[(&str, &str)] = &[
    ("let's take it to Telegram", "telegram"),
    ("Could you whatsapp me? It is quicker for me.", "whatsapp"),
    ("add me on WeChat", "wechat"),
    ("Please text me on my mobile, I am travelling this week.", "sms"),
    ("schreib mir auf Signal", "signal"),
    ("Escríbeme por WhatsApp, es más rápido para mí.", "whatsapp"),
    ("Écris-moi sur WhatsApp, c'est plus rapide.", "whatsapp"),
    ("加我微信吧,邮件我看得少。", "wechat"),
    ("راسلني على الواتساب، أسرع لي.", "whatsapp"),
    ("напиши мне в телегу", "telegram"),
    ("Scrivimi su WhatsApp", "whatsapp"),
    ("me chama no zap", "whatsapp"),
    ("LINEしてね", "line"),
];

/// Names that say nothing.
const NOTHING: &[&str] = &[
    "WhatsApp shares fell again.",
    "I sent you the report on WhatsApp usage.",
    "Our WhatsApp policy: business must not be discussed on WhatsApp.",
    "You must not write to clients on WhatsApp.",
    "Messages sent on Telegram are not retained.",
    "Kind regards\nAna Bell\nWhatsApp: +44 20 7946 0000",
    "-- \nas I said on WhatsApp",
    "https://web.whatsapp.com and https://t.me/x",
    "I never wrote to you on WhatsApp.",
    "If you sent it on WhatsApp, tell us.",
    "We sent you a verification code by SMS.",
    "the signal on line 4 is weak, see the text of the contract",
    "Please see the text in clause 4 and my text for the brochure",
    "see my texture samples",
    "our teams discussed the offer in teams of two",
    "the next line of the contract reads: slack in the schedule",
    "> As I said on WhatsApp, 400 tonnes is the limit.\nNoted, thanks.",
    "Noted.\n\nOn Mon, 2 Mar 2026 Bo wrote:\n\nAs I said on WhatsApp, 400 tonnes.",
    "Passt.\n\n-----Original Message-----\nSee my WhatsApp.",
    "Ok.\n\nFrom: Bo\nSent: Monday\n\nSee my WhatsApp.",
    "Über WhatsApp darf nichts geschickt werden.",
    "Die Freigabe soll heute per SMS geschickt werden",
    "Kein Wort davon habe ich auf WhatsApp geschrieben, ich habe nie auf WhatsApp geschrieben",
    "WhatsApp est interdit pour les clients",
    "No te mandé un WhatsApp",
    "El uso de WhatsApp está prohibido",
    "禁止在微信上发过客户资料",
    "微信支付",
    "我没在微信上说过",
    "ya no uso WhatsApp",
    "LINEで送ってはいけません",
    "The telegram from 1914 is in the museum; he wrote on telegraph poles.",
    "mywhatsapp as I said on mywhatsapp",
    "500 غرام",
    "",
];

#[test]
fn what_was_written_elsewhere_is_told_in_many_languages() {
    let wrong: Vec<_> = WRITTEN.iter().filter(|(text, channel)| found(text).0 != [*channel]).map(|(t, _)| (t, found(t))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_invitation_is_no_traffic() {
    let wrong: Vec<_> = INVITED.iter().filter(|(text, channel)| found(text) != (vec![], vec![*channel])).map(|(t, _)| (t, found(t))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_name_alone_says_nothing() {
    let wrong: Vec<_> = NOTHING.iter().filter(|text| found(text) != (vec![], vec![])).map(|t| (t, found(t))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_name_is_found_at_every_place() {
    for name in names::all() {
        for before in 0..17 {
            let text = format!("{} {} {}", "-".repeat(before), name.text, "- ".repeat(20));
            let from = before + 1;
            let (mut at, mut seen) = (0, false);
            while let Some((place, bucket)) = names::NAMES.next(text.as_bytes(), at) {
                seen |= names::NAMES.name(text.as_bytes(), place, bucket).is_some_and(|(f, n)| f == from && n.channel == name.channel);
                at = place + 3;
            }
            assert!(seen, "{} behind {before}", name.text);
        }
    }
}

#[test]
fn the_triples_of_a_name_lie_within_it_but_for_the_shortest() {
    for name in names::all() {
        let inside = name.at >= 0 && name.at as usize + 5 <= name.text.len();
        assert!(inside || ["sms", "zap", "text"].contains(&name.text), "{}", name.text);
    }
}

#[test]
fn every_phrase_names_its_channel() {
    assert_eq!(clause::phrases(), phrases::WRITTEN.len() + phrases::INVITED.len());
    assert!(crate::model::elsewhere::CHANNELS.len() <= 16);
}

#[test]
fn a_list_of_names_does_not_stop_the_reading() {
    let text = "whatsapp ".repeat(2000) + "as I said on WhatsApp.";
    assert_eq!(found(&text), (vec![], vec![]));
}

proptest! {
    #[test]
    fn any_bytes_are_looked_at_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = facts(&bytes, false);
    }

    #[test]
    fn phrases_cut_anywhere_are_looked_at_without_harm(n in 0..WRITTEN.len(), from in 0usize..80, to in 0usize..120, junk in "\\PC{0,20}") {
        let text = format!("{junk}{}{junk}", WRITTEN[n].0);
        let bytes = text.as_bytes();
        let (from, to) = (from.min(bytes.len()), to.min(bytes.len()));
        let _ = facts(bytes.get(from..to.max(from)).unwrap_or_default(), false);
        let mut gather = crate::features::Gather::default();
        gather.add(&bytes[..from]);
        gather.add(&bytes[from..]);
        let _ = gather.facts();
    }

    #[test]
    fn what_stands_before_does_not_hide_a_phrase(n in 0..WRITTEN.len(), before in "[a-z ]{0,40}") {
        let (text, channel) = WRITTEN[n];
        prop_assert_eq!(found(&format!("{before}. {text}")).0, vec![channel]);
    }
}
