//! Names that are not written in full: 张先生, 老王, 王某, 张*, *三; and names with a middle dot, 买买提·艾力.

use smallvec::SmallVec;

use super::lexicon::{DOT, Lexicon, Marks, is_dot, is_mask};
use super::run::Run;
use super::words::Words;
use crate::kind::Form;
use crate::span::Span;

/// A name found by rule.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Bytes in the text.
    pub span: Span,
    /// Partial, masked, or full for names with a dot.
    pub form: Form,
    /// Characters of the surname; 0 where none is known.
    pub surname: usize,
    /// What was seen.
    pub sign: Sign,
    /// Whether both sides are borders or words that stand beside a customer's name.
    pub framed: bool,
    /// Whether the surname is rarely one (我奶奶, 让医生), or what is shown is a word (班主任, 帅哥, *价格).
    pub doubtful: bool,
}

/// What a rule saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Surname and title: 张先生.
    Title,
    /// Surname and a title of one character, which is often part of a word: 李姐.
    ShortTitle,
    /// 老王, 小陈.
    Familiar,
    /// 王某.
    Some,
    /// 张*, 李**, 陆*琴.
    MaskAfter,
    /// *三, **康.
    MaskBefore,
    /// Han characters, a dot, Han characters.
    Dotted,
}

const TITLES: &[&str] = &[
    "先生", "女士", "小姐", "太太", "阿姨", "大哥", "大姐", "大爷", "大妈", "大叔", "叔叔", "奶奶",
    "爷爷", "师傅", "医生", "老师", "经理", "老板", "同学", "大夫", "律师", "教授", "护士", "主任",
    "小弟", "小妹", "婆婆", "夫人", "师父", "会计",
];
const SHORT_TITLES: &str = "总工姐哥叔姨爷妈婶嫂伯董爸";
/// Words after which a customer's name follows, by their last character.
const BEFORE: &str = "人给家户寄收名是为叫找我主者方客系到：的和与及请";
/// Characters with which the text goes on after a customer's name.
const AFTER: &str = "收您留打的你，说请在亲代签已是和来要电取接";
const FAMILIAR: [char; 3] = ['老', '小', '阿'];
const SOME: char = '某';

/// Characters with which a title or 某 begins, for the table of characters.
pub(super) fn tail_starts() -> impl Iterator<Item = char> {
    TITLES
        .iter()
        .filter_map(|t| t.chars().next())
        .chain(SHORT_TITLES.chars())
        .chain([SOME])
}

/// Whether a middle dot and more Han characters stand before the run: what follows is part of a longer name.
pub(super) fn follows_dot(lexicon: Lexicon, run: &Run) -> bool {
    is_dot(run.code(-1)) && lexicon.traits(run.code(-2)).is_han()
}

/// The same behind the run.
pub(super) fn precedes_dot(lexicon: Lexicon, run: &Run) -> bool {
    let end = run.len() as isize;
    is_dot(run.code(end)) && lexicon.traits(run.code(end + 1)).is_han()
}

fn has(list: &str, code: u16) -> bool {
    let mut utf8 = [0; 3];
    let c = char::from_u32(code.into()).filter(|c| *c > '\u{80}');
    c.is_some_and(|c| list.contains(&*c.encode_utf8(&mut utf8)))
}

fn is_familiar(code: u16) -> bool {
    FAMILIAR.iter().any(|c| *c as u32 == u32::from(code))
}

/// Looks at a run of Han characters for all forms; pushes what it finds.
pub fn look(lexicon: Lexicon, words: &Words, text: &str, run: &Run, out: &mut Vec<Found>) {
    let n = run.len() as isize;
    // Titles begin with what 老, 小 and 阿 are among.
    let tails = run.any().has(Marks::TAIL);
    for &at in if tails { run.starts() } else { &[] } {
        let at = at as isize;
        let Some(surname) = surname_at(lexicon, run, at) else {
            continue;
        };
        let next = at + surname as isize;
        if next < n && lexicon.traits(run.code(next)).begins_tail() {
            titled(lexicon, words, run, at, surname, out);
        }
        if at > 0 && surname == 1 && is_familiar(run.code(at - 1)) {
            familiar(lexicon, words, run, at, out);
        }
    }
    if ends_at_mask(run) {
        masked_after(lexicon, text, run, out);
    }
    if follows_mask(run) {
        masked_before(lexicon, words, text, run, out);
    }
    if precedes_dot(lexicon, run) && !follows_dot(lexicon, run) {
        dotted(lexicon, words, text, run, out);
    }
}

