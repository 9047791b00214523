//! What the model looks at: hashed features of a possible name and its surroundings, the same for training and scanning.

use super::site::{Shape, Site};

/// log2 of the number of weights of features with many values: characters and their neighbours.
pub const BITS: u32 = 20;

/// log2 of the number of weights of features with few values: classes, buckets, words. Small, so that they stay cached.
pub const LOW_BITS: u32 = 14;

/// What a model can do without, as bits: templates of features, by their numbers, and parts that are none. A scan leaves out nothing;
/// the trainer tells what each is worth.
pub mod part {
    /// Weights of their own for what fills its run.
    pub const WHOLE_RUNS: u64 = 1;
    /// Looking up which strings are words.
    pub const WORDS: u64 = 1 << 1;
    /// The early reject.
    pub const GATE: u64 = 1 << 2;
    /// The memory of short runs.
    pub const MEMORY: u64 = 1 << 3;

    /// The templates of these numbers.
    pub const fn templates<const N: usize>(numbers: [u8; N]) -> u64 {
        let (mut bits, mut i) = (0, 0);
        while i < N {
            bits |= 1 << numbers[i];
            i += 1;
        }
        bits
    }
}

/// Takes features: lists them for training, or adds up what they weigh.
pub trait Take {
    /// The bits of [`part`] that are left out.
    #[inline]
    fn left_out(&self) -> u64 {
        0
    }

    /// Takes a feature with many values; `id` has [`BITS`] bits.
    fn take(&mut self, id: u32);

    /// Takes a feature with few values; `id` has [`LOW_BITS`] bits.
    fn take_low(&mut self, id: u32);

    /// What the template numbered `template` sees: up to three characters, and the shape where it matters.
    #[inline]
    fn add(&mut self, template: u8, shape: u16, a: u16, b: u16, c: u16) {
        if self.left_out() >> template & 1 == 1 {
            return;
        }
        let key = u64::from(template) << 52
            | u64::from(shape) << 48
            | u64::from(a) << 32
            | u64::from(b) << 16
            | u64::from(c);
        self.take((key.wrapping_mul(MULTIPLIER) >> (64 - BITS)) as u32);
    }

    /// The same for features with few values.
    #[inline]
    fn low(&mut self, template: u8, shape: u16, a: u16, b: u16) {
        if self.left_out() >> template & 1 == 1 {
            return;
        }
        let key =
            u64::from(template) << 36 | u64::from(shape) << 32 | u64::from(a) << 16 | u64::from(b);
        self.take_low((key.wrapping_mul(MULTIPLIER) >> (64 - LOW_BITS)) as u32);
    }
}

/// The golden ratio, as is usual for multiplicative hashing: the high bits of a product depend on all of the key.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Features of what stands before a start: the same for every shape.
#[inline]
pub fn before(site: &Site, bag: &mut impl Take) {
    let code = |at: isize| site.code(at);
    let (l1, l2, s) = (code(-1), code(-2), code(0));
    bag.add(17, 0, l1, 0, 0);
    bag.add(18, 0, l1, l2, 0);
    bag.add(23, 0, l1, s, 0);
    let classes = site.class(-1) << 10 | site.class(-2) << 5 | site.class(-3);
    bag.low(38, 0, classes, 0);
    let crossing = left_words(site);
    let outside = site.word(-2, 2) | (site.word(-3, 3) & 1) << 2;
    bag.low(51, 0, crossing, outside);
    bag.add(58, 0, s, crossing, 0);
    bag.low(42, 0, site.before.min(6) as u16, crossing);
}

/// Which words end in or after the surname's first character and begin before it.
fn left_words(site: &Site) -> u16 {
    site.word(-1, 2) | (site.word(-2, 3) & 1) << 2 | (site.word(-1, 3) & 1) << 3
}

