//! From positions in a view back to positions in the input.

/// A place where the view's text and the source differ in length: `view_len` bytes at `view` stand for
/// `source_len` bytes at `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// First byte in the view.
    pub view: usize,
    /// Bytes in the view.
    pub view_len: usize,
    /// First byte in the source.
    pub source: usize,
    /// Bytes in the source.
    pub source_len: usize,
}

/// Maps byte offsets of a view's text to byte offsets of the source it was made from.
///
/// A sorted list of [`Edit`]s; between edits the two run in step. Empty means identity.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    edits: Vec<Edit>,
}

impl OffsetMap {
    /// Whether positions are the same in view and source.
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// Forgets every edit and keeps the memory.
    pub fn clear(&mut self) {
        self.edits.clear();
    }

    /// Appends an edit; edits come in order and do not overlap.
    pub fn push(&mut self, edit: Edit) {
        debug_assert!(
            self.edits
                .last()
                .is_none_or(|e| e.view + e.view_len <= edit.view)
        );
        self.edits.push(edit);
    }

    /// The source offset at which the character at view offset `at` starts.
    pub fn start_to_source(&self, at: usize) -> usize {
        self.to_source(at, false)
    }

    /// The source offset one past the character that ends at view offset `at`.
    ///
    /// Differs from [`start_to_source`](Self::start_to_source) where the source holds characters that the view leaves out
    /// (zero-width space): they are not part of a span that ends before them.
    pub fn end_to_source(&self, at: usize) -> usize {
        self.to_source(at, true)
    }

    /// The view offset that stands for source offset `at`; the start of the edit when `at` lies inside one.
    pub fn to_view(&self, at: usize) -> usize {
        let i = self
            .edits
            .partition_point(|e| e.source + e.source_len <= at);
        match self.edits.get(i) {
            Some(e) if e.source <= at => e.view,
            _ if i == 0 => at,
            _ => {
                let e = &self.edits[i - 1];
                e.view + e.view_len + (at - e.source - e.source_len)
            }
        }
    }

    #[inline]
    fn to_source(&self, at: usize, end: bool) -> usize {
        if self.is_identity() {
            return at;
        }
        self.beside_edits(at, end)
    }

    fn beside_edits(&self, at: usize, end: bool) -> usize {
        // The last edit that ends at or before `at`. An edit that leaves nothing in the view sits between two characters;
        // a span's end stays before it, a span's start comes after it.
        let i = self.edits.partition_point(|e| {
            e.view + e.view_len < at || (e.view + e.view_len == at && !(end && e.view_len == 0))
        });
        if let Some(next) = self.edits.get(i)
            && next.view < at
        {
            return if end {
                next.source + next.source_len
            } else {
                next.source
            };
        }
        match i.checked_sub(1).map(|i| &self.edits[i]) {
            None => at,
            Some(e) => e.source + e.source_len + (at - e.view - e.view_len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_gaps_map_back() {
        // source "a<zwsp>１b": a at 0, U+200B at 1..4, full-width one at 4..7, b at 7
        let mut map = OffsetMap::default();
        map.push(Edit {
            view: 1,
            view_len: 0,
            source: 1,
            source_len: 3,
        });
        map.push(Edit {
            view: 1,
            view_len: 1,
            source: 4,
            source_len: 3,
        });
        assert_eq!((map.start_to_source(0), map.end_to_source(1)), (0, 1));
        assert_eq!((map.start_to_source(1), map.end_to_source(2)), (4, 7));
        assert_eq!((map.start_to_source(2), map.end_to_source(3)), (7, 8));
        assert_eq!((map.to_view(0), map.to_view(4), map.to_view(7)), (0, 1, 2));
    }
}