/// Whether what the rules find in a run depends on more than it and the two characters on either side of it.
pub(super) fn look_beyond(lexicon: Lexicon, run: &Run) -> bool {
    ends_at_mask(run) || follows_mask(run) || precedes_dot(lexicon, run)
}

fn ends_at_mask(run: &Run) -> bool {
    is_mask(run.code(run.len() as isize))
}

fn follows_mask(run: &Run) -> bool {
    run.code(-1) == u16::from(b'*')
}

/// Characters of the surname that starts here.
fn surname_at(lexicon: Lexicon, run: &Run, at: isize) -> Option<usize> {
    if lexicon.compound(run.code(at), run.code(at + 1)) != 0 {
        return Some(2);
    }
    (lexicon.traits(run.code(at)).surname() != 0).then_some(1)
}

fn opens(run: &Run, at: isize) -> bool {
    at == 0 || has(BEFORE, run.code(at - 1))
}

fn closes(run: &Run, end: isize) -> bool {
    end == run.len() as isize || has(AFTER, run.code(end))
}

/// Buckets of surnames from this one on hold those that hardly anybody has, which are mostly other words.
const HARDLY_SURNAMES: u16 = 7;

/// Whether the character is seldom the surname that it may be.
fn seldom_surname(lexicon: Lexicon, code: u16) -> bool {
    lexicon.traits(code).surname() >= HARDLY_SURNAMES || lexicon.is_weak_surname(code)
}

fn push(run: &Run, from: isize, end: isize, surname: usize, sign: Sign, out: &mut Vec<Found>) {
    if end as usize > run.len() {
        return;
    }
    out.push(Found {
        span: Span::new(run.offset(from as usize), run.offset(end as usize)),
        form: Form::Partial,
        surname,
        sign,
        framed: opens(run, from) && closes(run, end),
        doubtful: false,
    });
}

/// A surname and a title or 某; `doubtful` where it is seldom a surname or the whole is a word.
fn titled(
    lexicon: Lexicon,
    words: &Words,
    run: &Run,
    at: isize,
    surname: usize,
    out: &mut Vec<Found>,
) {
    let first = out.len();
    look_for_title(words, run, at, surname, out);
    let seldom = surname == 1 && seldom_surname(lexicon, run.code(at));
    for found in &mut out[first..] {
        let chars = found.span.len() / 3;
        let codes: SmallVec<[u16; 4]> = (at..).take(chars.min(4)).map(|i| run.code(i)).collect();
        // One unknown string in twenty passes for a word, and fewer for a common one: a name of two characters is lost for that only.
        let is_word = match codes[..] {
            [a, b] => words.is_common([a, b]),
            _ => words.is_word(&codes),
        };
        found.doubtful = seldom || found.sign != Sign::Some && is_word;
    }
}

fn look_for_title(words: &Words, run: &Run, at: isize, surname: usize, out: &mut Vec<Found>) {
    let next = at + surname as isize;
    let crosses = at > 0 && !opens(run, at) && words.is_common([run.code(at - 1), run.code(at)]);
    if crosses {
        return;
    }
    let some = SOME as u16;
    if run.code(next) == some {
        let mut end = next + 1;
        if run.code(end) == some || has("甲乙丙丁", run.code(end)) {
            end += 1;
        } else if end + 1 == run.len() as isize
            || has(AFTER, run.code(end + 1)) && end < run.len() as isize
        {
            // 王某康: the hidden character stands in the middle.
            end += isize::from(!closes(run, end));
        }
        push(run, at, end, surname, Sign::Some, out);
        return;
    }
    let title = TITLES.iter().find(|t| {
        t.chars()
            .enumerate()
            .all(|(i, c)| u32::from(run.code(next + i as isize)) == c as u32)
    });
    if let Some(title) = title {
        let end = next + title.chars().count() as isize;
        push(run, at, end, surname, Sign::Title, out);
    } else if has(SHORT_TITLES, run.code(next)) {
        let after = run.code(next + 1);
        let whole = surname == 1 && words.is_common([run.code(at), run.code(next)]);
        let runs_on = !closes(run, next + 1) && words.is_word(&[run.code(next), after]);
        if !whole && !runs_on {
            // A doubled kinship word: 张爷爷 is in the list of titles, 李姐姐 is not.
            let end = next + 1 + isize::from(after == run.code(next));
            push(run, at, end, surname, Sign::ShortTitle, out);
        }
    }
}

