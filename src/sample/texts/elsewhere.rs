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
