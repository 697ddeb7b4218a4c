//! 〔陈述暂存〕 Leaves on their way from a copy into the database: on disk, because a gap may be longer than the memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// Longest leaf that is taken, in bytes.
const LEAF_MAX: usize = 65_535;

/// 〔陈述暂存〕 Leaves in the order of the log: put in once, read from the first one as often as wanted.
#[derive(Debug)]
pub struct LeafSpool {
    file: BufWriter<File>,
    number: i64,
    last: Vec<u8>,
}

impl LeafSpool {
    /// An empty spool on this file, which must be empty, readable and nobody else's.
    #[must_use]
    pub fn on(file: File) -> LeafSpool {
        LeafSpool {
            file: BufWriter::new(file),
            number: 0,
            last: Vec::new(),
        }
    }

    /// Puts the next leaf in.
    ///
    /// # Errors
    /// The disk is full or fails, or the leaf is longer than any entry of a log.
    pub fn push(&mut self, leaf: &[u8]) -> io::Result<()> {
        let bytes = u16::try_from(leaf.len());
        let bytes = bytes.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.file.write_all(&bytes.to_be_bytes())?;
        self.file.write_all(leaf)?;
        self.number = self.number.saturating_add(1);
        leaf.clone_into(&mut self.last);
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// The newest one; nothing of an empty spool.
    #[must_use]
    pub fn last(&self) -> &[u8] {
        &self.last
    }

    /// All of them from the first one. One reader at a time: they share the place in the file.
    ///
    /// # Errors
    /// The disk is full or fails.
    pub fn read(&mut self) -> io::Result<SpoolLeaves<'_>> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        Ok(SpoolLeaves {
            left: self.number,
            file: BufReader::new(file),
        })
    }
}

/// Reads a [`LeafSpool`].
#[derive(Debug)]
pub struct SpoolLeaves<'s> {
    left: i64,
    file: BufReader<&'s mut File>,
}

impl Iterator for SpoolLeaves<'_> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        if self.left <= 0 {
            return None;
        }
        self.left = self.left.saturating_sub(1);
        let mut bytes = [0; 2];
        let read = self.file.read_exact(&mut bytes).and_then(|()| {
            let mut leaf = vec![0; usize::from(u16::from_be_bytes(bytes)).min(LEAF_MAX)];
            self.file.read_exact(&mut leaf)?;
            Ok(leaf)
        });
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_come_back_as_often_as_wanted() {
        let mut spool = LeafSpool::on(tempfile::tempfile().unwrap());
        assert_eq!(spool.read().unwrap().count(), 0);
        let leaves: Vec<Vec<u8>> = (0..300_u16)
            .map(|n| vec![n as u8; usize::from(n)])
            .collect();
        for leaf in &leaves {
            spool.push(leaf).unwrap();
        }
        assert!(spool.push(&[0; 65_536]).is_err());
        for _ in 0..2 {
            let read: Vec<Vec<u8>> = spool.read().unwrap().map(Result::unwrap).collect();
            assert_eq!(read, leaves);
        }
        assert_eq!((spool.number(), spool.last()), (300, &leaves[299][..]));
    }
}
