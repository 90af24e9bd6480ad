//! Passwords that are told and keys of known shapes. A password counts when a word for it stands before and what follows looks like one.

use super::Kinds;

/// Words for a password in front of a value, lower case.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passcode",
    "passphrase",
    "pwd",
    "passwort",
    "kennwort",
    "contraseña",
    "contrasena",
    "mot de passe",
    "senha",
    "wachtwoord",
    "lösenord",
    "пароль",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "비밀번호",
    "كلمة المرور",
    "كلمة السر",
    "api key",
    "api-key",
    "api_key",
    "apikey",
    "secret key",
    "client secret",
    "client_secret",
    "access token",
    "access_token",
];
/// What may stand between the word and the value.
const BETWEEN: &[&str] = &["is", "ist", "lautet", "es", "est", "é", "è", "是", "为", "為", "هي", ":", "：", "=", "->", "\"", "'", "`", "**", "-"];

/// Passwords and keys in a text that holds a digit or a sign such as `:` or `=`.
pub fn look(text: &[u8]) -> Kinds {
    if told(text) || keys(text) { Kinds::CREDENTIAL } else { Kinds::NONE }
}

/// Whether a word for a password stands before a value. Two searches by vectors: for the signs that lead a value in (`:`, `=` and the
/// end of the wide `：`), and for a byte that every word has which is written without one: the `w` of `password`, `passwort`, `kennwort`,
/// the end of `密码`, the `ñ` of `contraseña` and the end of `كلمة المرور`.
fn told(text: &[u8]) -> bool {
    let (before, from) = (|at: usize| text.get(..at).unwrap_or_default(), |at: usize| text.get(at..).unwrap_or_default());
    memchr::memchr3_iter(b':', b'=', 0x9a, text).any(|at| {
        let wide = text.get(at) == Some(&0x9a);
        if wide && !before(at).ends_with(b"\xef\xbc") {
            return false;
        }
        let led = before(if wide { at - 2 } else { at });
        ends_with_word(led) && value_follows(from(at + 1))
    }) || memchr::memchr3_iter(b'w', 0x81, 0xb1, text).any(|at| {
        let end = match text.get(at) {
            Some(b'w') => at + 4,
            Some(0xb1) if text.get(at + 1) == Some(&b'a') => at + 2,
            _ => at + 1,
        };
        let near = matches!(text.get(at.wrapping_sub(1)), Some(b's' | b'n' | 0xc3 | 0xd8 | 0xa0));
        near && ends_with_word(before(end)) && value_follows(from(end))
    })
}

/// Whether a text ends with a word for a password, blanks and quotes aside.
fn ends_with_word(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b"\"").or_else(|| text.strip_suffix(b"*")).unwrap_or(text);
    WORDS.iter().any(|w| {
        let Some(from) = text.len().checked_sub(w.len()) else { return false };
        let apart = from == 0 || text.get(from - 1).is_some_and(|b| !b.is_ascii_alphanumeric());
        text.get(from..).is_some_and(|t| t.eq_ignore_ascii_case(w.as_bytes())) && apart
    })
}

/// Whether a value follows: at least six signs up to a blank, of which three are letters or digits, and not letters of one case only.
fn value_follows(text: &[u8]) -> bool {
    let mut rest = text.get(..text.len().min(160)).unwrap_or_default();
    for _ in 0..6 {
        rest = rest.trim_ascii_start();
        let Some(tail) = BETWEEN.iter().find_map(|b| rest.strip_prefix(b.as_bytes()).filter(|t| !b.is_ascii() || !starts_inside(b, t))) else { break };
        rest = tail;
    }
    let len = rest.iter().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'<' | b'`') && b.is_ascii()).count();
    let value = rest.get(..len).unwrap_or_default();
    let value = value.strip_suffix(b".").or_else(|| value.strip_suffix(b",")).unwrap_or(value);
    let count = |test: fn(&u8) -> bool| value.iter().filter(|b| test(b)).count();
    let (digits, upper, lower) = (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let inner_upper = value.iter().skip(1).any(u8::is_ascii_uppercase) && lower > 0;
    let signs = value.len() - digits - upper - lower;
    let address = value.windows(3).any(|w| w == b"://") || value.starts_with(b"www.");
    (6..=64).contains(&value.len()) && digits + upper + lower >= 3 && upper + lower > 0 && (digits > 0 || inner_upper || signs > 1) && !address
}

/// `is` in `issue` is no link.
fn starts_inside(word: &str, tail: &[u8]) -> bool {
    word.ends_with(|c: char| c.is_ascii_alphabetic()) && tail.first().is_some_and(u8::is_ascii_alphanumeric)
}

const fn in_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// Keys of known shapes. None is shorter than twenty signs, so every twentieth byte is looked at.
fn keys(text: &[u8]) -> bool {
    let (mut at, mut long) = (19, false);
    while let Some(b) = text.get(at) {
        if !in_key(*b) {
            at += 20;
            continue;
        }
        let from = text.get(..at).unwrap_or_default().iter().rposition(|b| !in_key(*b)).map_or(0, |p| p + 1);
        let len = text.get(from..).unwrap_or_default().iter().take_while(|b| in_key(**b)).count();
        let word = text.get(from..from + len).unwrap_or_default();
        long |= len >= 20;
        if len >= 20 && key(word) {
            return true;
        }
        at = from + len + 20;
    }
    // In a whole mail the frame stands on a line of its own, before lines that are long words.
    long && memchr::memmem::find_iter(text, b"-----BEGIN ").any(|at| private_key(text.get(at..).unwrap_or_default()))
}

/// `-----BEGIN RSA PRIVATE KEY-----` (RFC 7468).
pub fn private_key(line: &[u8]) -> bool {
    line.strip_prefix(b"-----BEGIN ").is_some_and(|rest| rest.get(..rest.len().min(40)).unwrap_or_default().windows(16).any(|w| w == b"PRIVATE KEY-----"))
}

/// Prefixes their makers document (AWS, GitHub, GitLab, Google, Slack, Stripe, OpenAI): prefix, fewest signs after it, whether they are
/// capitals and digits only.
const SHAPES: &[(&str, usize, bool)] = &[
    ("AKIA", 16, true),
    ("ASIA", 16, true),
    ("ghp_", 36, false),
    ("gho_", 36, false),
    ("ghu_", 36, false),
    ("ghs_", 36, false),
    ("ghr_", 36, false),
    ("github_pat_", 22, false),
    ("glpat-", 20, false),
    ("AIza", 35, false),
    ("xoxb-", 24, false),
    ("xoxp-", 24, false),
    ("sk_live_", 20, false),
    ("rk_live_", 20, false),
    ("sk-proj-", 20, false),
    ("sk-ant-", 20, false),
    ("sk-", 20, false),
];

fn key(word: &[u8]) -> bool {
    SHAPES.iter().any(|(prefix, fewest, capitals)| {
        let Some(rest) = word.strip_prefix(prefix.as_bytes()) else { return false };
        let capitals_fit = rest.len() == *fewest && rest.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        // A name in words (`sk-learn-model-of-the-year`) has no digits among its letters.
        let run = rest.split(|b| !b.is_ascii_alphanumeric()).map(<[u8]>::len).max().unwrap_or(0);
        let mixed = rest.iter().any(u8::is_ascii_digit) && rest.iter().any(u8::is_ascii_alphabetic);
        if *capitals { capitals_fit } else { rest.len() >= *fewest && mixed && run >= 10 }
    })
}
