//! What is written with vectors in WebAssembly gives what the plain definition gives. Native builds take other paths, which
//! the tests beside the code look at; these run in WebAssembly (`make native`).
#![cfg(target_arch = "wasm32")]

use retention_audit::features::sensitive::Kinds;
use retention_audit::features::{Gather, facts};
use retention_audit::import::search::{each_mark, each_of, quote_or_escape};
use wasm_bindgen_test::wasm_bindgen_test;

/// Texts of every length up to 100 from an alphabet, always the same ones.
fn texts(alphabet: &str, mut see: impl FnMut(&str)) {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = 0x2545_f491_4f6c_dd1du64;
    for round in 0..4000usize {
        let text: String = (0..round % 101)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                letters[(state >> 33) as usize % letters.len()]
            })
            .collect();
        see(&text);
    }
}

#[wasm_bindgen_test]
fn facts_of_a_text_are_those_of_its_characters_one_by_one() {
    for alphabet in ["aZ @[`{z\t\r\u{7f}0", "abcdefghijklmnopqrstuvwxyzABCXYZ", " \n", "aB c\u{200e}\u{202f}\u{a0}é李🙂.", "héllo"] {
        texts(alphabet, |text| {
            let mut gather = Gather::default();
            for c in text.chars() {
                gather.add(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            assert_eq!(facts(text.as_bytes(), false), gather.facts(), "{text:?}");
        });
    }
}

#[wasm_bindgen_test]
fn marks_are_counted_wherever_they_stand() {
    for pad in 0..40 {
        for end in 0..20 {
            let text = format!("{}4111 1111 1111 1111{}", " ".repeat(pad), ",x".repeat(end));
            assert!(facts(text.as_bytes(), false).signs.sensitive.has(Kinds::CARD), "{text:?}");
            let text = format!("{}password: Hunter2{}", "é".repeat(pad), " ".repeat(end));
            assert!(facts(text.as_bytes(), false).signs.sensitive.has(Kinds::CREDENTIAL), "{text:?}");
        }
    }
}

#[wasm_bindgen_test]
fn what_is_found_is_what_a_plain_search_finds() {
    for alphabet in ["aZ;\"\\{}[]|~\u{1}é", "abcdefghijklmnopqrstuvwxyz0123456789   \"", "xyz"] {
        texts(alphabet, |text| {
            let bytes = text.as_bytes();
            assert_eq!(quote_or_escape(bytes), bytes.iter().position(|b| b"\"\\".contains(b)), "{text:?}");
            assert_eq!(each_of([b';', b'Z', 0xa9, 0xa9], bytes, Some), bytes.iter().position(|b| b";Z\xa9".contains(b)), "{text:?}");
            let mut marks = Vec::new();
            let found = each_mark(bytes, |at| {
                marks.push(at);
                (marks.len() > 20).then_some(())
            });
            let all: Vec<usize> = (0..bytes.len()).filter(|n| b"\"\\{}[]".contains(&bytes[*n])).collect();
            assert_eq!(found.is_some(), all.len() > 20, "{text:?}");
            assert_eq!(marks, all[..all.len().min(21)], "{text:?}");
            let mut four = Vec::new();
            let none = each_of([b'a', b'Z', 0, 0xa9], bytes, |at| {
                four.push(at);
                None::<()>
            });
            assert_eq!(none, None);
            assert_eq!(four, (0..bytes.len()).filter(|n| b"aZ\0\xa9".contains(&bytes[*n])).collect::<Vec<_>>(), "{text:?}");
        });
    }
}
