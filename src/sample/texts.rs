//! What people write: invented, harmless sentences about orders, contracts, deliveries and meetings. A text is made from its kind,
//! language and seed when it is written out, so that traffic holds no text.

mod elsewhere;
pub mod secrets;

#[cfg(test)]
pub use elsewhere::CALLS;
use elsewhere::{MENTION, PRODUCT};

use super::random::Random;

/// Language of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
    /// Chinese, simplified.
    Chinese,
    /// Arabic.
    Arabic,
    /// French.
    French,
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ordinary business.
    Work,
    /// Among colleagues.
    Inside,
    /// Asks to change to a messenger.
    MoveAsk,
    /// Agrees to it.
    MoveYes,
    /// Declines and points to the work address.
    Redirect,
    /// Refers to something said on the messenger of this name.
    Mention(&'static str),
    /// Speaks of that product or of the policy on it: nothing was said there.
    Product(&'static str),
    /// Introduces a successor.
    Handover,
    /// A question that waits for an answer.
    Question,
    /// Private life.
    Private,
    /// A picture or document.
    Media,
    /// Private life with bills, orders and contracts in it.
    Errand,
    /// About work, as agents on no list write.
    Agent,
    /// Sensitive data ([`secrets`]).
    Secret,
    /// What looks like sensitive data and is none.
    Decoy,
}

/// Sentences: `{g}` goods, `{n}` number, `{p}` port, `{d}` weekday, `{r}` reference.
const WORK: [&[&str]; 6] = [
    &[
        "The contract for {n} tonnes of {g} is signed, reference {r}.",
        "Could you confirm delivery of {g} at {p} on {d}?",
        "Our revised offer for {g} stands at {n} per tonne.",
        "The vessel is expected at {p} on {d}, papers follow.",
        "Please find the order {r} for {n} units.",
        "Invoice {r} is due on {d}.",
        "We would like to move the meeting to {d}, same place.",
        "The inspection at {p} went well, {n} bags checked.",
        "Can we fix the price for {g} this week?",
        "Thanks, noted.",
        "The buyer asks for {n} more, is that possible?",
        "I will send the draft agreement {r} before {d}.",
        "The warehouse in {p} confirms {n} pallets.",
        "Customs cleared the {g} this morning.",
        "Let us keep the payment terms at thirty days.",
        "Yes, {d} works for us.",
        "Two containers of {g} were delayed at {p}.",
        "Please quote {n} tonnes of {g}, loading {p}.",
        "Agreed. I will book the freight.",
        "Understood, I will come back to you on {d}.",
    ],
    &[
        "Der Vertrag über {n} Tonnen {g} ist unterschrieben, Zeichen {r}.",
        "Können Sie die Lieferung am {d} in {p} bestätigen?",
        "Unser neues Angebot für {g} liegt bei {n} je Tonne.",
        "Danke, passt so.",
        "Die Rechnung {r} ist am {d} fällig.",
        "Das Schiff läuft am {d} in {p} ein.",
        "Wir würden das Treffen gern auf {d} legen.",
        "Bitte um ein Angebot über {n} Tonnen {g}.",
    ],
    &[
        "El contrato por {n} toneladas de {g} está firmado, referencia {r}.",
        "¿Puede confirmar la entrega en {p} el {d}?",
        "Nuestra oferta por {g} queda en {n} por tonelada.",
        "Gracias, recibido.",
        "La factura {r} vence el {d}.",
        "El buque llega a {p} el {d}.",
        "¿Movemos la reunión al {d}?",
        "Necesitamos {n} unidades más, ¿es posible?",
    ],
    &[
        "{g}的合同已签,编号{r},共{n}吨。",
        "请确认{d}在{p}的交货。",
        "{g}的新报价是每吨{n}。",
        "好的,收到。",
        "发票{r}{d}到期。",
        "船{d}到{p}。",
        "会议改到{d}可以吗?",
        "再加{n}件可以吗?",
    ],
    &[
        "تم توقيع عقد {n} طن من {g}، المرجع {r}.",
        "هل يمكن تأكيد التسليم في {p} يوم {d}؟",
        "عرضنا الجديد {n} للطن.",
        "شكراً، وصلني.",
        "الفاتورة {r} تستحق يوم {d}.",
        "تصل السفينة إلى {p} يوم {d}.",
        "هل ننقل الاجتماع إلى {d}؟",
    ],
    &[
        "Le contrat pour {n} tonnes de {g} est signé, référence {r}.",
        "Pouvez-vous confirmer la livraison à {p} le {d} ?",
        "Merci, bien noté.",
        "La facture {r} est due le {d}.",
        "Le navire arrive à {p} le {d}.",
        "On décale la réunion à {d} ?",
    ],
];
const INSIDE: &[&str] = &[
    "Can you look at the margin on {r}?",
    "I am in a meeting until {n} past, will call after.",
    "The {g} position is in the sheet, {n} lots.",
    "Who covers {p} on {d}?",
    "Month-end figures are up, please check your desk.",
    "Done.",
    "Thanks!",
    "The client wants an answer by {d}.",
    "Freight from {p} went up again, {n} now.",
    "Please approve the order {r}.",
    "Let us talk at the {d} meeting.",
    "I have updated the contract {r}.",
    "The visit from {p} is on {d}, room {n}.",
    "Looks good to me.",
    "Could someone check invoice {r}?",
    "Quiet day here. {g} hardly moved.",
    "Training on {d}, please sign up.",
    "Agreed, go ahead.",
];
const MOVE_ASK: [&[&str]; 6] = [
    &[
        "Could you whatsapp me? It is quicker for me.",
        "Please text me on my mobile, I am travelling this week.",
        "Let's move to WhatsApp for the daily prices, I rarely see e-mail.",
    ],
    &["Können Sie mir auf WhatsApp schreiben? Schreib mir auf WhatsApp, das geht schneller."],
    &["Escríbeme por WhatsApp, es más rápido para mí.", "¿Hablamos por WhatsApp? Te mando un WhatsApp."],
    &["方便的话加我微信,或者发我WhatsApp。", "加我微信吧,邮件我看得少。"],
    &["راسلني على الواتساب، أسرع لي."],
    &["Écris-moi sur WhatsApp, c'est plus rapide."],
];
const MOVE_YES: [&[&str]; 6] = [
    &["Sure, I have just sent you a message on WhatsApp.", "Of course, you have my number. Talk there."],
    &["Gern, ich habe Ihnen gerade auf WhatsApp geschrieben."],
    &["Claro, te acabo de escribir por WhatsApp."],
    &["好的,已经发给你了。"],
    &["تمام، أرسلت لك الآن."],
    &["Bien sûr, je viens d'écrire."],
];
const REDIRECT: [&[&str]; 6] = [
    &[
        "Thank you. Please e-mail my work address for this: company policy asks us to use e-mail for orders.",
        "Happy to help, but please e-mail my work address so that nothing gets lost.",
    ],
    &["Danke! Bitte an meine dienstliche Adresse schreiben, dann geht nichts verloren."],
    &["Gracias. Por favor escríbame al correo del trabajo, es nuestra norma."],
    &["谢谢,请发到我的工作邮箱。"],
    &["شكراً، يرجى مراسلتي على بريد العمل."],
    &["Merci d'écrire à mon adresse professionnelle pour ce sujet."],
];
const HANDOVER: &[&str] = &[
    "From next month my colleague in copy looks after your orders. I am sure you will be in good hands.",
    "Let me introduce my colleague in copy, who takes over your account.",
];
const QUESTION: &[&str] = &[
    "I have not heard back: can you confirm order {r} for {n} tonnes of {g}?",
    "Following up on my last mail. Is the delivery to {p} still on for {d}?",
    "Who is looking after our contract {r} now?",
    "We need an answer on the {g} price by {d}, please.",
];
const PRIVATE: [&[&str]; 6] = [
    &[
        "Are you coming for dinner on {d}?",
        "Happy birthday!! 🎂",
        "The kids loved the park",
        "Running late, start without me",
        "Did you see the match?",
        "haha yes",
        "I will pick up bread",
        "Call me when you are home",
        "Five-a-side on {d}, who is in?",
        "👍",
        "Mum says hello",
        "Train is delayed again 🙄",
    ],
    &[
        "Kommst du am {d} zum Essen?",
        "Alles Gute zum Geburtstag! 🎂",
        "Die Kinder schlafen schon",
        "Ich hole noch Brot",
        "haha genau",
        "Hast du das Spiel gesehen?",
        "Der Zug hat wieder Verspätung 🙄",
        "Ruf an, wenn du zu Hause bist",
        "Oma lässt grüßen",
        "Wer bringt am {d} den Kuchen mit?",
    ],
    &[
        "¿Vienes a cenar el {d}?",
        "¡Feliz cumpleaños! 🎂",
        "Los niños ya duermen",
        "jajaja sí",
        "Compro el pan yo",
        "¿Viste el partido?",
        "Llego tarde, empezad sin mí",
        "Me hago cargo de los niños el {d}",
        "Llámame cuando llegues a casa",
        "Un beso de la abuela",
    ],
    &["{d}来吃饭吗?", "生日快乐🎂", "孩子们睡了", "哈哈是的", "我去买菜", "到家给我打电话", "昨晚的球赛看了吗?", "妈妈问你好", "又堵车了🙄", "周末去爬山吧"],
    &[
        "هل تأتي للعشاء يوم {d}؟",
        "كل عام وأنت بخير 🎂",
        "الأولاد ناموا",
        "ههههه صحيح",
        "سأشتري الخبز",
        "شفت المباراة؟",
        "اتصل بي لما توصل البيت",
        "أمي تسلم عليك",
        "وصلت متأخر اليوم",
    ],
    &[
        "Tu viens dîner {d} ?",
        "Joyeux anniversaire ! 🎂",
        "Les enfants dorment déjà",
        "mdr oui",
        "Je prends le pain",
        "Tu as vu le match ?",
        "Appelle-moi quand tu rentres",
        "Mamie t'embrasse",
        "Le train est encore en retard 🙄",
    ],
];
/// Private, although it sounds like business at times.
const ERRAND: [&[&str]; 6] = [
    &[
        "The boiler part arrives on {d}, {n} pounds all in",
        "Can you send the invoice for the bathroom?",
        "I paid the deposit, thanks for sorting it",
        "The contract for the flat runs until spring",
        "Did the delivery of the sofa come?",
        "Great price, let's order the tiles then",
        "ok see you {d}",
        "The rent is due on {d}, sorry I was away",
        "Leak is back under the sink 😩",
        "Key is under the pot",
        "In a meeting, can you let him in?",
    ],
    &[
        "Die Rechnung vom Klempner ist da",
        "Das Auto ist am {d} fertig",
        "Der Mietvertrag läuft noch bis Mai",
        "Hast du die Bestellung für den Garten gemacht?",
        "Super, danke dir",
        "Kannst du am {d} die Kinder holen?",
        "Das Sofa kommt erst {d}",
    ],
    &[
        "La factura de la luz vence el {d}",
        "¿Llegó el pedido de los zapatos?",
        "El contrato del piso es hasta mayo",
        "Vale, gracias guapa",
        "¿Puedes recoger a los niños el {d}?",
        "Qué calor hace hoy",
    ],
    &["房租{d}交", "快递到了吗?", "水电费我付了", "好的谢谢", "晚上一起吃饭"],
    &["فاتورة الكهرباء وصلت", "شكراً لك", "متى ترجع البيت؟"],
    &["La facture d'électricité est arrivée", "Merci ma belle", "Tu récupères les enfants {d} ?"],
];
/// What surveyors, hauliers and customs agents write.
const AGENT: [&[&str]; 6] = [
    &[
        "Morning. Draft survey at {p} done, {n} tonnes by scale, report tonight",
        "Attending the discharge at {p} now",
        "Moisture is above the contract limit, do you want a second sample?",
        "ok",
        "Will do",
        "Photos follow",
        "Please confirm the order number for the certificate",
        "The shipment is blocked at customs until {d}",
        "Demurrage starts {d} if no berth",
        "My invoice {r} went to your accounts team",
        "See certificate_{n}.pdf, original by courier",
        "Thanks, have a good evening",
        "Tally says {n} bags, the bill of lading says more",
        "Truck no show again, moved to {d}",
        "Who signs for the buyer?",
    ],
    &[
        "Das Schiff liegt auf Reede, Einlaufen {d}",
        "Die Frachtpapiere sind beim Zoll",
        "Brauche noch den Lieferschein zu {r}",
        "Passt",
        "Rechnung {r} geht heute an Ihre Buchhaltung raus",
        "Moin, Löschung läuft, {n} Tonnen bisher",
        "Kunde hat die Ware abgenommen",
        "Danke Ihnen",
        "Melde mich {d}",
    ],
    &[
        "El buque atraca el {d}",
        "Falta el conocimiento de embarque de {r}",
        "Listo",
        "La aduana pide la factura original",
        "Descargadas {n} toneladas",
        "Buenos días",
        "Le mando la cotización del flete hoy",
        "El cliente ya firmó la entrega",
        "Perfecto, gracias",
    ],
    &[
        "船{d}靠港",
        "提单还没到",
        "收到",
        "报关资料还差发票",
        "客户已经签收{n}吨",
        "好的",
        "运费报价稍后发你",
        "辛苦了",
        "合同号是{r}吧?",
        "仓库{d}休息,发货改期",
    ],
    &[
        "السفينة تصل يوم {d}",
        "بوليصة الشحن ناقصة",
        "تمام",
        "الجمارك تطلب الفاتورة الأصلية",
        "صباح الخير",
        "تم تفريغ {n} طن من البضاعة",
        "شكراً",
        "العميل استلم الشحنة",
    ],
    &[
        "Le navire accoste {d}",
        "Il manque le connaissement {r}",
        "Bien reçu",
        "La douane demande la facture d'origine",
        "Bonjour",
        "{n} tonnes déchargées ce matin",
        "Le fournisseur confirme la livraison",
        "Merci, bonne soirée",
    ],
];
const GOODS: [&[&str]; 6] = [
    &["copper cathode", "zinc", "wheat", "soybean meal", "gas oil", "steel coil", "coffee", "cement", "timber", "urea"],
    &["Kupfer", "Zink", "Weizen", "Stahl", "Kaffee"],
    &["cobre", "zinc", "trigo", "café", "acero"],
    &["铜", "锌", "小麦", "钢材", "水泥"],
    &["النحاس", "القمح", "الحديد", "الأسمنت"],
    &["cuivre", "zinc", "blé", "acier", "café"],
];
const PORTS: [&[&str]; 6] = [
    &["Antwerp", "Rotterdam", "Felixstowe", "Santos", "Durban", "Port Klang", "Jebel Ali", "Gdansk"],
    &["Antwerpen", "Rotterdam", "Hamburg", "Danzig"],
    &["Santos", "Veracruz", "Callao", "Valencia"],
    &["上海", "宁波", "青岛", "新加坡"],
    &["جبل علي", "صحار", "الدمام"],
    &["Anvers", "Le Havre", "Marseille"],
];
const DAYS: [&[&str]; 6] = [
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
    &["lunes", "martes", "miércoles", "jueves", "viernes"],
    &["周一", "周二", "周三", "周四", "周五"],
    &["الاثنين", "الثلاثاء", "الأربعاء", "الخميس"],
    &["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
];

fn of<'a>(table: &'a [&'a [&'static str]; 6], language: Language) -> &'a [&'static str] {
    table.get(language as usize).copied().unwrap_or_default()
}

