use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use super::{Options, walk};
use crate::scan::Sourced;

/// Origin and text of each input, or the code of its warning.
fn read_all(path: &Path, options: Options) -> Vec<(String, String)> {
    let root = format!("{}/", path.display());
    walk([path], options)
        .map(|sourced| match sourced {
            Sourced::Unit(mut unit) => {
                let mut bytes = Vec::new();
                let text = match unit.reader.read_to_end(&mut bytes) {
                    Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
                    Err(error) => crate::Warning::from_io(&error).code.into_owned(),
                };
                (unit.origin.to_string(), text)
            }
            Sourced::Unread { origin, warning } => (origin.to_string(), warning.code.into_owned()),
        })
        .map(|(origin, text)| (origin.replace(&root, ""), text))
        .collect()
}

fn pairs(all: &[(String, String)]) -> Vec<(&str, &str)> {
    all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

#[test]
fn directories_in_order_with_what_cannot_be_read() {
    let dir = tempfile::tempdir().expect("tempdir");
    let root = dir.path();
    fs::create_dir(root.join("b")).expect("dir");
    fs::write(root.join("b/2.txt"), "two").expect("file");
    fs::write(root.join("a.txt"), "one").expect("file");
    fs::write(root.join("empty"), "").expect("file");
    fs::write(root.join("zeros.bin"), [0; 1000]).expect("file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", root.join("b/up")).expect("link");
        std::os::unix::fs::symlink("nothing", root.join("gone")).expect("link");
        std::os::unix::fs::symlink("self", root.join("self")).expect("link");
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).expect("socket");
    }
    let all = read_all(root, Options::default());
    let mut expected = vec![("a.txt", "one"), ("b/2.txt", "two")];
    if cfg!(unix) {
        expected.push(("b/up", "walk.loop"));
    }
    expected.push(("empty", ""));
    if cfg!(unix) {
        expected.extend([
            ("gone", "io.not-found"),
            ("self", "walk.loop"),
            ("socket", "walk.special"),
        ]);
    }
    expected.push(("zeros.bin", "input.binary"));
    assert_eq!(pairs(&all), expected);
    let missing = read_all(&root.join("missing"), Options::default());
    assert_eq!(missing[0].1, "io.not-found");
}

#[test]
fn binary_files_are_read_when_asked_for() {
    let dir = tempfile::tempdir().expect("tempdir");
    fs::write(dir.path().join("x"), b"13800138000\0\0\0\0").expect("file");
    let options = Options {
        binary: true,
        ..Options::default()
    };
    assert_eq!(read_all(dir.path(), options)[0].1, "13800138000\0\0\0\0");
}

#[test]
fn lines_of_old_macintosh_systems_are_lines() {
    let dir = tempfile::tempdir().expect("tempdir");
    fs::write(dir.path().join("a.csv"), "姓名,电话\r张三,138\r").expect("file");
    fs::write(dir.path().join("b.csv"), "姓名,电话\r\n张三,138\r").expect("file");
    let wide: Vec<u8> = "不，不".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(dir.path().join("c.csv"), [b"\xFF\xFE", &wide[..]].concat()).expect("file");
    let read = read_all(dir.path(), Options::default());
    assert_eq!(read[0].1, "姓名,电话\n张三,138\n");
    assert_eq!(read[1].1, "姓名,电话\r\n张三,138\r");
    assert!(read[2].1.contains("\rN"));
}

#[test]
fn a_log_with_a_hole_at_its_start_is_text() {
    let dir = tempfile::tempdir().expect("tempdir");
    let line = "2024-05-01 10:00 收件人：张三 13800138000\n";
    let log = [vec![0; 20_000], line.into()].concat();
    fs::write(dir.path().join("a.log"), &log).expect("file");
    fs::write(dir.path().join("b.bin"), vec![0; 16_384]).expect("file");
    fs::write(
        dir.path().join("c.bin"),
        [vec![0; 20_000], vec![1, 4, 5, 0]].concat(),
    )
    .expect("file");
    let read = read_all(dir.path(), Options::default());
    assert_eq!(read[0].1.as_bytes(), log);
    assert_eq!((&*read[1].1, &*read[2].1), ("input.binary", "input.binary"));
}

