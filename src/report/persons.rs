//! Counting distinct people: exactly up to a stated number, then with a sketch.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

use crate::hash::sip24;
use crate::kind::Kind;

/// Distinct values that are counted exactly. The set then takes 14 MB, so that a scan stays within 64 MiB with it.
pub const EXACT_LIMIT: usize = 1_350_000;

/// Registers of the sketch as a power of two; 2^17 registers of one byte, standard error 1.04 / √2^17 = 0.29 %.
const PRECISION: u32 = 17;

/// Standard error of [`DistinctCounter::estimate`] once it is no longer exact.
pub const SKETCH_ERROR: f64 = 0.0029;

/// Turns what identifies a person into a number: a keyed hash.
///
/// Without a secret key the hash of an eleven-digit number is undone by trying all numbers; so give a key if the state of a
/// [`Summary`](super::Summary) is stored. With a key it is de-identified, still personal information (PIPL art. 73).
#[derive(Clone, Copy)]
pub struct PersonKey([u64; 2]);

impl Default for PersonKey {
    /// A fixed, public key: for counts that never leave the process.
    fn default() -> PersonKey {
        PersonKey([0x6d69_616e_6461_6e00, 0x7065_7273_6f6e_0001])
    }
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(…)")
    }
}

impl PersonKey {
    /// From sixteen secret bytes.
    pub const fn new(key: u128) -> PersonKey {
        PersonKey([key as u64, (key >> 64) as u64])
    }

    /// From a secret of any length, such as the content of a key file; as strong as the secret is long.
    pub fn from_secret(secret: &[u8]) -> PersonKey {
        PersonKey([sip24([1, 0], secret), sip24([2, 0], secret)])
    }

    /// The person with this mobile number (its digits as a number) and extension (0 = none).
    pub fn by_number(self, number: u64, extension: u32) -> u64 {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        bytes[8..].copy_from_slice(&extension.to_le_bytes());
        sip24(self.0, &bytes)
    }

    /// Whoever has this value, for values that belong to nobody known.
    pub(crate) fn by_value(self, kind: Kind, normalized: &str) -> u64 {
        sip24(self.0, format!("{kind}\0{normalized}").as_bytes())
    }

    /// The person with this name at this address, both in their one spelling.
    pub fn by_name_and_address(self, name: &str, address: &str) -> u64 {
        sip24(self.0, format!("{name}\0{address}").as_bytes())
    }
}

/// Values that are hashes already need no second hashing.
#[derive(Clone, Copy, Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*b);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

type HashSet64 = HashSet<u64, BuildHasherDefault<Identity>>;

/// Number of sets that a set of [`Hashes`] is divided into: at the limit their tables, which double when they grow, are nearly full.
const PARTS: usize = 48;

/// A set of hashes in parts that grow one after the other, since a set that grows takes half as much again as the grown one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hashes {
    parts: Vec<HashSet64>,
    len: usize,
}

impl Default for Hashes {
    fn default() -> Hashes {
        Hashes {
            parts: vec![HashSet64::default(); PARTS],
            len: 0,
        }
    }
}

impl Hashes {
    fn insert(&mut self, hash: u64) {
        // Bits that neither a part nor the sketch uses first.
        let part = &mut self.parts[(hash >> 40) as usize % PARTS];
        self.len += usize::from(part.insert(hash));
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        self.parts.iter().flatten().copied()
    }

    /// Bytes of memory, about: one byte of control beside each place.
    fn bytes(&self) -> usize {
        let places: usize = self.parts.iter().map(HashSet::capacity).sum();
        places * 8 / 7 * (size_of::<u64>() + 1)
    }
}

impl Extend<u64> for Hashes {
    fn extend<T: IntoIterator<Item = u64>>(&mut self, hashes: T) {
        for hash in hashes {
            self.insert(hash);
        }
    }
}

