//! The order of candidates, which come detector by detector, those of each in the order of the text, more or less.

/// More rows than this are sorted as anything else is.
const ROWS: usize = 16;

/// So few keys are in order before rows of them are found.
const FEW: usize = 20;

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
        if rows.len() <= FEW {
            rows.sort_unstable();
            return rows;
        }
        let (mut ends, mut number) = ([0; ROWS], 0);
        let places = rows.windows(2).zip(1..);
        let falls = places.filter_map(|(pair, place)| (pair[1] < pair[0]).then_some(place));
        for end in falls.chain([rows.len()]) {
            let Some(slot) = ends.get_mut(number) else {
                rows.sort_unstable();
                return rows;
            };
            *slot = end;
            number += 1;
        }
        while number > 1 {
            merged.resize(rows.len(), 0);
            let mut start = 0;
            for pair in 0..number.div_ceil(2) {
                let middle = ends[2 * pair];
                let end = ends[(2 * pair + 1).min(number - 1)];
                let (one, two) = rows[start..end].split_at(middle - start);
                merge(one, two, &mut merged[start..end]);
                (start, ends[pair]) = (end, end);
            }
            number = number.div_ceil(2);
            std::mem::swap(rows, merged);
        }
        rows
    }
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
