//! What counts and what does not. The numbers are the specimens of the issuing bodies, or made for these tests.

use super::*;

fn kinds(text: &str) -> Kinds {
    let marks = text.bytes().filter(|b| (b'0'..=b'=').contains(b)).count() as u64;
    if marks == 0 { if framed(text.as_bytes()) { Kinds::CREDENTIAL } else { Kinds::NONE } } else { look(text.as_bytes(), marks) }
}

#[test]
fn cards_count_by_prefix_check_digit_and_grouping() {
    for card in [
        "4111 1111 1111 1111",
        "my card 4111-1111-1111-1111 exp 12/27",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "3530111333300000",
        "3056 930902 5904",
        "6200000000000005",
        "卡号4111111111111111,有效期",
        "order 12 4111 1111 1111 1111 27",
        "Visa 4222222222222",
        "(4111111111111111)",
    ] {
        assert_eq!(kinds(card), Kinds::CARD, "{card}");
    }
    for none in [
        "4111 1111 1111 1112",
        "4111 11111111 1111",
        "1700000000000",
        "1700000000123456",
        "20260312093000",
        "tracking 9400111899223197428490",
        "+44 7700 900142 +44 7700 900143",
        "IMEI 356938035643809",
        "EAN 4222222222222",
        "https://x.example/o/4111111111111111",
        "id=A4111111111111111",
        "0000 0000 0000 0000",
        "4100 4200 4350 4410",
        "4000 0000 0000 0010",
        "2026-03-12 09:30:00.123456",
        "1Z999AA10123456784",
        "12.03.2026 14.05.2026 16.07.2026",
    ] {
        assert_eq!(kinds(none), Kinds::NONE, "{none}");
    }
}