/// Counts distinct 64-bit hashes.
///
/// The state is a function of the **set** of hashes alone, so [`merge`](Self::merge) is associative and commutative.
///
/// ```
/// use miandan::report::DistinctCounter;
/// let mut counter = DistinctCounter::default();
/// for hash in [1, 2, 2, 3] {
///     counter.insert(hash);
/// }
/// assert_eq!((counter.estimate(), counter.is_exact()), (3, true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct DistinctCounter {
    state: State,
    limit: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Exact(Hashes),
    Sketch(Box<[u8]>),
}

impl Default for DistinctCounter {
    fn default() -> DistinctCounter {
        DistinctCounter::with_limit(EXACT_LIMIT)
    }
}

impl DistinctCounter {
    /// A counter that is exact up to `limit` distinct values.
    pub fn with_limit(limit: usize) -> DistinctCounter {
        DistinctCounter {
            state: State::Exact(Hashes::default()),
            limit,
        }
    }

    /// Adds a hash; it must be well mixed, such as from [`PersonKey`].
    pub fn insert(&mut self, hash: u64) {
        match &mut self.state {
            State::Exact(set) => {
                set.insert(hash);
                if set.len > self.limit {
                    self.sketch();
                }
            }
            State::Sketch(registers) => register(registers, hash),
        }
    }

    /// Adds hashes one after the other, so that the processor fetches several places of a large set at once.
    pub(super) fn extend(&mut self, hashes: impl IntoIterator<Item = u64>) {
        for hash in hashes {
            self.insert(hash);
        }
    }

    /// Adds everything that `other` counted. Both must have the same limit for the result to be independent of order; the
    /// lower one is kept.
    pub fn merge(&mut self, other: DistinctCounter) {
        self.limit = self.limit.min(other.limit);
        match (&mut self.state, other.state) {
            (State::Exact(mine), State::Exact(theirs)) if mine.len < theirs.len => {
                let small = std::mem::replace(mine, theirs);
                mine.extend(small.iter());
            }
            (State::Exact(mine), State::Exact(theirs)) => mine.extend(theirs.iter()),
            (State::Sketch(mine), State::Exact(theirs)) => {
                register_all(mine, theirs.iter());
            }
            (State::Exact(_), State::Sketch(mut theirs)) => {
                if let State::Exact(mine) = &self.state {
                    register_all(&mut theirs, mine.iter());
                }
                self.state = State::Sketch(theirs);
            }
            (State::Sketch(mine), State::Sketch(theirs)) => {
                for (m, t) in mine.iter_mut().zip(theirs) {
                    *m = (*m).max(t);
                }
            }
        }
        if matches!(&self.state, State::Exact(set) if set.len > self.limit) {
            self.sketch();
        }
    }

    /// Whether [`estimate`](Self::estimate) is the exact number.
    pub const fn is_exact(&self) -> bool {
        matches!(self.state, State::Exact(_))
    }

    /// The number of distinct values; beyond the limit within [`SKETCH_ERROR`] (one standard error).
    pub fn estimate(&self) -> u64 {
        match &self.state {
            State::Exact(set) => set.len as u64,
            State::Sketch(registers) => estimate(registers),
        }
    }

    /// Bytes of memory that the counted values take, about.
    pub fn state_bytes(&self) -> usize {
        match &self.state {
            State::Exact(set) => set.bytes(),
            State::Sketch(registers) => registers.len(),
        }
    }

    fn sketch(&mut self) {
        if let State::Exact(set) = &self.state {
            let mut registers = vec![0; 1 << PRECISION].into_boxed_slice();
            register_all(&mut registers, set.iter());
            self.state = State::Sketch(registers);
        }
    }
}

/// HyperLogLog: the register named by the top bits keeps the longest run of leading zeros of the others.
fn register(registers: &mut [u8], hash: u64) {
    let index = (hash >> (64 - PRECISION)) as usize;
    let rank = (hash << PRECISION).leading_zeros().min(64 - PRECISION) as u8 + 1;
    if let Some(r) = registers.get_mut(index) {
        *r = (*r).max(rank);
    }
}

