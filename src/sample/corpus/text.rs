//! Chats as text and HTML: WeChat, LINE, Viber, Telegram's pages.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Clock, Stream, escaped, name, phone, records};
use crate::sample::write::csv::cell;
use crate::time::day_name;

/// `MemoTrace`: a line with time and name, the text, an empty line.
pub(super) fn wechat_txt(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["\u{feff}", "", ""], |b, item, text| {
        let c = Clock::of(item.at);
        let _ = write!(b, "{} {:02}:{:02}:{:02} {}\n{text}\n\n", day_name(c.day), c.hour, c.minute, c.second, name(item.from % 2));
    })
}

/// A phone set to English: a heading for each day, columns parted by tabs.
pub(super) fn line(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut day = i32::MIN;
    records(stream, out, ["[LINE] Chat history with Amelia Hartley\r\nSaved on: 2026/10/05, 14:03\r\n", "", ""], |b, item, text| {
        let c = Clock::of(item.at);
        if c.day != day {
            day = c.day;
            let _ = write!(b, "\r\n{}, {}/{}/{}\r\n", c.weekday().get(..3).unwrap_or_default(), c.month, c.date, c.year);
        }
        let (hour, half) = c.half();
        let _ = write!(b, "{hour}:{:02}{half}\t{}\t", c.minute, name(item.from % 2));
        if item.number % 11 == 3 {
            let _ = write!(b, "\"{0}\n{0}\"", text.replace('"', "\"\""));
        } else {
            b.push_str(text);
        }
        b.push_str("\r\n");
    })
}

/// Android's mail of one chat: no heading.
pub(super) fn viber(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["", "", ""], |b, item, text| {
        let (c, who) = (Clock::of(item.at), item.from % 2);
        let shown = if who == 0 { "Me".to_owned() } else { name(who) };
        let _ = write!(b, "{:02}/{:02}/{},{:02}:{:02}:{:02},{shown},{},", c.date, c.month, c.year, c.hour, c.minute, c.second, phone(who));
        cell(b, text);
        b.push_str("\r\n");
    })
}

/// A page of Telegram Desktop 5.1.
pub(super) fn telegram_html(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "<!DOCTYPE html>\n<html>\n\n <head>\n\n  <meta charset=\"utf-8\"/>\n  <title>Exported Data</title>\n  <link href=\"css/style.css\" rel=\"stylesheet\"/>\n\n </head>\n\n <body onload=\"CheckLocation();\">\n\n  <div class=\"page_wrap\">\n\n   <div class=\"page_header\">\n\n    <div class=\"content\">\n\n     <div class=\"text bold\">\nFreight circle \n     </div>\n\n    </div>\n\n   </div>\n\n   <div class=\"page_body chat_page\">\n\n    <div class=\"history\">\n\n";
    records(stream, out, [head, "", "    </div>\n\n   </div>\n\n  </div>\n\n </body>\n\n</html>\n"], |b, item, text| {
        let (c, who) = (Clock::of(item.at), name(item.from));
        let initial = who.get(..1).unwrap_or_default();
        let _ = write!(
            b,
            "     <div class=\"message default clearfix\" id=\"message{}\">\n\n      <div class=\"pull_left userpic_wrap\">\n\n       <div class=\"userpic userpic1\" style=\"width: 42px; height: 42px\">\n\n        <div class=\"initials\" style=\"line-height: 42px\">\n{initial}\n        </div>\n\n       </div>\n\n      </div>\n\n      <div class=\"body\">\n\n       <div class=\"pull_right date details\" title=\"{:02}.{:02}.{} {:02}:{:02}:{:02} UTC+01:00\">\n{:02}:{:02}\n       </div>\n\n       <div class=\"from_name\">\n{who} \n       </div>\n\n       <div class=\"text\">\n{}\n       </div>\n\n      </div>\n\n     </div>\n\n",
            item.number + 2,
            c.date,
            c.month,
            c.year,
            c.hour,
            c.minute,
            c.second,
            c.hour,
            c.minute,
            escaped(text)
        );
    })
}
