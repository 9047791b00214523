//! What the model looks at: hashed features of a possible name and its surroundings, the same for training and scanning.

use super::gate::{Lexicon, Run, Shape};
use super::words::Words;

/// log2 of the number of weights. 2^20 cost 0.2–0.3 points of F1 on the development sets.
pub const BITS: u32 = 21;

/// Features of one candidate, as weight positions.
pub struct Bag {
    n: usize,
    ids: [u32; 72],
}

impl Default for Bag {
    fn default() -> Bag {
        Bag { n: 0, ids: [0; 72] }
    }
}

impl Bag {
    pub fn ids(&self) -> &[u32] {
        &self.ids[..self.n]
    }
}

impl Take for Bag {
    fn clear(&mut self) {
        self.n = 0;
    }

    #[inline]
    fn take(&mut self, id: u32) {
        if let Some(slot) = self.ids.get_mut(self.n) {
            *slot = id;
            self.n += 1;
        }
    }
}

/// Adds up the weights of features as they come.
pub struct Sum<'w> {
    weights: &'w [i8],
    pub total: i32,
}

impl<'w> Sum<'w> {
    pub fn new(weights: &'w [i8]) -> Sum<'w> {
        Sum { weights, total: 0 }
    }
}

impl Take for Sum<'_> {
    fn clear(&mut self) {
        self.total = 0;
    }

    #[inline]
    fn take(&mut self, id: u32) {
        self.total += i32::from(self.weights.get(id as usize).copied().unwrap_or(0));
    }
}

/// Takes the features of a candidate: lists them for training, or adds up what they weigh.
pub trait Take {
    /// Begins a new candidate.
    fn clear(&mut self);

    /// Takes the position of a feature's weight.
    fn take(&mut self, id: u32);

    /// Takes a feature: what the template numbered `template` sees.
    #[inline]
    fn add(&mut self, template: u8, shape: u16, a: u16, b: u16, c: u16) {
        let key = u64::from(template) << 52
            | u64::from(shape) << 48
            | u64::from(a) << 32
            | u64::from(b) << 16
            | u64::from(c);
        // The high bits of a product depend on all of the key.
        self.take((key.wrapping_mul(MULTIPLIER) >> (64 - BITS)) as u32);
    }
}

/// The golden ratio, as is usual for multiplicative hashing.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// One code for the surname of a shape, single or compound.
#[inline]
fn surname_code(run: &Run, shape: Shape) -> u16 {
    let first = run.code(shape.start as isize);
    match shape.surname {
        1 => first,
        _ => first
            .wrapping_mul(31)
            .wrapping_add(run.code(shape.start as isize + 1)),
    }
}

/// The few features on which a position is given up early.
#[inline]
pub fn start_features(run: &Run, start: usize, bag: &mut impl Take) {
    bag.clear();
    let at = |i: isize| run.code(start as isize + i);
    let (l2, l1, s, c1, c2) = (at(-2), at(-1), at(0), at(1), at(2));
    bag.add(1, 0, s, 0, 0);
    bag.add(2, 0, s, c1, 0);
    bag.add(3, 0, s, c1, c2);
    bag.add(4, 0, l1, s, 0);
    bag.add(5, 0, l1, s, c1);
    bag.add(6, 0, l2, l1, 0);
    bag.add(7, 0, c1, c2, 0);
    bag.add(8, 0, c2, at(3), 0);
}