fn familiar(lexicon: Lexicon, words: &Words, run: &Run, at: isize, out: &mut Vec<Found>) {
    let from = at - 1;
    let rank = lexicon.traits(run.code(at)).surname();
    // 小张 is in dictionaries too; 小于 is no person.
    let known = words.is_common([run.code(from), run.code(at)]);
    let word = known && (rank > 3 || run.code(at) == '于' as u16);
    let framed = opens(run, from) && closes(run, at + 1);
    if rank <= 6 && !word && framed {
        push(run, from, at + 1, 1, Sign::Familiar, out);
    }
}

/// The run ends at a mask character: 张*, 李××, 王*康.
fn masked_after(lexicon: Lexicon, text: &str, run: &Run, out: &mut Vec<Found>) {
    let n = run.len() as isize;
    let starts = [n - 2, n - 1, n - 3];
    let surname = |at: isize| surname_at(lexicon, run, at).filter(|s| at + (*s as isize) <= n);
    // 诸葛** before 葛**; 张三* only where nothing stands before it.
    let Some((from, chars)) = starts.into_iter().filter(|at| *at >= 0).find_map(|at| {
        let chars = surname(at)?;
        let hidden_only = at + chars as isize == n;
        let cue = has(BEFORE, run.code(n - 1));
        (!cue && opens(run, at) && (hidden_only || at == 0 && n == 2)).then_some((at, chars))
    }) else {
        return;
    };
    let end = run.offset(run.len());
    let rest = &text[end..];
    // Words in bold: **高峰**.
    if text[..run.offset(0)].ends_with("**") && rest.starts_with("**") {
        return;
    }
    let mask: usize = rest
        .chars()
        .take_while(|c| is_mask_char(*c))
        .take(4)
        .map(char::len_utf8)
        .sum();
    let masks = rest[..mask].chars().count();
    let after = &rest[mask..];
    let latin = rest.starts_with(|c: char| c.is_ascii_alphabetic());
    // 张三×2 is a number of things.
    let times = rest.starts_with(['×', 'x', 'X']) && masks == 1;
    if times && after.starts_with(|c: char| c.is_ascii_digit()) {
        return;
    }
    if mask == 0 || masks > 3 || latin && after.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return;
    }
    let tail = tail_after_mask(after);
    out.push(Found {
        span: Span::new(run.offset(from as usize), end + mask + tail),
        form: Form::Masked,
        surname: chars,
        sign: Sign::MaskAfter,
        framed: true,
        doubtful: chars == 1 && seldom_surname(lexicon, run.code(from)),
    });
}

pub(super) fn is_mask_char(c: char) -> bool {
    matches!(
        c,
        '*' | '＊'
            | '×'
            | 'X'
            | 'x'
            | '○'
            | '●'
            | '□'
            | '■'
            | '█'
            | '▇'
            | '◼'
            | '◯'
            | '＿'
            | '△'
    )
}

/// Bytes of the visible last character, as in 王*康.
fn tail_after_mask(after: &str) -> usize {
    let mut chars = after.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else {
        return 0;
    };
    let han = |c: char| crate::text::class::is_han(c);
    let goes_on = |c: char| AFTER.contains(c);
    let last = second.is_none_or(|c| !han(c) || goes_on(c));
    if han(first)
        && !goes_on(first)
        && last
        && !after.starts_with("先生")
        && !after.starts_with("女士")
    {
        first.len_utf8()
    } else {
        0
    }
}

/// The run follows a mask: *三, **康收.
fn masked_before(lexicon: Lexicon, words: &Words, text: &str, run: &Run, out: &mut Vec<Found>) {
    let start = run.offset(0);
    let head = text[..start].trim_end_matches('*');
    let masks = start - head.len();
    let before = head.chars().next_back();
    let bordered = before.is_none_or(|c| {
        !c.is_alphanumeric() || has(BEFORE, u16::try_from(u32::from(c)).unwrap_or(0))
    });
    let given = |at: isize| lexicon.traits(run.code(at)).second() > 0;
    let shown = [1, 2]
        .into_iter()
        .find(|k| *k <= run.len() as isize && closes(run, *k) && !closes(run, 0));
    let Some(shown) = shown.filter(|k| masks <= 2 && bordered && given(*k - 1)) else {
        return;
    };
    let end = run.offset(shown as usize);
    if text[end..].starts_with('*') {
        return;
    }
    out.push(Found {
        span: Span::new(start - masks, end),
        form: Form::Masked,
        surname: 0,
        sign: Sign::MaskBefore,
        framed: masks + shown as usize <= 3 && !before_a_word(&text[end..]),
        doubtful: shown == 2 && words.is_word(&[run.code(0), run.code(1)]),
    });
}

/// Whether a space and something else than a number follow, as after a bullet or a word in bold.
fn before_a_word(rest: &str) -> bool {
    rest.strip_prefix(' ')
        .is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_digit()))
}

