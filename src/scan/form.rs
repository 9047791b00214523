//! Forms laid out as tables: labels in one column, their values in the next.

use smallvec::SmallVec;

use crate::table::words::Words;

/// Counts the rows of what looks like a table, and those of them that hold labels and values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    rows: usize,
    labelled: usize,
}

impl Forms {
    /// Takes the cells of the next row.
    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>, words: &Words) {
        let cells: SmallVec<[&str; 16]> = cells.map(str::trim).filter(|c| !c.is_empty()).collect();
        self.rows += usize::from(cells.len() > 1);
        self.labelled += usize::from(is_labelled(&cells, words));
    }

    /// Whether it is a form: several rows, most of them labels with values.
    pub(super) fn is_form(self) -> bool {
        self.labelled >= 2 && self.labelled * 3 >= self.rows * 2
    }
}

/// Whether the filled cells of a row are labels, each with its value behind it: 收件人, 张三, 电话, 138….
pub(super) fn is_labelled(cells: &[&str], words: &Words) -> bool {
    let known = |cell: &str| {
        let cell = cell.trim_end_matches(['：', ':', ' ']);
        words.field_of(cell).is_some()
    };
    let labelled = cells.chunks(2).filter(|pair| match pair {
        [label, value] => known(label) && !known(value),
        _ => false,
    });
    labelled.count() * 2 > cells.len().div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::words::NONE;

    fn is_form(text: &str) -> bool {
        let mut forms = Forms::default();
        for line in text.lines() {
            forms.row(line.split(','), &NONE);
        }
        forms.is_form()
    }

    #[test]
    fn labels_with_values_are_a_form() {
        assert!(is_form("收件人,张三\n电话：,138\n备注,\n地址,杭州"));
        assert!(is_form("发货单\n收件人,,张三,电话,138\n地址,杭州,单号,SF1"));
    }

    #[test]
    fn a_header_with_rows_is_none() {
        assert!(!is_form("收件人,电话\n张三,138\n李四,139"));
        assert!(!is_form("收件人,颜色\n张三,红\n李四,黑"));
        assert!(!is_form("收件人,张三"));
        // A constant in the first column is no label.
        assert!(!is_form("订单,张三,138\n订单,李四,139\n订单,王五,137"));
    }
}
