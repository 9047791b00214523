//! Sets of fingerprints, in memory and in a file.
//!
//! The file, all numbers little-endian: `MDFP`, version `u16`, scheme `u16`, key id `u64`, records `u64`, then for each class
//! its count `u64`, then the fingerprints of each class, ascending, as `u64`, then a checksum `u64` of all before it.

use std::ops::ControlFlow;
use std::path::Path;

use super::fingerprint::{Class, Fingerprinter};
use crate::error::{Error, Result};
use crate::hash::sip24;
use crate::scan::{PageReport, Sink};

const MAGIC: [u8; 4] = *b"MDFP";
const VERSION: u16 = 1;
/// HMAC-SHA-256, first 64 bits.
const SCHEME: u16 = 1;
const CLASSES: usize = Class::ALL.len();
const HEADER: usize = 4 + 2 + 2 + 8 + 8 + 8 * CLASSES;

/// Why a set cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// It is no set file.
    #[error("not a fingerprint set")]
    NotASet,
    /// It was written by another version of the format.
    #[error("fingerprint set of version {found}; this program reads version 1")]
    Version {
        /// The file's version.
        found: u16,
    },
    /// Its fingerprints were made in another way.
    #[error("fingerprint set of scheme {found}; this program reads scheme 1")]
    Scheme {
        /// The file's scheme.
        found: u16,
    },
    /// It ends too early, or something follows its end.
    #[error("fingerprint set of {found} bytes where its header says {expected}")]
    Length {
        /// Bytes that the header calls for.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// Its content does not fit its checksum or order.
    #[error("damaged fingerprint set")]
    Damaged,
    /// It was made under another key, so nothing can be compared.
    #[error("fingerprint sets made under different keys cannot be compared")]
    OtherKey,
}

/// A set of fingerprints made under one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FingerprintSet {
    key_id: u64,
    records: u64,
    classes: [Vec<u64>; CLASSES],
}

impl FingerprintSet {
    /// A set from fingerprints in any order.
    pub fn new(
        fingerprinter: &Fingerprinter,
        records: u64,
        fingerprints: impl IntoIterator<Item = (Class, u64)>,
    ) -> FingerprintSet {
        let mut set = FingerprintSet {
            key_id: fingerprinter.key_id(),
            records,
            ..FingerprintSet::default()
        };
        for (class, fingerprint) in fingerprints {
            set.classes[class as usize].push(fingerprint);
        }
        set.sort();
        set
    }