/// Longest part of a dotted name, in characters.
const PART: usize = 7;

/// Words after which a dotted name begins, beyond [`BEFORE`]: they are in none.
const HANDS: &str = "送将把给替由向寄报找叫问请让帮跟等";
/// Words that follow a dotted name and are in none.
const GOES_ON: &str = "收您先女在打说的家已签";
/// The same of two characters, each of which may be in one.
const GOES_ON_WORDS: [&str; 6] = ["本人", "那边", "那里", "那儿", "来电", "来取"];

/// The run ends at a dot after which Han characters follow.
fn dotted(lexicon: Lexicon, words: &Words, text: &str, run: &Run, out: &mut Vec<Found>) {
    let n = run.len();
    let last_of = |stops: &dyn Fn(u16) -> bool| {
        (0..n)
            .rev()
            .find(|i| stops(run.code(*i as isize)))
            .map(|i| i + 1)
    };
    // What stands before the name in its run is a label or prose: keep the part that sounds foreign. A short run is a name that
    // may have other characters, too.
    let short = n <= 4 && !has(BEFORE, run.code(n as isize - 1));
    let from = last_of(&|code| {
        if short {
            has(HANDS, code)
        } else {
            !sounds_foreign(code)
        }
    });
    let from = from.unwrap_or(0);
    if from >= n {
        return;
    }
    let mut end = run.offset(n);
    for _ in 0..3 {
        let Some(dot) = text[end..].chars().next().filter(|c| DOT.contains(c)) else {
            break;
        };
        let at = end + dot.len_utf8();
        let codes = || text[at..].chars().map(super::lexicon::code_of);
        let len = codes()
            .take_while(|code| lexicon.traits(*code).is_han())
            .take(PART + 1)
            .count();
        // A short part is taken whole but for a word that follows it; a long one as far as it sounds foreign.
        let goes_on = |rest: &str| {
            let said = |c: char| has(GOES_ON, super::lexicon::code_of(c));
            rest.starts_with(said) || GOES_ON_WORDS.iter().any(|word| rest.starts_with(word))
        };
        let bare = text[at..]
            .char_indices()
            .take(len)
            .take_while(|(i, _)| !goes_on(&text[at + i..]))
            .count();
        let foreign = codes()
            .take(bare.min(PART))
            .take_while(|code| sounds_foreign(*code))
            .count();
        let rest: SmallVec<[u16; PART + 1]> = codes().take(bare).skip(foreign).collect();
        let take = if bare <= 4 && !words.is_word(&rest) {
            bare
        } else {
            foreign
        };
        if take == 0 {
            break;
        }
        end = at
            + text[at..]
                .chars()
                .take(take)
                .map(char::len_utf8)
                .sum::<usize>();
    }
    // Brands and buildings are written with a dot too: 中国铁建•青秀城.
    let name = &text[run.offset(from)..end];
    let sounds = |c: &char| sounds_foreign(super::lexicon::code_of(*c));
    let foreign = name.chars().filter(sounds).count();
    if end > run.offset(n) && 2 * foreign >= name.chars().count() {
        out.push(Found {
            span: Span::new(run.offset(from), end),
            form: Form::Full,
            surname: 0,
            sign: Sign::Dotted,
            framed: from == 0,
            doubtful: false,
        });
    }
}

/// Characters that write foreign sounds.
const SOUNDS: &str = "阿艾爱安奥巴拜班布买麦曼马玛木姆米穆沙莎萨赛桑索苏提亚雅雪热日娜那纳尼努力里丽利克科可卡凯肯坎库古赫哈汗罕海黑胡加贾吉江杰金居\
    克拉来莱勒雷伦罗洛鲁卢路伊依衣伯波博别比彼毕达丹德迪帝丁东杜多顿恩尔耳二法芬费佛夫弗福盖甘戈格根贡瓜霍基季卜孜则扎兹泽祖尊孙斯丝司思史什沙山圣施\
    特坦塔泰唐图土托吐陀瓦万旺韦维威温文翁沃乌吾吴武西希谢辛欣休逊牙叶耶英尤于约扎赞詹甫普皮帕潘庞培佩彭齐奇乔切琴茹若塞色瑟森珊奈南内诺涅宁农不朋平\
    合和华怀登邓迭都次央措珠卓错增顿珍晋美曲桑云其本巴图雷苗花苏合勒木格日乐贡布仁钦才旦扎西尼玛蒂森逊妮娅娜琳瑞菲芙兰地肉义玉夏甫";

fn sounds_foreign(code: u16) -> bool {
    has(SOUNDS, code)
}
