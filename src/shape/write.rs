//! The few small things the page says, as JSON text.

/// Something that can be written as JSON.
pub trait Written {
    /// Appends it.
    fn write(&self, out: &mut String);

    /// As a text of its own.
    fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

impl Written for str {
    fn write(&self, out: &mut String) {
        out.push('"');
        for c in self.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\0'..='\u{1f}' => {
                    let code = c as u32;
                    out.push_str("\\u00");
                    out.push(if code < 16 { '0' } else { '1' });
                    out.extend(char::from_digit(code % 16, 16));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

impl Written for String {
    fn write(&self, out: &mut String) {
        self.as_str().write(out);
    }
}

impl Written for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Written for i32 {
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl Written for u8 {
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

/// What is no number is written as 0.
impl Written for f64 {
    fn write(&self, out: &mut String) {
        let value = if self.is_finite() { *self } else { 0.0 };
        out.push_str(&value.to_string());
    }
}

impl<A: Written, B: Written> Written for (A, B) {
    fn write(&self, out: &mut String) {
        out.push('[');
        self.0.write(out);
        out.push(',');
        self.1.write(out);
        out.push(']');
    }
}

impl Written for u32 {
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl<T: Written + ?Sized> Written for &T {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

impl<T: Written> Written for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: Written> Written for Vec<T> {
    fn write(&self, out: &mut String) {
        out.push('[');
        for (i, item) in self.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            item.write(out);
        }
        out.push(']');
    }
}

/// Says which fields of a shape are written; a missing one does not compile.
macro_rules! written {
    ($shape:ident: $first:ident $(, $field:ident)* $(,)?) => {
        impl $crate::shape::Written for $shape {
            fn write(&self, out: &mut String) {
                let Self { $first $(, $field)* } = self;
                out.push_str(concat!("{\"", stringify!($first), "\":"));
                $crate::shape::Written::write($first, out);
                $(
                    out.push_str(concat!(",\"", stringify!($field), "\":"));
                    $crate::shape::Written::write($field, out);
                )*
                out.push('}');
            }
        }
    };
}
pub(crate) use written;