    fn sort(&mut self) {
        for list in &mut self.classes {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// Number of distinct fingerprints of a class.
    pub fn len(&self, class: Class) -> usize {
        self.classes[class as usize].len()
    }

    /// Whether the set holds nothing.
    pub fn is_empty(&self) -> bool {
        self.classes.iter().all(Vec::is_empty)
    }

    /// Records that the set was made from.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Tells the key, not what it is.
    pub const fn key_id(&self) -> u64 {
        self.key_id
    }

    /// Whether a fingerprint is in the set.
    pub fn contains(&self, class: Class, fingerprint: u64) -> bool {
        self.classes[class as usize]
            .binary_search(&fingerprint)
            .is_ok()
    }

    /// The fingerprints of a class, ascending.
    pub fn of(&self, class: Class) -> &[u64] {
        &self.classes[class as usize]
    }

    /// The fingerprints that both sets hold, such as canaries: serials that were planted and are known only as hashes.
    ///
    /// # Errors
    /// [`SetError::OtherKey`] when the sets were made under different keys.
    pub fn shared(
        &self,
        other: &FingerprintSet,
    ) -> std::result::Result<Vec<(Class, u64)>, SetError> {
        if self.key_id != other.key_id {
            return Err(SetError::OtherKey);
        }
        let (small, large) = if self.total() <= other.total() {
            (self, other)
        } else {
            (other, self)
        };
        Ok(Class::ALL
            .into_iter()
            .flat_map(|class| small.of(class).iter().map(move |f| (class, *f)))
            .filter(|(class, f)| large.contains(*class, *f))
            .collect())
    }

    fn total(&self) -> usize {
        self.classes.iter().map(Vec::len).sum()
    }

    /// The `size` smallest fingerprints of a class: enough to estimate how much two sets share.
    pub fn sketch(&self, class: Class, size: usize) -> Sketch {
        let list = self.of(class);
        Sketch {
            key_id: self.key_id,
            count: list.len() as u64,
            smallest: list[..size.min(list.len())].to_vec(),
        }
    }

    /// The set as the bytes of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + 8 * self.total() + 8);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&SCHEME.to_le_bytes());
        let mut put = |n: u64| out.extend_from_slice(&n.to_le_bytes());
        put(self.key_id);
        put(self.records);
        self.classes.iter().for_each(|list| put(list.len() as u64));
        self.classes.iter().flatten().for_each(|f| put(*f));
        let sum = checksum(&out);
        out.extend_from_slice(&sum.to_le_bytes());
        out
    }

    /// The set in the bytes of a file.
    ///
    /// # Errors
    /// [`SetError`] says what is wrong with them; a set is never read in part.
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<FingerprintSet, SetError> {
        let header = bytes.get(..8).ok_or(SetError::NotASet)?;
        if header[..4] != MAGIC {
            return Err(SetError::NotASet);
        }
        let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        if short(4) != VERSION {
            return Err(SetError::Version { found: short(4) });
        }
        if short(6) != SCHEME {
            return Err(SetError::Scheme { found: short(6) });
        }
        let length = |expected| SetError::Length {
            expected,
            found: bytes.len() as u64,
        };
        let body = bytes
            .get(8..)
            .filter(|b| b.len() + 8 >= HEADER)
            .ok_or(length(HEADER as u64))?;
        let (numbers, rest) = body.as_chunks::<8>();
        let mut numbers = numbers.iter().map(|n| u64::from_le_bytes(*n));
        let mut next = || numbers.next().ok_or(SetError::Damaged);
        let (key_id, records) = (next()?, next()?);
        let mut counts = [0; CLASSES];
        for count in &mut counts {
            *count = next()?;
        }
        let total = counts.iter().try_fold(0u64, |sum, n| sum.checked_add(*n));
        let expected = total
            .and_then(|t| t.checked_mul(8))
            .and_then(|t| t.checked_add(HEADER as u64 + 8));
        let expected = expected.ok_or(SetError::Damaged)?;
        if expected != bytes.len() as u64 || !rest.is_empty() {
            return Err(length(expected));
        }
        let mut set = FingerprintSet {
            key_id,
            records,
            ..FingerprintSet::default()
        };
        for (list, count) in set.classes.iter_mut().zip(counts) {
            for _ in 0..count {
                list.push(next()?);
            }
            if !list.is_sorted_by(|a, b| a < b) {
                return Err(SetError::Damaged);
            }
        }
        if next()? == checksum(&bytes[..bytes.len() - 8]) {
            Ok(set)
        } else {
            Err(SetError::Damaged)
        }
    }

    /// Reads a set file.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::Format`] when it is no whole set of this version.
    pub fn read(path: &Path) -> Result<FingerprintSet> {
        let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
        FingerprintSet::from_bytes(&bytes).map_err(|e| Error::Format {
            path: path.to_owned(),
            what: e.to_string(),
        })
    }

    /// Writes a set file, which must not exist yet.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written or is there already.
    pub fn write(&self, path: &Path) -> Result<()> {
        use std::io::Write;
        let mut file = std::fs::File::create_new(path).map_err(|e| Error::io(path, e))?;
        file.write_all(&self.to_bytes())
            .map_err(|e| Error::io(path, e))
    }

    /// Writes a set file in place of the one that is there, if any. That one stays as it is until the new one is whole.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written.
    pub fn replace(&self, path: &Path) -> Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".draft-{}", std::process::id()));
        let draft = path.with_file_name(name);
        self.write(&draft)?;
        std::fs::rename(&draft, path).map_err(|e| {
            // What is left behind is no set that anybody asked for.
            let _ = std::fs::remove_file(&draft);
            Error::io(path, e)
        })
    }
}

/// Tells damage; not a signature.
fn checksum(bytes: &[u8]) -> u64 {
    sip24([0x6d69_616e_6461_6e01, 0x6670_7365_7400_0001], bytes)
}

/// The smallest fingerprints of a set: a random sample, and for two sets the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    key_id: u64,
    count: u64,
    smallest: Vec<u64>,
}

impl Sketch {
    /// Number of fingerprints in the whole set.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Estimated share of this set that `other` holds, 0 … 1, and its standard error.
    ///
    /// # Errors
    /// [`SetError::OtherKey`] when the sets were made under different keys.
    pub fn contained_in(&self, other: &Sketch) -> std::result::Result<(f64, f64), SetError> {
        if self.key_id != other.key_id {
            return Err(SetError::OtherKey);
        }
        // Below this, both samples are complete.
        let bound = self.bound().min(other.bound());
        let sample = self.smallest.iter().take_while(|f| **f <= bound);
        let (mut seen, mut shared) = (0u64, 0u64);
        for f in sample {
            seen += 1;
            shared += u64::from(other.smallest.binary_search(f).is_ok());
        }
        if seen == 0 {
            return Ok((0.0, if self.count == 0 { 0.0 } else { 1.0 }));
        }
        let share = shared as f64 / seen as f64;
        let whole = seen == self.count;
        let error = if whole {
            0.0
        } else {
            (share * (1.0 - share) / seen as f64)
                .sqrt()
                .max(0.5 / seen as f64)
        };
        Ok((share, error))
    }

