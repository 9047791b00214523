//! Declares a slice's evidence lines: one constant per line, its value the line's position.

macro_rules! evidence_lines {
    ($($name:ident $id:literal $weight:literal)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        #[derive(Clone, Copy)]
        enum Place { $($name),* }
        $(pub(super) const $name: u8 = Place::$name as u8;)*
        static LOCAL: &[$crate::evidence::EvidenceDef] =
            &[$($crate::evidence::EvidenceDef { id: $id, weight: $weight }),*];
    };
}
