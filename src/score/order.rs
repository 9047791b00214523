//! The order of candidates, which come detector by detector, those of each in the order of the text, more or less.

/// More rows than this are sorted as anything else is.
const ROWS: usize = 16;

/// Keys that are put in order.
#[derive(Debug, Default)]
pub(crate) struct Order {
    keys: Vec<u64>,
    merged: Vec<u64>,
}

impl Order {
    /// The keys in order.
    ///
    /// Neighbouring rows of them that are in order are merged until there is one. The candidates of a dump take turns in the same way line
    /// after line: a processor guesses from which row the next one comes, and need not wait until it is found, as it does where a sort
    /// avoids to branch.
    pub(super) fn of(&mut self, keys: impl Iterator<Item = u64>) -> &[u64] {
        let Order { keys: rows, merged } = self;
        rows.clear();
        rows.extend(keys);
        let mut number = 1 + rows.windows(2).filter(|pair| pair[1] < pair[0]).count();
        if number > ROWS {
            rows.sort_unstable();
            number = 1;
        }
        while number > 1 {
            merged.resize(rows.len(), 0);
            number = 0;
            let (mut rest, mut out) = (rows.as_slice(), merged.as_mut_slice());
            while !rest.is_empty() {
                let (one, behind) = split(rest);
                let (two, behind) = split(behind);
                let (merged, free) = out.split_at_mut(one.len() + two.len());
                merge(one, two, merged);
                (rest, out, number) = (behind, free, number + 1);
            }
            std::mem::swap(rows, merged);
        }
        rows
    }
}

/// The first keys that are in order, and those behind.
fn split(keys: &[u64]) -> (&[u64], &[u64]) {
    let last = keys.windows(2).position(|pair| pair[1] < pair[0]);
    keys.split_at(last.map_or(keys.len(), |last| last + 1))
}

fn merge(one: &[u64], two: &[u64], out: &mut [u64]) {
    let (mut one, mut two) = (one.iter().copied(), two.iter().copied());
    let (mut next, mut other) = (one.next(), two.next());
    let mut out = out.iter_mut();
    while let (Some(low), Some(bound)) = (next, other) {
        if low > bound {
            std::mem::swap(&mut one, &mut two);
            std::mem::swap(&mut next, &mut other);
        } else if let Some(slot) = out.next() {
            *slot = low;
            next = one.next();
        }
    }
    let rest = next.into_iter().chain(one).chain(other).chain(two);
    out.zip(rest).for_each(|(slot, key)| *slot = key);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_merged_to_one() {
        let mut order = Order::default();
        let mut seed = 7_u64;
        for rows in 0..2 * ROWS as u64 {
            for length in [1, 2, 9] {
                let mut keys = Vec::new();
                for _ in 0..rows {
                    let mut key = 0;
                    for _ in 0..length {
                        seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
                        key += 1 + (seed >> 60);
                        keys.push(key << 32 | keys.len() as u64);
                    }
                }
                let mut sorted = keys.clone();
                sorted.sort_unstable();
                assert_eq!(order.of(keys.into_iter()), sorted);
            }
        }
    }
}