/// Features of a candidate, but for those of [`before`].
#[inline]
pub fn candidate(site: &Site, shape: Shape, bag: &mut impl Take) {
    let code = |at: usize| site.code(at as isize);
    let class = |at: isize| site.class(at);
    let n = shape.len;
    // What fills its run is judged with weights of its own: in a cell a word means little, in a sentence nearly all.
    let alone = site.fills_run(n) && bag.left_out() & part::WHOLE_RUNS == 0;
    let alone = u16::from(alone) << 3;
    let kind = (n * 2 + shape.surname - 5) as u16 | alone;
    // One code for the surname, single or compound.
    let s = match shape.surname {
        1 => code(0),
        _ => code(0).wrapping_mul(31).wrapping_add(code(1)),
    };
    let g1 = code(shape.surname);
    let two = n - shape.surname == 2;
    let last = code(n - 1);
    let g2 = if two { last } else { 0 };
    let l1 = site.code(-1);
    let (r1, r2) = (code(n), code(n + 1));

    bag.low(10, kind, 0, 0);
    bag.add(11, kind, s, 0, 0);
    bag.add(12, kind, s, g1, 0);
    bag.add(13, kind, s, g1, g2);
    bag.add(14, kind, g1, 0, 0);
    bag.add(15, kind, last, 1, 0);
    bag.add(16, kind, g1, g2, 1);
    bag.add(20, kind, r1, 0, 0);
    bag.add(21, kind, r1, r2, 0);
    bag.add(25, kind, l1, r1, 0);
    bag.add(26, kind, last, r1, 0);

    let surname = if shape.surname == 1 {
        site.traits(0).surname()
    } else {
        11 + u16::from(site.compound() != 0)
    };
    let given = if two {
        site.traits(shape.surname).first() << 3 | site.traits(n - 1).second()
    } else {
        64 | site.traits(shape.surname).single()
    };
    bag.low(31, kind, surname, given);
    bag.low(32, kind, given, 0);
    bag.add(33, kind, s, given, 1);

    let end = n as isize;
    let (cl1, cr1) = (class(-1), class(end));
    bag.low(34, kind, cl1, cr1);

    // Where in the run: alone in its cell, at one of its ends, or in the middle of prose.
    let head = site.before.min(6) as u16;
    let tail = (site.left - n).min(6) as u16;
    let place = head.min(3) << 2 | tail.min(3);
    if alone == 0 {
        bag.low(43, kind, head, tail);
        bag.low(44, kind, place << 4 | surname, given);
    }
    if head.min(tail) == 0 {
        bag.low(46, kind, cl1 << 5 | cr1, place);
    }

    // What the next character would be as part of a name tells whether the name ends here.
    let next = site.traits(n).second();
    bag.low(45, kind, next << 5 | cr1, given);

    // Which strings across and inside the borders of the candidate are ordinary words.
    let inner = site.word(0, 2)
        | if n > 2 {
            (site.word(0, 3) & 1) << 2 | site.word(end - 2, 2) << 3
        } else {
            0
        }
        | if n > 3 { (site.word(0, 4) & 1) << 5 } else { 0 };
    let mut crossing =
        site.word(end - 1, 2) | (site.word(end - 1, 3) & 1) << 2 | (site.word(end - 2, 3) & 1) << 3;
    if n == 3 {
        crossing |= (site.word(0, 4) & 1) << 4;
    }
    let outside = site.word(end, 2);
    let before = left_words(site);
    bag.low(50, kind, inner, 0);
    bag.low(52, kind, crossing, outside);
    bag.low(53, kind, inner << 5 | crossing, before);
    bag.low(55, kind, inner, given);
    if alone == 0 {
        let ends = u16::from(head == 0) << 1 | u16::from(tail == 0);
        bag.low(56, kind, inner, ends);
    } else {
        // A word in a cell is a name where people have such names, 高峰 rather than 高管, and where cells next to it have such marks.
        bag.low(43, kind, class(-2) << 5 | class(end + 1), 0);
        bag.low(44, kind, surname, given << 6 | inner);
        bag.low(56, kind, inner, cl1 << 5 | cr1);
    }
    bag.add(57, kind, last, crossing, 0);
    bag.add(60, kind, s, inner, 1);
}