fn register_all(registers: &mut [u8], hashes: impl IntoIterator<Item = u64>) {
    for hash in hashes {
        register(registers, hash);
    }
}

fn estimate(registers: &[u8]) -> u64 {
    let m = registers.len() as f64;
    let sum: f64 = registers.iter().map(|r| (-f64::from(*r)).exp2()).sum();
    let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
    let zeros: usize = registers.iter().map(|r| usize::from(*r == 0)).sum();
    // Small counts are better read from the empty registers.
    if raw <= 2.5 * m && zeros > 0 {
        (m * (m / zeros as f64).ln()).round() as u64
    } else {
        raw.round() as u64
    }
}

/// The serialised form: sorted hashes, or registers as one letter each.
#[derive(Serialize, Deserialize)]
struct Stored {
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    exact: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    sketch: Option<String>,
}

impl From<DistinctCounter> for Stored {
    fn from(counter: DistinctCounter) -> Stored {
        let (exact, sketch) = match counter.state {
            State::Exact(set) => {
                let mut hashes: Vec<u64> = set.iter().collect();
                hashes.sort_unstable();
                (Some(hashes), None)
            }
            State::Sketch(registers) => (
                None,
                Some(
                    registers
                        .iter()
                        .map(|r| char::from(b'0' + r.min(&64)))
                        .collect(),
                ),
            ),
        };
        Stored {
            limit: counter.limit,
            exact,
            sketch,
        }
    }
}

impl From<Stored> for DistinctCounter {
    fn from(stored: Stored) -> DistinctCounter {
        let state = if let Some(letters) = stored.sketch {
            let mut registers = vec![0; 1 << PRECISION].into_boxed_slice();
            for (r, b) in registers.iter_mut().zip(letters.bytes()) {
                *r = b.saturating_sub(b'0').min(64);
            }
            State::Sketch(registers)
        } else {
            let mut set = Hashes::default();
            set.extend(stored.exact.unwrap_or_default());
            State::Exact(set)
        };
        DistinctCounter {
            state,
            limit: stored.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::mix;

    fn count(range: std::ops::Range<u64>, limit: usize) -> DistinctCounter {
        let mut counter = DistinctCounter::with_limit(limit);
        range.for_each(|n| counter.insert(mix(n + 1)));
        counter
    }

    #[test]
    fn the_sketch_is_within_one_percent() {
        for n in [3_000, 100_000, 400_000, 2_000_000] {
            let counter = count(0..n, 1_000);
            assert!(!counter.is_exact());
            let error = (counter.estimate() as f64 / n as f64 - 1.0).abs();
            assert!(error < 0.01, "{n}: {error}");
        }
    }

    #[test]
    fn state_survives_storage() {
        for counter in [count(0..500, 1_000), count(0..5_000, 1_000)] {
            let json = serde_json::to_string(&counter).expect("plain data");
            assert_eq!(
                serde_json::from_str::<DistinctCounter>(&json).expect("same shape"),
                counter
            );
        }
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_the_split(hashes in prop::collection::vec(0u64..60, 0..120), cut in 0usize..120, limit in 1usize..40) {
            let all = hashes.iter().fold(DistinctCounter::with_limit(limit), |mut c, h| { c.insert(mix(*h)); c });
            let cut = cut.min(hashes.len());
            let parts: Vec<DistinctCounter> = [&hashes[..cut], &hashes[cut..]].into_iter().map(|part| {
                part.iter().fold(DistinctCounter::with_limit(limit), |mut c, h| { c.insert(mix(*h)); c })
            }).collect();
            let (mut ab, mut ba) = (parts[0].clone(), parts[1].clone());
            ab.merge(parts[1].clone());
            ba.merge(parts[0].clone());
            prop_assert_eq!(&ab, &all);
            prop_assert_eq!(&ba, &all);
        }
    }
}