#[test]
fn ibans_count_by_country_length_and_remainder() {
    for iban in
        ["GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "IBAN: FR14 2004 1010 0505 0001 3M02 606.", "NO93 8601 1117 947", "SA0380000000608010167519"]
    {
        assert_eq!(kinds(iban), Kinds::IBAN, "{iban}");
    }
    for none in ["GB29 NWBK 6016 1331 9268 18", "DE8937040044053201300", "ZZ89370400440532013000", "MQ29 NWBK 6016 1331 9268 19"] {
        assert_eq!(kinds(none), Kinds::NONE, "{none}");
    }
}

#[test]
fn national_numbers_count_by_their_check_digits() {
    for number in [
        "1 85 05 78 006 084 91",
        "2 55 08 14 168 025 38",
        "255081416802538",
        "DNI 12345678Z",
        "mi NIE es X1234567L",
        "RSSMRA85T10A562S",
        "11010519491231002X",
        "110101199003070003",
        "529.982.247-25",
        "CPF 52998224725",
        "S1234567D",
        "131052-308T",
        "personnummer 811228-9874",
        "29029600013",
        "SSN 078-05-1120",
        "social security number is 219 09 9999",
    ] {
        assert_eq!(kinds(number), Kinds::NATIONAL, "{number}");
    }
    for none in [
        "1 85 05 78 006 084 92",
        "12345678Z",
        "DNI 12345678A",
        "RSSMRA85T10A562T",
        "110105194912310021",
        "529.982.247-26",
        "52998224725",
        "S1234567A",
        "811228-9874",
        "078-05-1120",
        "SSN 000-05-1120",
        "invoice 20260312-1234",
    ] {
        assert_eq!(kinds(none), Kinds::NONE, "{none}");
    }
    assert_eq!(kinds("NHS number 943 476 5919"), Kinds::HEALTH);
    assert_eq!(kinds("NHS no. 9434765919"), Kinds::HEALTH);
    assert_eq!(kinds("call 943 476 5919"), Kinds::NONE);
    assert_eq!(kinds("NHS number 943 476 5918"), Kinds::NONE);
}

#[test]
fn passwords_and_keys_count_only_with_a_value() {
    for credential in [
        "password: hunter2",
        "The password is Tr0ub4dor&3, thanks",
        "Passwort lautet Sommer2026!",
        "contraseña: Verano2026",
        "la contraseña es Verano2026",
        "密码:abc12345",
        "密码是abc12345",
        "密码：abc12345",
        "كلمة المرور: Dubai2026",
        "mot de passe : Ete2026!",
        "API_KEY=9f8e7d6c5b4a",
        "AKIAIOSFODNN7EXAMPLE",
        "token ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "sk-proj-abcdefghij0123456789ABCDEFGHIJ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
    ] {
        assert_eq!(kinds(credential), Kinds::CREDENTIAL, "{credential}");
    }
    for none in [
        "password: see separate mail",
        "I forgot my password again, 2 times",
        "password: ********",
        "Passwort: folgt um 5",
        "answer: 4711abc",
        "reset the password: https://x.example/a1b2c3",
        "sk-learn-model-of-the-year-2",
        "-----BEGIN CERTIFICATE-----",
        "the word password is seven7-ish".strip_suffix("seven7-ish").unwrap(),
        "meeting at 12:30, room w=3",
    ] {
        assert_eq!(kinds(none), Kinds::NONE, "{none}");
    }
}

/// The same number with its check digit taken from what is left.
fn with_check(body: &[u8], fits: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let all = (0..10).map(|d| [body, &[d]].concat());
    all.filter(|n| fits(n)).collect()
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_looked_at_without_harm(text in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = (look(&text, text.len() as u64), framed(&text));
    }

    #[test]
    fn numbers_with_signs_are_looked_at_without_harm(text in "[0-9A-Z \\-.:=]{0,120}|[0-9]{0,60}|([0-9]{3,4}[ .-]){0,12}") {
        let _ = look(text.as_bytes(), text.len() as u64);
    }

    #[test]
    fn one_check_digit_of_ten_fits_a_card(body in proptest::collection::vec(0u8..10, 14)) {
        let body = [&[4u8][..], &body].concat();
        let fitting = with_check(&body, checks::card);
        proptest::prop_assert!(fitting.len() == 1 || body.iter().skip(1).all(|d| *d == body[1]));
    }

    #[test]
    fn a_changed_digit_of_a_card_is_seen(body in proptest::collection::vec(0u8..10, 14), at in 0usize..16, by in 1u8..10) {
        let body = [&[5u8, 1][..], &body[1..]].concat();
        for mut card in with_check(&body, checks::card) {
            card[at] = (card[at] + by) % 10;
            proptest::prop_assert!(!checks::card(&card));
        }
    }

    #[test]
    fn two_remainders_of_an_iban_differ(body in "[0-9]{18}", at in 4usize..22, by in 1u8..10) {
        // The check digits of a German account, reckoned the long way: 98 less the remainder with zeros in their place.
        let digits = format!("{body}131400");
        let remainder = digits.bytes().fold(0u32, |n, b| (n * 10 + u32::from(b - b'0')) % 97);
        let mut iban = format!("DE{:02}{body}", 98 - remainder).into_bytes();
        proptest::prop_assert!(checks::iban(&iban));
        iban[at] = b'0' + (iban[at] - b'0' + by) % 10;
        proptest::prop_assert!(!checks::iban(&iban));
    }

    #[test]
    fn at_most_one_nhs_check_digit_fits(body in proptest::collection::vec(0u8..10, 9)) {
        proptest::prop_assert!(with_check(&body, checks::nhs).len() <= 1);
    }

    #[test]
    fn phone_numbers_are_no_cards(groups in "\\+[1-9][0-9]{0,2}( [0-9]{3}){3,4}|0[0-9]{2,4}[ /-][0-9]{6,8}") {
        proptest::prop_assert_eq!(kinds(&groups), Kinds::NONE);
    }

    #[test]
    fn times_are_no_cards(millis in 1_000_000_000_000u64..2_000_000_000_000, n in 0u64..1000) {
        proptest::prop_assert_eq!(kinds(&format!("{millis}")), Kinds::NONE);
        proptest::prop_assert_eq!(kinds(&format!("{millis}{n:03}")), Kinds::NONE);
    }
}