    fn bound(&self) -> u64 {
        if self.smallest.len() as u64 == self.count {
            u64::MAX
        } else {
            self.smallest.last().copied().unwrap_or(0)
        }
    }
}

/// A [`Sink`] that makes a [`FingerprintSet`].
#[derive(Debug)]
pub struct FingerprintSink {
    fingerprinter: Fingerprinter,
    set: FingerprintSet,
}

impl FingerprintSink {
    /// An empty set under a key.
    pub fn new(fingerprinter: Fingerprinter) -> FingerprintSink {
        FingerprintSink {
            set: FingerprintSet::new(&fingerprinter, 0, []),
            fingerprinter,
        }
    }

    /// The set.
    pub fn into_set(mut self) -> FingerprintSet {
        self.set.sort();
        self.set
    }
}

impl Sink for FingerprintSink {
    type Rendered = (u64, Vec<(Class, u64)>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let mut list: Vec<(Class, u64)> = page
            .items()
            .filter_map(|item| self.fingerprinter.finding(&item))
            .collect();
        let mut records = 0;
        for (_, record) in page.records() {
            records += 1;
            list.extend(self.fingerprinter.record(page, record));
        }
        (records, list)
    }

    fn accept(&mut self, (records, list): Self::Rendered) -> Result<ControlFlow<()>> {
        self.set.records += records;
        for (class, fingerprint) in list {
            self.set.classes[class as usize].push(fingerprint);
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::leak::Key;

    fn fingerprinter() -> Fingerprinter {
        Fingerprinter::new(&Key::new("0123456789abcdef").expect("long enough"))
    }

    fn mobiles(numbers: std::ops::Range<u64>) -> FingerprintSet {
        let f = fingerprinter();
        FingerprintSet::new(
            &f,
            numbers.end - numbers.start,
            numbers.map(|n| (Class::Mobile, f.mobile(13_000_000_000 + n, 0))),
        )
    }

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("set");
        let set = mobiles(0..100);
        set.write(&path).expect("written");
        assert_eq!(FingerprintSet::read(&path).expect("read"), set);
        assert!(
            set.write(&path).is_err_and(|e| e.is_io()),
            "nothing is overwritten"
        );

        let bytes = set.to_bytes();
        for len in 0..bytes.len() {
            assert!(FingerprintSet::from_bytes(&bytes[..len]).is_err(), "{len}");
        }
        let with = |at: usize, b: u8| {
            let mut bytes = bytes.clone();
            bytes[at] ^= b;
            FingerprintSet::from_bytes(&bytes)
        };
        assert_eq!(with(0, 1), Err(SetError::NotASet));
        assert_eq!(with(4, 3), Err(SetError::Version { found: 2 }));
        assert_eq!(with(6, 3), Err(SetError::Scheme { found: 2 }));
        assert!(matches!(with(24, 1), Err(SetError::Length { .. })));
        assert_eq!(with(31, 255), Err(SetError::Damaged));
        assert_eq!(with(100, 1), Err(SetError::Damaged));
    }

    #[test]
    fn canaries_are_recognised_under_the_same_key_only() {
        let f = fingerprinter();
        let canaries = FingerprintSet::new(
            &f,
            1,
            [
                (Class::Mobile, f.mobile(13_000_000_007, 0)),
                (Class::Waybill, 5),
            ],
        );
        assert_eq!(canaries.shared(&mobiles(0..100)).map(|s| s.len()), Ok(1));
        let other = Fingerprinter::new(&Key::new("fedcba9876543210").expect("long enough"));
        assert_eq!(
            canaries.shared(&FingerprintSet::new(&other, 0, [])),
            Err(SetError::OtherKey)
        );
    }

    #[test]
    fn sketches_estimate_containment() {
        let (a, b) = (mobiles(0..60_000), mobiles(30_000..120_000));
        let (share, error) = a
            .sketch(Class::Mobile, 4096)
            .contained_in(&b.sketch(Class::Mobile, 4096))
            .expect("one key");
        assert!(
            (share - 0.5).abs() < 4.0 * error && error < 0.02,
            "{share} {error}"
        );
        let whole = a
            .sketch(Class::Mobile, 60_000)
            .contained_in(&b.sketch(Class::Mobile, 90_000));
        assert_eq!(whole, Ok((0.5, 0.0)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut file = b"MDFP\x01\0\x01\0".to_vec();
            file.extend(bytes);
            prop_assert!(FingerprintSet::from_bytes(&file).is_err());
        }
    }
}