#[test]
fn what_has_no_reader_is_told_to_be_unread() {
    let dir = tempfile::tempdir().expect("tempdir");
    fs::write(dir.path().join("a.pdf"), b"%PDF-1.7\n1 0 obj\n").expect("file");
    fs::write(dir.path().join("b.rar"), b"Rar!\x1A\x07\x01\0").expect("file");
    fs::write(dir.path().join("c.txt"), "%PDF is a format").expect("file");
    assert_eq!(
        pairs(&read_all(dir.path(), Options::default())),
        [
            ("a.pdf", "input.unsupported"),
            ("b.rar", "archive.unsupported"),
            ("c.txt", "%PDF is a format"),
        ]
    );
}

#[cfg(feature = "archive")]
mod archives {
    use super::super::Limits;
    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).expect("write");
        out.finish().expect("finish")
    }

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        for (name, bytes) in entries {
            out.start_file(*name, stored).expect("entry");
            out.write_all(bytes).expect("write");
        }
        out.finish().expect("finish").into_inner()
    }

    fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, bytes) in entries {
            if name.len() > 100 {
                out.extend(header("././@LongLink", name.len(), b'L'));
                pad(&mut out, name.as_bytes());
            }
            out.extend(header(&name[..name.len().min(100)], bytes.len(), b'0'));
            pad(&mut out, bytes);
        }
        out.extend([0; 1024]);
        out
    }

    fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
        let mut h = vec![0; 512];
        h[..name.len()].copy_from_slice(name.as_bytes());
        h[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        h[148..156].fill(b' ');
        h[156] = kind;
        h[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = h.iter().map(|b| u32::from(*b)).sum();
        h[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        h
    }

    fn pad(out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }

    fn read(name: &str, bytes: &[u8], limits: Limits) -> Vec<(String, String)> {
        let dir = tempfile::tempdir().expect("tempdir");
        fs::write(dir.path().join(name), bytes).expect("file");
        read_all(
            dir.path(),
            Options {
                limits,
                ..Options::default()
            },
        )
    }

    #[test]
    fn packed_streams() {
        assert_eq!(
            pairs(&read(
                "a.csv.gz",
                &[gz(b"one\n"), gz(b"two\n")].concat(),
                Limits::default()
            )),
            [("a.csv.gz!a.csv", "one\ntwo\n")]
        );
        // Written by the tools of the formats.
        let xz = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\x01\x00\x03\x61\x62\x63\x0a\x00\x87\x69\x2d\x8f\x39\x33\xe9\xdb\x00\x01\x1c\x04\x6f\x2c\x9c\xc1\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a";
        let bz2 = b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xad\x67\x55\xd6\x00\x00\x00\xc1\x00\x00\x10\x38\x00\x20\x00\x21\x9a\x68\x33\x4d\x13\x3c\x5d\xc9\x14\xe1\x42\x42\xb5\x9d\x57\x58";
        let zst = b"\x28\xb5\x2f\xfd\x04\x58\x21\x00\x00\x61\x62\x63\x0a\x2d\x6e\x4c\x82";
        assert_eq!(read("a.xz", xz, Limits::default())[0].1, "abc\n");
        assert_eq!(read("a.bz2", bz2, Limits::default())[0].1, "abc\n");
        assert_eq!(read("a.zst", zst, Limits::default())[0].1, "abc\n");
        let skipped: &[u8] = b"\x50\x2a\x4d\x18\x02\0\0\0xx";
        let frames = [&zst[..], skipped, &zst[..]].concat();
        assert_eq!(read("b.zst", &frames, Limits::default())[0].1, "abc\nabc\n");
        assert_eq!(
            read("c.zst", &zst[..12], Limits::default())[0].1,
            "input.truncated"
        );
        let mut damaged = zst.to_vec();
        damaged[6] |= 6;
        assert_eq!(
            read("d.zst", &damaged, Limits::default())[0].1,
            "input.damaged"
        );
    }

    /// The bytes of the first input before what is wrong with it, and its code.
    fn before_damage(name: &str, bytes: &[u8]) -> (Vec<u8>, String) {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join(name), bytes).expect("a file");
        let Some(Sourced::Unit(mut unit)) = walk([dir.path()], Options::default()).next() else {
            panic!("{name} is an input");
        };
        let mut before = Vec::new();
        let error = unit.reader.read_to_end(&mut before).expect_err("a damage");
        let code = crate::Warning::from_io(&error).code.into_owned();
        (before, code)
    }

    #[test]
    fn what_a_cut_zst_stream_holds_back_is_read() {
        use ruzstd::encoding::{CompressionLevel, compress_to_vec};
        let lines: Vec<u8> = (0..60_000_u64)
            .flat_map(|n| format!("{}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes())
            .collect();
        let packed = compress_to_vec(&lines[..], CompressionLevel::Fastest);
        let (before, code) = before_damage("a.zst", &packed[..packed.len() / 2]);
        assert_eq!(code, "input.truncated");
        assert!(lines.starts_with(&before));
        // A block is lost, 128 KiB at the most.
        assert!(before.len() + (160 << 10) > lines.len() / 2);
    }

    #[test]
    fn nested_archives_with_long_names() {
        let long = format!("{}/数据.csv", "d".repeat(120));
        let inner = tar(&[
            ("x/1.txt", b"one"),
            (&long, "二".as_bytes()),
            ("3.txt", b""),
        ]);
        let outer = zip(&[
            ("in.tar.gz", &gz(&inner)),
            ("目录/plain.txt", b"four"),
            ("pic.png", b"\x89PNG\r\n\x1a\n"),
        ]);
        assert_eq!(
            pairs(&read("o.zip", &outer, Limits::default())),
            [
                ("o.zip!in.tar.gz!in.tar!x/1.txt", "one"),
                (&*format!("o.zip!in.tar.gz!in.tar!{long}"), "二"),
                ("o.zip!in.tar.gz!in.tar!3.txt", ""),
                ("o.zip!目录/plain.txt", "four"),
                ("o.zip!pic.png", "input.binary"),
            ]
        );
    }

    #[test]
    fn damaged_and_cut_archives_are_told() {
        let packed = gz("abc\n".repeat(10_000).as_bytes());
        assert_eq!(
            read("a.gz", &packed[..packed.len() / 2], Limits::default())[0].1,
            "input.truncated"
        );
        let archive = tar(&[("1.txt", b"one"), ("2.txt", &[b'x'; 2000])]);
        assert_eq!(
            pairs(&read("a.tar", &archive[..2000], Limits::default())),
            [
                ("a.tar!1.txt", "one"),
                ("a.tar!2.txt", "input.truncated"),
                ("a.tar", "input.truncated")
            ]
        );
        let mut broken = zip(&[("1.txt", b"one")]);
        let at = broken.windows(3).position(|w| w == b"one").expect("data");
        broken[at] = b'X';
        assert_eq!(
            read("a.zip", &broken, Limits::default())[0].1,
            "input.damaged"
        );
        assert_eq!(
            read("b.zip", b"PK\x03\x04rubbish", Limits::default())[0].1,
            "input.damaged"
        );
        assert_eq!(
            read("a.7z", b"7z\xBC\xAF\x27\x1C\0\0", Limits::default())[0].1,
            "input.truncated"
        );
    }

    #[test]
    fn a_zip_that_broke_off_is_read_as_far_as_it_goes() {
        let whole = zip(&[("1.txt", b"one"), ("目录/", b""), ("2.txt", &[b'x'; 2000])]);
        let cut = read("c.zip", &whole[..1000], Limits::default());
        let names: Vec<&str> = cut.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["c.zip", "c.zip!1.txt", "c.zip!2.txt"]);
        assert_eq!((&*cut[0].1, &*cut[1].1), ("input.damaged", "one"));
        assert_eq!(cut[2].1, "input.damaged");
        // Only the directory is gone: every entry is there.
        let end = whole.windows(4).rposition(|w| w == b"PK\x01\x02");
        let listed = read(
            "d.zip",
            &whole[..end.expect("a directory")],
            Limits::default(),
        );
        assert_eq!((listed.len(), &*listed[2].1), (3, &*"x".repeat(2000)));
    }

    #[test]
    fn limits_end_in_warnings() {
        let bomb = gz(&vec![b'a'; 80 << 20]);
        let found = read(
            "a.gz",
            &bomb,
            Limits {
                ratio: 100,
                ..Limits::default()
            },
        );
        assert_eq!(found[0].1, "archive.limit");
        let small = Limits {
            bytes: 10,
            ..Limits::default()
        };
        assert_eq!(read("a.gz", &gz(&[b'a'; 100]), small)[0].1, "archive.limit");
        let few = Limits {
            entries: 1,
            ..Limits::default()
        };
        let two = tar(&[("1", b"one"), ("2", b"two")]);
        assert_eq!(
            pairs(&read("a.tar", &two, few)),
            [("a.tar!1", "one"), ("a.tar", "archive.limit")]
        );
        let flat = Limits {
            depth: 1,
            ..Limits::default()
        };
        assert_eq!(
            pairs(&read("a.tar.gz", &gz(&two), flat)),
            [("a.tar.gz!a.tar", "archive.limit")]
        );
    }

    #[cfg(feature = "xlsx")]
    #[test]
    fn sheets_of_a_workbook() {
        let cells = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>电话</t></is></c></row>
            <row r="2"><c r="A2" t="inlineStr"><is><t>张&#10;三</t></is></c><c r="B2"><v>13800138000</v></c></row></sheetData></worksheet>"#;
        let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
        let links = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
        let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        let types =
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
        let bytes = zip(&[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links.as_bytes()),
            ("xl/worksheets/sheet1.xml", cells.as_bytes()),
        ]);
        let text = "姓名\t电话\n张 三\t13800138000\n";
        assert_eq!(
            pairs(&read("k.xlsx", &bytes, Limits::default())),
            [("k.xlsx#客户", text)]
        );
        let remark = "<comments><t>张三 13800138000</t></comments>".as_bytes();
        let more = zip(&[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links.as_bytes()),
            ("xl/worksheets/sheet1.xml", cells.as_bytes()),
            ("xl/comments1.xml", remark),
            ("docProps/app.xml", b"<x/>"),
        ]);
        let found = read("r.xlsx", &more, Limits::default());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, "r.xlsx#客户");
        assert_eq!(found[1].0, "r.xlsx!xl/comments1.xml");
        // What stands before a damage is read.
        let cut = &cells[..cells.find("<c r=\"B2\"").expect("a cell")];
        let cut = zip(&[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links.as_bytes()),
            ("xl/worksheets/sheet1.xml", cut.as_bytes()),
        ]);
        let (before, code) = before_damage("cut.xlsx", &cut);
        assert_eq!(code, "input.damaged");
        assert_eq!(String::from_utf8_lossy(&before), "姓名\t电话\n张 三\t\n");
        // A workbook that broke off has no directory; what it is made of is read one by one.
        let end = bytes.windows(4).rposition(|w| w == b"PK\x01\x02");
        let end = end.expect("a directory") - 40;
        let pieces = read("broken.xlsx", &bytes[..end], Limits::default());
        let sheet = pieces.last().expect("the sheet");
        assert_eq!(pieces[0], ("broken.xlsx".into(), "input.damaged".into()));
        assert_eq!(sheet.0, "broken.xlsx!xl/worksheets/sheet1.xml");
        let packed = zip(&[("in/k.xlsx", &bytes)]);
        assert_eq!(
            pairs(&read("o.zip", &packed, Limits::default())),
            [("o.zip!in/k.xlsx#客户", text)]
        );
        assert_eq!(
            read("b.xlsx", b"PK\x03\x04rubbish", Limits::default())[0].1,
            "input.damaged"
        );
    }
}
