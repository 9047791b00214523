//! First two digits of division codes (GB/T 2260).

/// Whether a province-level division begins with these two digits.
pub const fn is_province(code: u8) -> bool {
    matches!(
        code,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}
