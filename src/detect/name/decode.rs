//! Which candidates of a run are kept: the set without overlaps that has the highest sum of scores.

/// A scored candidate; positions are characters of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// First character.
    pub start: u16,
    /// One past the last character.
    pub end: u16,
    /// Characters of the surname.
    pub surname: u8,
    /// Milli-logits.
    pub score: i32,
}

/// Buffers that are used again.
#[derive(Default)]
pub struct Decoder {
    best: Vec<i64>,
    from: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Decoder {
    /// Marks in `kept` the best set; `candidates` are sorted by start. Candidates that overlap one another, directly or through
    /// others, are settled among themselves.
    pub fn decode(&mut self, candidates: &[Scored], kept: &mut Vec<bool>) {
        kept.clear();
        kept.resize(candidates.len(), false);
        let mut from = 0;
        while let Some(first) = candidates.get(from) {
            let (mut to, mut end) = (from + 1, first.end);
            while let Some(c) = candidates.get(to).filter(|c| c.start < end) {
                end = end.max(c.end);
                to += 1;
            }
            match (&candidates[from..to], &mut kept[from..to]) {
                ([only], [kept]) => *kept = only.score > 0,
                (group, kept) => self.settle(group, usize::from(end - first.start), kept),
            }
            from = to;
        }
    }

    /// Marks the best set of a group that is `len` characters long.
    fn settle(&mut self, group: &[Scored], len: usize, kept: &mut [bool]) {
        let first = group.first().map_or(0, |c| c.start);
        let place = |at: u16| usize::from(at - first);
        // best[i] is the highest sum over the first i characters; from[i] the candidate that ends there.
        self.best.clear();
        self.best.resize(len + 1, 0);
        self.from.clear();
        self.from.resize(len + 1, NONE);
        let mut next = 0;
        for at in 0..=len {
            if at > 0 && self.best[at - 1] > self.best[at] {
                self.best[at] = self.best[at - 1];
                self.from[at] = NONE;
            }
            while let Some(c) = group.get(next).filter(|c| place(c.start) == at) {
                let (sum, end) = (self.best[at] + i64::from(c.score), place(c.end));
                if sum > self.best[end] {
                    self.best[end] = sum;
                    self.from[end] = next as u32;
                }
                next += 1;
            }
        }
        let mut at = len;
        while at > 0 {
            match self.from[at] {
                NONE => at -= 1,
                i => {
                    kept[i as usize] = true;
                    at = place(group[i as usize].start);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(list: &[(u16, u16, i32)]) -> Vec<bool> {
        let list: Vec<Scored> = list
            .iter()
            .map(|&(start, end, score)| Scored {
                start,
                end,
                surname: 1,
                score,
            })
            .collect();
        let mut out = Vec::new();
        Decoder::default().decode(&list, &mut out);
        out
    }

    #[test]
    fn the_best_sum_wins_over_the_best_first_choice() {
        let list = [(0, 2, 500), (0, 3, 900), (2, 4, 600)];
        assert_eq!(kept(&list), [true, false, true]);
        assert_eq!(kept(&[(0, 3, -1)]), [false]);
        assert_eq!(kept(&[(1, 3, -5), (3, 5, 5)]), [false, true]);
    }

    #[test]
    fn what_does_not_touch_is_settled_apart() {
        let group = [(0, 2, 500), (0, 3, 900), (2, 4, 600)];
        let shifted = group.map(|(start, end, score)| (start + 4, end + 4, score));
        let both: Vec<_> = group.into_iter().chain(shifted).collect();
        assert_eq!(kept(&both), [kept(&group), kept(&shifted)].concat());
    }
}
