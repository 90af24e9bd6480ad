//! Sentences that refer to a channel, and sentences that only name one. Some of the first are such as no phrase covers.

/// Something was written on `{c}`.
pub const MENTION: [&[&str]; 6] = [
    &[
        "As I said on {c}, {n} tonnes is the limit.",
        "I sent you the offer for {g} on {c} yesterday.",
        "Thanks for your {c} message, {n} units it is.",
        "Please see my {c}, the draft agreement {r} is there.",
        "The price is the one you gave me on {c}.",
        "Wrote it on {c} already: {n} tonnes.",
    ],
    &["Wie auf {c} geschrieben: {n} Tonnen, nicht mehr.", "Das Angebot {r} habe ich Ihnen gerade über {c} geschickt.", "Steht alles in {c}, Zeichen {r}."],
    &["Como te dije por {c}, {n} toneladas.", "Le envié la oferta por {c} ayer.", "Está todo en el {c}, referencia {r}."],
    &["{c}上说过,{n}吨。", "报价我{c}发你了,请确认。", "细节都在{c}里,编号{r}。"],
    &["كما ذكرت لك في {c}، {n} طن.", "أرسلت لك العرض على {c} أمس."],
    &["Comme dit sur {c}, {n} tonnes.", "Je vous ai envoyé l'offre par {c} hier.", "Tout est dans {c}, référence {r}."],
];
/// `{c}` is what is spoken of.
pub const PRODUCT: [&[&str]; 6] = [
    &[
        "Shares of the owner of {c} fell again, our desk stays at {n} lots.",
        "Reminder of the policy: orders must not be placed on {c}.",
        "Best regards, sales desk. {c}: on request.",
        "The {c} outage delayed the papers for {g}.",
        "If a buyer sends you an order on {c}, please ask for an e-mail.",
        "I sent you the report on {c} usage by department.",
        "We do not use {c} for contracts.",
        "Invoice {r} of {c} is due on {d}.",
    ],
    &["Laut Richtlinie darf über {c} nichts bestellt werden.", "Die Rechnung von {c} ist am {d} fällig.", "Der Bericht über {c} ist fertig."],
    &["Está prohibido usar {c} con clientes.", "La factura de {c} vence el {d}.", "El contrato de {c} está firmado."],
    &["公司规定不得用{c}联系客户。", "{c}的发票{d}到期。", "{c}停机,{n}件延误。"],
    &["سياسة الشركة تمنع استخدام {c}.", "فاتورة {c} تستحق يوم {d}."],
    &["L'usage de {c} est interdit avec les clients.", "La facture de {c} est due le {d}."],
];
/// What was said in calls and meetings, nothing of it written. The firm itself does not hold them: its texts stay as they were drawn.
#[cfg(test)]
pub const CALLS: [&str; 22] = [
    "Following our Teams call, the price stands.",
    "Following our WhatsApp call, the price stands.",
    "As discussed on Teams, the offer stands.",
    "As agreed on Teams, 400 tonnes.",
    "As I said on Skype, the vessel is late.",
    "As discussed on Slack, we wait.",
    "As we agreed on Teams yesterday, the contract follows.",
    "On Teams you said 40 lots.",
    "I told you on Skype that the vessel is late.",
    "As per our Teams meeting, the order is open.",
    "Following our Skype conversation, the order is open.",
    "As discussed in the Teams meeting, the order is open.",
    "Wie auf Teams besprochen, 40 Tonnen.",
    "Wie im Teams-Anruf besprochen, 40 Tonnen.",
    "Comme convenu sur Teams, 40 tonnes.",
    "Como acordamos por Teams, 40 toneladas.",
    "Como combinamos no Teams, 40 toneladas.",
    "Come concordato su Teams, 40 tonnellate.",
    "Zoals op Teams besproken, 40 ton.",
    "Как договорились в Teams, 40 тонн.",
    "微信电话里说过,40吨。",
    "詳細はLINEで電話しました",
];
