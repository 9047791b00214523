//! A small deterministic random generator, so that the same inputs give the same model everywhere.

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ x >> 31
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// Draws items in proportion to their weights.
pub(crate) struct Weighted<T> {
    items: Vec<T>,
    sums: Vec<f64>,
}

impl<T> Weighted<T> {
    pub(crate) fn new(list: impl Iterator<Item = (T, f64)>) -> Weighted<T> {
        let (mut items, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (item, weight) in list {
            sum += weight;
            items.push(item);
            sums.push(sum);
        }
        Weighted { items, sums }
    }

    pub(crate) fn draw(&self, random: &mut Random) -> &T {
        let at = (random.next() >> 11) as f64 / (1u64 << 53) as f64;
        let sum = self.sums.last().copied().unwrap_or(0.0);
        let i = self.sums.partition_point(|s| *s <= at * sum);
        &self.items[i.min(self.items.len() - 1)]
    }
}
