//! Layouts and words that people who know their trade wrote down, one file of lines:
//!
//! - `+` a line of a record, list or message with a name, `-` one without: slots as in [`crate::synth`], `\n` and `\t` in two characters
//! - `=` words of cells that are never a name, `*` words that are names of people too
//! - `# hand` begins the part of another writer; other lines with `#`, and empty ones, say nothing

use std::collections::HashSet;

use miandan::text::class::is_han;

use crate::layouts::held_out;
use crate::train::Plan;
use crate::values::places;

/// For training, by ten hands, and labels and states that stand everywhere. What the sets for measuring have is left out.
const TRAINING: &str = include_str!("written.txt");

/// For training, by nine more hands, who saw neither program nor any set: what they share with the sets is what any text shares with
/// another, and stays in.
const UNAWARE: &str = include_str!("unaware.txt");

/// For measuring, by two others who saw neither program nor training text. Their words are not kept out of training: what they share with
/// it is what any two people write who know such files.
const FIFTH: &str = include_str!("fifth.txt");
const SIXTH: &str = include_str!("sixth.txt");

/// What one hand wrote, or several.
#[derive(Default)]
pub(crate) struct Written {
    /// Lines around a name.
    pub(crate) layouts: Vec<&'static str>,
    /// Lines of records without a name.
    pub(crate) nameless: Vec<&'static str>,
    /// What stands in cells and is never a name.
    pub(crate) words: Vec<&'static str>,
    /// Words that are names of people too.
    pub(crate) names: Vec<&'static str>,
}

impl Written {
    /// The fifth set for measuring.
    pub(crate) fn fifth() -> Written {
        Written::of(FIFTH.lines())
    }

    /// The sixth.
    pub(crate) fn sixth() -> Written {
        Written::of(SIXTH.lines())
    }

    /// What one hand wrote for training, counted from 1; `None` where there are not so many.
    pub(crate) fn by_hand(hand: usize) -> Option<Written> {
        let (_, part, _) = hands().nth(hand.checked_sub(1)?)?;
        Some(Written::of(part.lines().skip(1)))
    }

    /// All that is for training under a plan.
    pub(crate) fn for_training(plan: &Plan) -> Written {
        if plan.leaves("written-text") {
            return Written::default();
        }
        let mut all = Written::default();
        for (hand, part, unaware) in hands() {
            if Some(hand) == plan.without {
                continue;
            }
            let mut written = Written::of(part.lines().skip(1));
            if plan.apart || !unaware {
                written.leave_out_held_out();
            }
            all.layouts.extend(written.layouts);
            all.nameless.extend(written.nameless);
            all.words.extend(written.words);
            all.names.extend(written.names);
        }
        let places: HashSet<String> = places().into_iter().collect();
        all.names.retain(|word| !places.contains(*word));
        all
    }

    /// Leaves out what the sets for measuring have.
    fn leave_out_held_out(&mut self) {
        let own = |layout: &&str| layout.split(|c| !is_han(c)).all(|run| !held_out(run));
        self.layouts.retain(own);
        self.nameless.retain(own);
        self.words.retain(|word| !held_out(word));
        self.names.retain(|word| !held_out(word));
    }

    fn of(lines: impl Iterator<Item = &'static str>) -> Written {
        let mut written = Written::default();
        for line in lines {
            match line.split_once(' ') {
                Some(("+", layout)) => written.layouts.push(layout),
                Some(("-", layout)) => written.nameless.push(layout),
                Some(("=", words)) => written.words.extend(words.split_whitespace()),
                Some(("*", words)) => written.names.extend(words.split_whitespace()),
                _ => {}
            }
        }
        written
    }
}

/// The hands by number, with what each wrote, and whether it knew of no set.
fn hands() -> impl Iterator<Item = (usize, &'static str, bool)> {
    let parts = |text: &'static str, unaware| {
        let parts = text.split("# hand").skip(1);
        parts.map(move |part| (part, unaware))
    };
    let all = parts(TRAINING, false).chain(parts(UNAWARE, true));
    all.enumerate()
        .map(|(i, (part, unaware))| (i + 1, part, unaware))
}

/// A layout with its line breaks and tabs.
pub(crate) fn unescaped(layout: &str) -> String {
    layout.replace("\\n", "\n").replace("\\t", "\t")
}
