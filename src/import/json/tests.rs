use super::*;
use proptest::prelude::*;
use serde_json::Value as Reference;

/// Reads a value through the scanner into the reference's shape.
fn read(s: &mut Scanner<'_>) -> Scan<Reference> {
    Ok(match s.peek()? {
        b'{' => {
            let (mut members, mut map) = (s.object()?, serde_json::Map::new());
            while let Some(key) = members.key(s)? {
                map.insert(key.owned(), read(s)?);
            }
            Reference::Object(map)
        }
        b'[' => {
            let (mut items, mut list) = (s.array()?, Vec::new());
            while items.more(s)? {
                list.push(read(s)?);
            }
            Reference::Array(list)
        }
        _ => match s.value()? {
            Value::Null => Reference::Null,
            Value::Bool(b) => Reference::Bool(b),
            Value::Number(n) => serde_json::from_slice(n).map_err(|_| Fault::Bad(s.at()))?,
            Value::Text(t) => Reference::String(t.owned()),
            Value::Object(_) | Value::Array(_) => unreachable!(),
        },
    })
}

fn any_json() -> impl Strategy<Value = Reference> {
    let leaf = prop_oneof![
        Just(Reference::Null),
        any::<bool>().prop_map(Reference::from),
        any::<i64>().prop_map(Reference::from),
        (-1e9f64..1e9).prop_map(Reference::from),
        any::<String>().prop_map(Reference::from),
        "[\\\\\"/a-f\\n\\t\u{b}]{0,60}".prop_map(Reference::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Reference::from),
            proptest::collection::vec((any::<String>(), inner), 0..6).prop_map(|m| Reference::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_reads_as_the_reference_reads_it(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let text = format!("{text} ");
        let expected: Reference = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read(&mut Scanner::new(text.as_bytes())), Ok(expected));
        let mut s = Scanner::new(text.as_bytes());
        prop_assert_eq!(s.skip(), Ok(()));
        prop_assert_eq!(s.at(), text.len() - 1);
    }

    #[test]
    fn a_cut_value_needs_more_wherever_it_is_cut(value in any_json()) {
        let text = serde_json::to_string(&serde_json::json!([value])).unwrap().into_bytes();
        for cut in 0..text.len() {
            prop_assert_eq!(read(&mut Scanner::new(&text[..cut])), Err(Fault::NeedMore), "cut at {}", cut);
            prop_assert_eq!(Scanner::new(&text[..cut]).skip(), Err(Fault::NeedMore));
            let mut pieces = Skipper::default();
            prop_assert_eq!(pieces.feed(&text[..cut]), Ok(None));
            prop_assert_eq!(pieces.feed(&text[cut..]), Ok(Some(text.len() - cut)));
        }
    }

    #[test]
    fn no_bytes_make_it_fall(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\ux0e-1tfn ".to_vec())], 0..80)) {
        for start in 0..bytes.len().min(4) {
            let mut s = Scanner::new(&bytes[start..]);
            let _ = read(&mut s);
            prop_assert!(s.at() <= bytes.len());
            let _ = Scanner::new(&bytes[start..]).skip();
            let text = Text { raw: &bytes, escaped: true };
            let _ = text.owned();
        }
    }
}

#[test]
fn telegrams_hex_escapes_are_control_characters_and_escaped_backslashes_are_not() {
    let mut scratch = Vec::new();
    for (raw, want) in [
        (r#""a\x0Bb""#, "a\u{b}b"),
        (r#""a\\x0Bb""#, "a\\x0Bb"),
        (r#""\u00e9\ud83d\ude00""#, "é😀"),
        (r#""\ud83d x""#, "\u{fffd} x"),
        (r#""\u12""#, "u12"),
        (r#""plain""#, "plain"),
    ] {
        assert_eq!(Scanner::new(raw.as_bytes()).string().unwrap().decode(&mut scratch), want.as_bytes(), "{raw}");
    }
}

#[test]
fn broken_structure_is_found_where_it_is_broken() {
    for (text, at) in [("{\"a\":1 \"b\":2} ", 7), ("[1 2]", 3), ("[1,]", 3), ("{\"a\" 1}", 5), ("{1:2}", 1), ("[tru]", 1), ("[1}", 2)] {
        assert_eq!(read(&mut Scanner::new(text.as_bytes())), Err(Fault::Bad(at)), "{text}");
    }
    assert_eq!(Scanner::new(b"[[}]").skip(), Err(Fault::Bad(2)));
}

#[test]
fn nesting_has_a_limit() {
    let deep = |n: usize| [vec![b'['; n], vec![b']'; n]].concat();
    assert_eq!(Scanner::new(&deep(MAX_DEPTH)).skip(), Ok(()));
    assert_eq!(Scanner::new(&deep(MAX_DEPTH + 1)).skip(), Err(Fault::Bad(MAX_DEPTH)));
}

#[test]
fn whole_numbers_are_read_exactly() {
    assert_eq!(integer(b"-999678450"), Some(-999_678_450));
    assert_eq!(integer(b"9007199254740993"), Some(9_007_199_254_740_993));
    assert_eq!(integer(b"1.5"), None);
    assert_eq!(integer(b"99999999999999999999"), None);
    assert_eq!(Value::Text(Text { raw: b"1670610339", escaped: false }).integer(), Some(1_670_610_339));
}