fn sentence(random: &mut Random, pattern: &str, name: &str, language: Language, out: &mut String) {
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, tail) = after.split_once('}').unwrap_or((after, ""));
        match slot {
            "g" => out.push_str(random.word(of(&GOODS, language))),
            "p" => out.push_str(random.word(of(&PORTS, language))),
            "d" => out.push_str(random.word(of(&DAYS, language))),
            "c" => out.push_str(name),
            "n" => out.push_str(&(5 * random.between(1, 240)).to_string()),
            _ => out.push_str(&format!("MQ-{:05}", random.below(100_000))),
        }
        rest = tail;
    }
    out.push_str(rest);
}

/// Appends one text. The same kind, language and seed give the same text.
pub fn write(kind: Kind, language: Language, seed: u64, sentences: usize, out: &mut String) {
    let mut random = Random::new(seed);
    for i in 0..sentences.max(1) {
        if i > 0 {
            out.push(' ');
        }
        let (pattern, language) = match kind {
            Kind::Work => (random.word(of(&WORK, language)), language),
            Kind::MoveAsk if i == 0 => (random.word(of(&MOVE_ASK, language)), language),
            Kind::MoveYes if i == 0 => (random.word(of(&MOVE_YES, language)), language),
            Kind::Redirect if i == 0 => (random.word(of(&REDIRECT, language)), language),
            Kind::Mention(_) if i == 0 => (random.word(of(&MENTION, language)), language),
            Kind::Product(_) if i == 0 => (random.word(of(&PRODUCT, language)), language),
            Kind::MoveAsk | Kind::MoveYes | Kind::Redirect | Kind::Mention(_) | Kind::Product(_) => return,
            Kind::Handover => (random.word(HANDOVER), Language::English),
            Kind::Question => (random.word(QUESTION), Language::English),
            Kind::Private => (random.word(of(&PRIVATE, language)), language),
            Kind::Errand => (random.word(of(&ERRAND, language)), language),
            Kind::Agent => (random.word(of(&AGENT, language)), language),
            Kind::Secret => return secrets::write(seed, &mut random, out),
            Kind::Decoy => return secrets::decoy(&mut random, out),
            Kind::Inside | Kind::Media => (random.word(INSIDE), Language::English),
        };
        let name = if let Kind::Mention(name) | Kind::Product(name) = kind { name } else { "" };
        sentence(&mut random, pattern, name, language, out);
    }
}