/// Every feature of a candidate.
pub fn features(lexicon: Lexicon, words: &Words, run: &Run, shape: Shape, bag: &mut impl Take) {
    bag.clear();
    let start = shape.start as isize;
    let end = start + shape.len as isize;
    let code = |at: isize| run.code(at);
    let kind = (shape.len * 2 + shape.surname - 1) as u16;
    let s = surname_code(run, shape);
    let g1 = code(start + shape.surname as isize);
    let two = shape.len - shape.surname == 2;
    let g2 = if two { code(end - 1) } else { 0 };
    let last = if two { g2 } else { g1 };
    let (l1, l2, l3, l4) = (
        code(start - 1),
        code(start - 2),
        code(start - 3),
        code(start - 4),
    );
    let (r1, r2, r3, r4) = (code(end), code(end + 1), code(end + 2), code(end + 3));

    bag.add(10, kind, 0, 0, 0);
    bag.add(11, kind, s, 0, 0);
    bag.add(12, kind, s, g1, 0);
    bag.add(13, kind, s, g1, g2);
    bag.add(14, kind, g1, 0, 0);
    bag.add(15, kind, last, 1, 0);
    bag.add(16, kind, g1, g2, 1);
    bag.add(17, kind, l1, 0, 0);
    bag.add(18, kind, l1, l2, 0);
    bag.add(19, 0, l1, l2, l3);
    bag.add(20, kind, r1, 0, 0);
    bag.add(21, kind, r1, r2, 0);
    bag.add(22, 0, r1, r2, r3);
    bag.add(23, 0, l1, s, 0);
    bag.add(24, 0, l1, s, g1);
    bag.add(25, kind, l1, r1, 0);
    bag.add(26, kind, last, r1, 0);
    bag.add(27, 0, last, r1, r2);
    bag.add(28, 0, g1, last, r1);
    bag.add(29, 0, l2, l3, l4);
    bag.add(30, 0, r2, r3, r4);

    let t = lexicon.traits(code(start));
    let surname = if shape.surname == 1 {
        t.surname()
    } else {
        11 + u16::from(lexicon.compound(code(start), code(start + 1)) != 0)
    };
    let given = if two {
        lexicon.traits(g1).first() << 3 | lexicon.traits(g2).second()
    } else {
        64 | lexicon.traits(g1).single()
    };
    bag.add(31, kind, surname, given, 0);
    bag.add(32, kind, given, 1, 0);
    bag.add(33, kind, s, given, 1);

    let (cl1, cl2, cl3) = (lexicon.class(l1), lexicon.class(l2), lexicon.class(l3));
    let (cr1, cr2, cr3) = (lexicon.class(r1), lexicon.class(r2), lexicon.class(r3));
    bag.add(34, kind, cl1, cr1, 0);
    bag.add(35, kind, cl1, cr1, surname);
    bag.add(36, kind, cl1, cr1, given);
    bag.add(37, kind, cl1 << 5 | cl2, cr1 << 5 | cr2, 0);
    bag.add(38, kind, cl1 << 10 | cl2 << 5 | cl3, 1, 0);
    bag.add(39, kind, cr1 << 10 | cr2 << 5 | cr3, 2, 0);
    bag.add(40, kind, s, cl1 << 5 | cr1, 0);
    bag.add(
        41,
        kind,
        cl1 << 10 | cl2 << 5 | cl3,
        cr1 << 10 | cr2 << 5 | cr3,
        3,
    );

    // Where in the run: alone in its cell, at one of its ends, or in the middle of prose.
    let before = shape.start.min(6) as u16;
    let after = (run.len() - shape.start - shape.len).min(6) as u16;
    bag.add(42, kind, before, after, 0);
    bag.add(43, kind, before.min(3) << 2 | after.min(3), surname, given);
    if before.min(after) == 0 {
        bag.add(44, kind, cl1, cr1, 100 + before.min(3) * 4 + after.min(3));
    }

    // What the next character would be as part of a name tells whether the name ends here.
    let next = lexicon.traits(r1);
    bag.add(45, kind, next.second(), cr1, given);

    add_word_features(
        words,
        &[l3, l2, l1, code(start), code(start + 1)],
        kind,
        run,
        shape,
        bag,
        given,
    );
}

/// Which strings across and inside the borders of the candidate are ordinary words.
fn add_word_features(
    words: &Words,
    left: &[u16; 5],
    kind: u16,
    run: &Run,
    shape: Shape,
    bag: &mut impl Take,
    given: u16,
) {
    let first = shape.start as isize;
    let end = first + shape.len as isize;
    // The whole neighbourhood: the name with three characters after it.
    let mut after = [0u16; 7];
    for (slot, code) in after.iter_mut().enumerate() {
        *code = run.code(first + slot as isize);
    }
    let n = shape.len;
    let last = run.code(end - 1);
    let (r1, r2) = (run.code(end), run.code(end + 1));
    let word = |codes: &[u16]| words.look(codes) & 1;
    // Bit 0 a word, bit 1 a common one.
    let look = |codes: &[u16]| words.look(codes);
    let longer = |codes: &[u16]| if n > 2 { words.look(codes) } else { 0 };
    let inner = look(&after[..2])
        | (longer(&after[..3]) & 1) << 2
        | longer(&after[n - 2..n]) << 3
        | if n > 3 { word(&after[..4]) << 5 } else { 0 };
    let crossing = look(&left[2..4])
        | word(&left[1..4]) << 2
        | word(&left[2..5]) << 3
        | look(&[last, r1]) << 4
        | word(&[last, r1, r2]) << 6
        | word(&after[n - 2..=n]) << 7;
    let outside =
        word(&left[1..3]) | word(&left[0..3]) << 1 | look(&[r1, r2]) << 2 | word(&after[..=n]) << 4;
    bag.add(50, kind, inner, 0, 0);
    bag.add(51, kind, crossing, 0, 0);
    bag.add(52, kind, outside, 0, 0);
    bag.add(53, kind, inner, crossing, 0);
    bag.add(54, kind, inner, crossing, 100 + outside);
    bag.add(55, kind, inner, given, 1);
    let alone = u16::from(shape.start == 0) << 1 | u16::from(shape.start + n == run.len());
    bag.add(56, kind, inner, alone, 2);
    for (bit, set) in (0..8).map(|b| (b, crossing >> b & 1 == 1)) {
        if set {
            bag.add(57, kind, bit, 0, 0);
            bag.add(58, kind, bit, after[0], 0);
        }
    }
}
