//! A zip archive written in one pass: members deflated or as they are, no clock (all times are 1980-01-01), so that the same content gives the same bytes.
//! Layout after PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; names are UTF-8 (flag bit 11). At most 65,535 members and 4 GiB.

use std::io::{self, Write};

use flate2::{Compression, Crc, write::DeflateEncoder};

/// The archive being written.
pub struct ZipWriter<W: Write> {
    out: W,
    at: u32,
    directory: Vec<u8>,
    members: u16,
    /// Members are packed. What packs is not the same on every machine, so that only what is never compared byte by byte may be.
    packs: bool,
}

const UTF8: u16 = 1 << 11;
/// 1980-01-01 in the format of MS-DOS.
const DATE: u16 = 0x21;

impl<W: Write> ZipWriter<W> {
    /// An empty archive with packed members.
    pub const fn new(out: W) -> Self {
        Self { out, at: 0, directory: Vec::new(), members: 0, packs: true }
    }

    /// An empty archive with members as they are: the same bytes in WebAssembly and on every machine.
    pub const fn stored(out: W) -> Self {
        Self { out, at: 0, directory: Vec::new(), members: 0, packs: false }
    }

    fn packed(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        if !self.packs {
            return Ok(bytes.to_vec());
        }
        let mut packed = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::fast());
        packed.write_all(bytes)?;
        packed.finish()
    }

    /// Adds a member.
    ///
    /// # Errors
    /// When the destination fails or the archive outgrows 4 GiB.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let packed = self.packed(bytes)?;
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut fields = Vec::with_capacity(30);
        for word in [20, UTF8, if self.packs { 8 } else { 0 }, 0, DATE] {
            fields.extend_from_slice(&u16::to_le_bytes(word));
        }
        for long in [crc.sum(), small(packed.len())?, small(bytes.len())?] {
            fields.extend_from_slice(&long.to_le_bytes());
        }
        fields.extend_from_slice(&u16::try_from(name.len()).map_err(io::Error::other)?.to_le_bytes());
        fields.extend_from_slice(&[0, 0]);
        self.out.write_all(b"PK\x03\x04")?;
        self.out.write_all(&fields)?;
        self.out.write_all(name.as_bytes())?;
        self.out.write_all(&packed)?;
        self.directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        self.directory.extend_from_slice(&fields);
        // Comment length, disk, internal and external attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.at.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.at = self.at.checked_add(small(30 + name.len() + packed.len())?).ok_or_else(|| io::Error::other("archive larger than 4 GiB"))?;
        self.members = self.members.checked_add(1).ok_or_else(|| io::Error::other("more than 65,535 members"))?;
        Ok(())
    }

    /// Writes the directory.
    ///
    /// # Errors
    /// When the destination fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&self.directory)?;
        self.out.write_all(b"PK\x05\x06\0\0\0\0")?;
        self.out.write_all(&self.members.to_le_bytes())?;
        self.out.write_all(&self.members.to_le_bytes())?;
        self.out.write_all(&small(self.directory.len())?.to_le_bytes())?;
        self.out.write_all(&self.at.to_le_bytes())?;
        self.out.write_all(&[0, 0])?;
        Ok(self.out)
    }
}

fn small(n: usize) -> io::Result<u32> {
    u32::try_from(n).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn another_reader_finds_the_members() {
        let mut zip = ZipWriter::new(Vec::new());
        zip.add("a/b.json", b"[1,2,3]").unwrap();
        zip.add("ü.txt", "hello ".repeat(1000).as_bytes()).unwrap();
        let bytes = zip.finish().unwrap();
        assert!(bytes.len() < 1000);
        let mut read = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        read.by_name("ü.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 6000);
        assert_eq!(read.len(), 2);
    }
}