/// A subject line.
#[must_use]
pub fn subject(language: Language, seed: u64) -> String {
    let mut random = Random::new(seed ^ 0x5b);
    let goods = random.word(of(&GOODS, language));
    let port = random.word(of(&PORTS, language));
    let no = random.below(100_000);
    match random.below(4) {
        0 => format!("{goods} {port}"),
        1 => format!("{goods}, MQ-{no:05}"),
        2 => format!("MQ-{no:05} {port}"),
        _ => format!("{port}: {goods} {}", random.word(of(&DAYS, language))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_in_and_repeatable() {
        for language in [Language::English, Language::German, Language::Spanish, Language::Chinese, Language::Arabic, Language::French] {
            for kind in [
                Kind::Work,
                Kind::Inside,
                Kind::MoveAsk,
                Kind::MoveYes,
                Kind::Redirect,
                Kind::Mention("Signal"),
                Kind::Product("Signal"),
                Kind::Handover,
                Kind::Question,
                Kind::Private,
                Kind::Errand,
                Kind::Agent,
                Kind::Secret,
                Kind::Decoy,
            ] {
                for seed in 0..40 {
                    let (mut a, mut b) = (String::new(), String::new());
                    write(kind, language, seed, 2, &mut a);
                    write(kind, language, seed, 2, &mut b);
                    assert_eq!(a, b);
                    assert!(!a.is_empty() && !a.contains(['{', '}', '\n']), "{a}");
                }
            }
        }
    }
}
