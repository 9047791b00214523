//! How much sets share, and which of them belong together.

use serde::{Deserialize, Serialize};

use super::fingerprint::Class;
use super::set::{FingerprintSet, SetError};

/// What two sets share of one class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Overlap {
    /// The class that was compared.
    pub class: Class,
    /// Distinct fingerprints in the first set.
    pub in_a: u64,
    /// Distinct fingerprints in the second set.
    pub in_b: u64,
    /// Fingerprints in both.
    pub shared: u64,
    /// Share of the first set that the second holds, 0 … 1.
    pub a_in_b: f64,
    /// Share of the second set that the first holds, 0 … 1.
    pub b_in_a: f64,
}

impl Overlap {
    /// Compares two sets by one class.
    ///
    /// # Errors
    /// [`SetError::OtherKey`] when the sets were made under different keys.
    pub fn of(class: Class, a: &FingerprintSet, b: &FingerprintSet) -> Result<Overlap, SetError> {
        if a.key_id() != b.key_id() {
            return Err(SetError::OtherKey);
        }
        let (list_a, list_b) = (a.of(class), b.of(class));
        let shared = count_shared(list_a, list_b);
        let share = |list: &[u64]| {
            if list.is_empty() {
                0.0
            } else {
                shared as f64 / list.len() as f64
            }
        };
        Ok(Overlap {
            class,
            in_a: list_a.len() as u64,
            in_b: list_b.len() as u64,
            shared,
            a_in_b: share(list_a),
            b_in_a: share(list_b),
        })
    }

    /// Compares two sets by every class that both hold.
    ///
    /// # Errors
    /// [`SetError::OtherKey`] when the sets were made under different keys.
    pub fn by_class(a: &FingerprintSet, b: &FingerprintSet) -> Result<Vec<Overlap>, SetError> {
        let mut list = Vec::new();
        for class in Class::ALL {
            let overlap = Overlap::of(class, a, b)?;
            if overlap.in_a > 0 && overlap.in_b > 0 {
                list.push(overlap);
            }
        }
        Ok(list)
    }

    /// Compares two sets by the class that says most: the first of mobile, waybill, person that both hold.
    ///
    /// # Errors
    /// [`SetError::OtherKey`] when the sets were made under different keys.
    pub fn main(a: &FingerprintSet, b: &FingerprintSet) -> Result<Overlap, SetError> {
        match Overlap::by_class(a, b)?
            .into_iter()
            .find(|o| o.class != Class::Handle)
        {
            Some(overlap) => Ok(overlap),
            None => Overlap::of(Class::Mobile, a, b),
        }
    }
}

/// Numbers in both ascending lists. A short list is looked up in a long one, lists of a size are merged.
fn count_shared(a: &[u64], b: &[u64]) -> u64 {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut shared = 0;
    if small.len() * 16 < large.len() {
        let mut rest = large;
        for n in small {
            let at = rest.partition_point(|l| l < n);
            shared += u64::from(rest.get(at) == Some(n));
            rest = &rest[at..];
        }
        return shared;
    }
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (small.get(i), large.get(j)) {
        shared += u64::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    shared
}

/// Two sets of a list that share something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pair {
    /// Position of the first set.
    pub a: usize,
    /// Position of the second set, always greater.
    pub b: usize,
    /// What they share, by class.
    pub overlaps: Vec<Overlap>,
}

/// Every pair of sets that shares at least one fingerprint.
///
/// # Errors
/// [`SetError::OtherKey`] when not all sets were made under the same key.
pub fn pairwise(sets: &[FingerprintSet]) -> Result<Vec<Pair>, SetError> {
    let mut pairs = Vec::new();
    for (a, first) in sets.iter().enumerate() {
        for (b, second) in sets.iter().enumerate().skip(a + 1) {
            let mut overlaps = Overlap::by_class(first, second)?;
            overlaps.retain(|o| o.shared > 0);
            if !overlaps.is_empty() {
                pairs.push(Pair { a, b, overlaps });
            }
        }
    }
    Ok(pairs)
}

/// Groups sets that belong together: linked, directly or through others, by a shared account or by at least `min_shared`
/// records that are at least the share `min_containment` of the smaller set. Every set is in exactly one group; groups and their
/// members are in the order of the list.
pub fn clusters(
    sets: usize,
    pairs: &[Pair],
    min_shared: u64,
    min_containment: f64,
) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..sets).collect();
    for pair in pairs.iter().filter(|p| p.a < sets && p.b < sets) {
        let linked = pair.overlaps.iter().any(|o| {
            o.shared > 0
                && (o.class == Class::Handle
                    || o.shared >= min_shared && o.a_in_b.max(o.b_in_a) >= min_containment)
        });
        if linked {
            let (a, b) = (root(&mut parent, pair.a), root(&mut parent, pair.b));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = vec![usize::MAX; sets];
    for set in 0..sets {
        let root = root(&mut parent, set);
        if group_of[root] == usize::MAX {
            group_of[root] = groups.len();
            groups.push(Vec::new());
        }
        groups[group_of[root]].push(set);
    }
    groups
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::leak::{Fingerprinter, Key};

    fn set(mobiles: impl IntoIterator<Item = u64>, handles: &[u64]) -> FingerprintSet {
        let f = Fingerprinter::new(&Key::new("0123456789abcdef").expect("long enough"));
        let mobiles = mobiles.into_iter().map(|n| (Class::Mobile, f.mobile(n, 0)));
        FingerprintSet::new(
            &f,
            0,
            mobiles.chain(handles.iter().map(|h| (Class::Handle, *h))),
        )
    }

    #[test]
    fn a_small_sample_is_found_in_a_large_set() {
        let (sample, dump) = (set(500..1_500, &[]), set(1_000..50_000, &[]));
        let overlap = Overlap::main(&sample, &dump).expect("one key");
        assert_eq!((overlap.in_a, overlap.shared), (1_000, 500));
        assert!((overlap.a_in_b - 0.5).abs() < 1e-9);
    }

    #[test]
    fn clusters_follow_records_and_accounts() {
        let sets = [
            set(0..100, &[]),
            set(50..150, &[7]),
            set(900..950, &[7]),
            set(2_000..2_100, &[]),
            set(2_099..2_200, &[]),
        ];
        let pairs = pairwise(&sets).expect("one key");
        assert_eq!(
            clusters(sets.len(), &pairs, 10, 0.2),
            [vec![0, 1, 2], vec![3], vec![4]]
        );
        assert_eq!(
            clusters(sets.len(), &pairs, 1, 0.0),
            [vec![0, 1, 2], vec![3, 4]]
        );
        assert_eq!(clusters(2, &pairs, 1, 0.0), [[0, 1]]);
    }

    proptest! {
        #[test]
        fn both_ways_of_counting_agree(a in prop::collection::btree_set(0u64..500, 0..200), b in prop::collection::btree_set(0u64..500, 0..20)) {
            let shared = a.intersection(&b).count() as u64;
            let (a, b): (Vec<u64>, Vec<u64>) = (a.into_iter().collect(), b.into_iter().collect());
            prop_assert_eq!(count_shared(&a, &b), shared);
            prop_assert_eq!(count_shared(&b, &a), shared);
        }
    }
}
