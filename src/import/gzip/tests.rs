use std::io::Write;
use std::rc::Rc;

use crate::import::archive::{Archive, Packing, open};
use crate::import::bytes::{Shared, Stream};
use crate::model::ledger::SkipReason;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A tar of these members, as another program writes it.
fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mtime(1_760_000_000);
        header.set_cksum();
        out.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    out.into_inner().unwrap()
}

fn all(mut stream: Box<dyn Stream>) -> Vec<u8> {
    let (mut out, mut buf) = (Vec::new(), [0; 777]);
    loop {
        match stream.read(&mut buf).unwrap() {
            0 => return out,
            n => out.extend_from_slice(&buf[..n]),
        }
    }
}

fn opened(bytes: Vec<u8>) -> Box<dyn Archive> {
    let packing = Packing::of(&bytes).unwrap();
    open("x", Rc::new(bytes) as Shared, packing).unwrap()
}

/// Members that do not pack to nothing, one of them larger than the distance of two kept states.
fn members() -> Vec<(String, Vec<u8>)> {
    let noise = |seed: u64, len: usize| -> Vec<u8> {
        let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        std::iter::repeat_with(|| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            (x >> 33) as u8 & 15
        })
        .take(len)
        .collect()
    };
    let long = format!("{}/deep.txt", "folder".repeat(30));
    vec![
        ("a.txt".into(), noise(1, 700)),
        ("big.bin".into(), noise(2, 3 << 20)),
        ("empty".into(), Vec::new()),
        (long, noise(3, 5000)),
        ("名前.txt".into(), noise(4, 512)),
        ("z.txt".into(), noise(5, 1 << 20)),
    ]
}

#[test]
fn members_of_a_tar_are_read_packed_or_not_in_any_order() {
    let members = members();
    let plain = tar(&members);
    for bytes in [plain.clone(), packed(&plain)] {
        let archive = opened(bytes);
        let names: Vec<_> = archive.entries().iter().map(|e| (e.name.clone(), e.size)).collect();
        assert_eq!(names, members.iter().map(|(n, b)| (n.clone(), b.len() as u64)).collect::<Vec<_>>());
        for ix in [0, 1, 1, 2, 3, 4, 5, 4, 0, 5, 3, 1] {
            assert_eq!(all(archive.open(ix).unwrap()), members[ix].1, "{ix}");
        }
        // One that is not read to its end leaves the next one right.
        archive.open(1).unwrap().read(&mut [0; 100]).unwrap();
        assert_eq!(all(archive.open(3).unwrap()), members[3].1);
    }
}

#[test]
fn one_packed_file_has_its_name_and_may_come_in_pieces() {
    let mut bytes = packed(b"first ");
    bytes.extend(packed(b"second"));
    bytes.extend([0; 100]);
    let archive = open("mail/2026-01.txt.gz", Rc::new(bytes), Packing::Gzip).unwrap();
    assert_eq!(archive.entries()[0].name, "2026-01.txt");
    assert_eq!(all(archive.open(0).unwrap()), b"first second");
    let mut named = flate2::GzBuilder::new().filename("caf\u{e9}.mbox").write(Vec::new(), flate2::Compression::fast());
    named.write_all(b"x").unwrap();
    assert_eq!(opened(named.finish().unwrap()).entries()[0].name, "café.mbox");
}

#[test]
fn damage_is_told_wherever_the_file_is_cut_and_nothing_before_it_is_lost() {
    let members: Vec<_> = members().into_iter().filter(|(n, _)| n != "big.bin" && n != "z.txt").collect();
    let plain = tar(&members);
    for whole in [plain.clone(), packed(&plain)] {
        for cut in (1..whole.len()).step_by(61) {
            let part = whole[..cut].to_vec();
            let Some(packing) = Packing::of(&part) else { continue };
            let Ok(archive) = open("x", Rc::new(part), packing) else { continue };
            for (ix, entry) in archive.entries().iter().enumerate() {
                let Some((_, right)) = members.iter().find(|(n, _)| *n == entry.name) else {
                    assert!(entry.locked.is_some() || packing == Packing::Gzip, "{}", entry.name);
                    continue;
                };
                let (mut got, mut buf) = (Vec::new(), [0; 300]);
                if let Ok(mut stream) = archive.open(ix) {
                    while let Ok(n) = stream.read(&mut buf)
                        && n > 0
                    {
                        got.extend_from_slice(&buf[..n]);
                    }
                }
                assert!(right.starts_with(&got));
            }
        }
    }
}

#[test]
fn a_changed_byte_is_told() {
    let text: Vec<u8> = (0..40_000u32).flat_map(|n| n.to_le_bytes()).collect();
    let mut bytes = packed(&text);
    let crc = bytes.len() - 8;
    bytes[crc] ^= 1;
    let archive = opened(bytes);
    let (mut stream, mut buf, mut got) = (archive.open(0).unwrap(), [0; 4096], 0);
    let fault = loop {
        match stream.read(&mut buf) {
            Ok(0) => panic!("the checksum was not looked at"),
            Ok(n) => got += n,
            Err(e) => break e.to_string(),
        }
    };
    assert_eq!(got, text.len());
    assert!(fault.contains("checksum"), "{fault}");
}

#[test]
fn what_unpacks_to_a_thousand_times_its_size_is_stopped() {
    let zeros = vec![0u8; 80 << 20];
    let mut best = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    best.write_all(&zeros).unwrap();
    let archive = opened(best.finish().unwrap());
    let (mut stream, mut buf, mut got) = (archive.open(0).unwrap(), vec![0; 1 << 20], 0);
    let fault = loop {
        match stream.read(&mut buf) {
            Ok(0) => panic!("the whole of it was unpacked"),
            Ok(n) => got += n,
            Err(e) => break e.to_string(),
        }
    };
    assert!((64 << 20..70 << 20).contains(&got), "{got}");
    assert!(fault.contains("1000 times"), "{fault}");
}

#[test]
fn links_and_sparse_files_are_named_not_followed() {
    let mut out = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_entry_type(::tar::EntryType::Symlink);
    header.set_size(0);
    out.append_link(&mut header, "link.txt", "/etc/passwd").unwrap();
    let mut header = ::tar::Header::new_gnu();
    header.set_size(2);
    header.set_cksum();
    out.append_data(&mut header, "b.txt", &b"hi"[..]).unwrap();
    let archive = opened(out.into_inner().unwrap());
    let reasons: Vec<Option<SkipReason>> = archive.entries().iter().map(crate::import::importer::leave_out).collect();
    assert_eq!(reasons, [Some(SkipReason::NotMessages), None]);
    assert_eq!(all(archive.open(1).unwrap()), b"hi");
}
