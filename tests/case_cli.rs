//! The commands that turn findings into a case, from end to end.

use std::path::Path;
use std::process::Output;

use super::cli::{lines, miandan, with_input};
use super::support::synth::{Rng, person};

const TEXT: &str = "收件人：余波 电话：15876540918 地址：广东省东莞市虎门镇连升路311号\n";

fn run(args: &[&str]) -> Output {
    miandan().args(args).output().expect("it runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a name")
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn listings_are_read_from_tables_and_judged_by_a_policy() {
    let table = "编号,标题,描述\n1,快递面单数据 一手,\"一元一条，千条起，\n姓名电话地址齐全\"\n2,热敏纸,整箱包邮\n";
    let listings = lines(&with_input(&["assess", "--input-format", "csv"], table));
    assert_eq!(listings.len(), 2);
    assert_eq!(listings[0]["class"], "sells_data");
    assert_eq!(listings[0]["origin"]["row"], 1);
    assert_eq!(listings[1]["origin"]["line"], 4);
    assert_eq!(listings[1]["verdict"], "pass");

    let dir = tempfile::tempdir().expect("a folder");
    let policy = dir.path().join("policy.toml");
    std::fs::write(&policy, "listing = { review = 0.5 }\n").expect("written");
    let args = ["assess", "--input-format", "csv", "--policy", text(&policy)];
    assert_eq!(lines(&with_input(&args, table))[0]["verdict"], "review");
    std::fs::write(&policy, "listing = { review = 5 }\n").expect("written");
    let refused = with_input(&args, "");
    assert_eq!(refused.status.code(), Some(2));
    let error = error_of(&refused);
    assert!(
        error.contains("policy.toml") && error.contains("line 1") && error.contains("from 0 to 1"),
        "{error}"
    );
    let settings = dir.path().join("miandan.toml");
    std::fs::write(&settings, "[policy]\nlisting = { review = 0.5 }\n").expect("written");
    let args = [
        "assess",
        "--input-format",
        "csv",
        "--config",
        text(&settings),
    ];
    assert_eq!(lines(&with_input(&args, table))[0]["verdict"], "review");
}

#[test]
fn a_listing_of_a_megabyte_is_one_listing() {
    let filler = "颜色可选尺码齐全，".repeat(40_000);
    let listing =
        format!("{{\"title\":\"面单数据\",\"text\":\"{filler}一元一条，姓名电话地址齐全\"}}\n");
    assert!(listing.len() > 1_000_000);
    let out = with_input(&["assess"], &listing);
    assert_eq!((lines(&out).len(), out.status.code()), (1, Some(0)));
}

/// What a report says of the source of a dump: receivers everywhere, and a sender in every so many rows.
fn source_of(every: usize, sender: impl Fn(usize) -> [String; 3]) -> Vec<String> {
    let mut rng = Rng::new(4);
    let mut dump = "运单号,收件人,收件电话,收件地址,寄件人,寄件电话,寄件地址\n".to_owned();
    for n in 0..120 {
        let p = person(&mut rng);
        let sender = if n % every == 0 {
            sender(n)
        } else {
            Default::default()
        };
        let row = [p.waybill, p.name, p.mobile, p.address]
            .into_iter()
            .chain(sender);
        dump += &(row.collect::<Vec<String>>().join(",") + "\n");
    }
    let report = &lines(&with_input(&["report", "-q", "--format", "json"], &dump))[0];
    let statements = report["attribution"].as_array().expect("statements");
    let ids = statements.iter().map(|s| s["id"].as_str().expect("an id"));
    let ids = ids.map(|id| id.trim_start_matches("attribution.").to_owned());
    ids.filter(|id| id != "couriers").collect()
}

#[test]
fn a_report_tells_a_shop_from_many_senders_and_says_nothing_of_few() {
    let mut rng = Rng::new(9);
    let people: Vec<_> = (0..60).map(|_| person(&mut rng)).collect();
    let shop = |mobile: &str| {
        let phone = mobile.to_owned();
        move |_| {
            [
                "优选百货旗舰店".to_owned(),
                phone.clone(),
                "浙江省金华市义乌市工业路18号3栋".to_owned(),
            ]
        }
    };
    assert_eq!(source_of(1, shop("15876540918")), ["one-sender"]);
    assert_eq!(source_of(1, shop("0579-85123456")), ["one-sender"]);
    assert!(source_of(9, shop("15876540918")).is_empty());
    let many = source_of(1, |n| {
        let p = &people[n % people.len()];
        [p.name.clone(), p.mobile.clone(), p.address.clone()]
    });
    assert_eq!(many, ["many-sources"]);
}

#[test]
fn a_report_states_its_assumptions() {
    let dump = TEXT.repeat(30);
    let args = [
        "report",
        "--format",
        "json",
        "-q",
        "--insider",
        "--tier",
        "transaction",
        "--gains",
        "3000",
    ];
    let report = &lines(&with_input(&args, &dump))[0];
    assert_eq!(report["law"]["thresholds"]["tier"], "transaction");
    let counts = report["law"]["counts"].as_array().expect("counts");
    let of = |name: &str| {
        counts
            .iter()
            .find(|c| c["count"] == name)
            .expect("a count")
            .clone()
    };
    assert_eq!(of("records")["ratio"], 30.0 / 250.0);
    assert_eq!(of("gains")["gravity"], "serious");
    let human = with_input(&["report", "-q"], &dump);
    let human = String::from_utf8(human.stdout).expect("UTF-8");
    assert!(
        human.contains("广东省 440000") && human.contains("no verdict"),
        "{human}"
    );

    let dir = tempfile::tempdir().expect("a folder");
    let law = dir.path().join("law.toml");
    std::fs::write(&law, "ordinary = 10\nmistake = 1\n").expect("written");
    let refused = with_input(&["report", "--thresholds", text(&law)], "");
    assert_eq!(refused.status.code(), Some(2));
    assert!(error_of(&refused).contains("mistake"));
    let settings = dir.path().join("miandan.toml");
    std::fs::write(&settings, "[law]\nordinary = 10\n").expect("written");
    let config = ["--config", text(&settings)];
    let args = [&["report", "--format", "json", "-q"], &config[..]].concat();
    let report = &lines(&with_input(&args, &dump))[0];
    assert_eq!(report["law"]["thresholds"]["ordinary"], 10);
    let printed = run(&[&["config"], &config[..]].concat());
    let printed = String::from_utf8(printed.stdout).expect("UTF-8");
    assert!(
        printed.contains("[law]") && printed.contains("ordinary = 10"),
        "{printed}"
    );
}

#[test]
fn sets_are_grouped_and_canaries_found() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    };
    let key = file(
        "key",
        "a secret of more than sixteen bytes, made for this test",
    );
    let other_key = file(
        "other",
        "another secret of more than sixteen bytes, for this test",
    );
    let set = |name: &str, content: &str, key: &Path| {
        let input = file(&format!("{name}.txt"), content);
        let set = dir.path().join(format!("{name}.set"));
        let made = run(&[
            "fingerprint",
            text(&input),
            "-q",
            "--key-file",
            text(key),
            "-o",
            text(&set),
        ]);
        assert_eq!(made.status.code(), Some(0), "{}", error_of(&made));
        set
    };
    let person = |n: u32| format!("林静 1392647{n:04} 江苏省苏州市吴中区东吴南路{}号\n", n + 1);
    let people = |range: std::ops::Range<u32>| range.map(person).collect::<String>();
    let a = set("a", &people(0..40), &key);
    let b = set("b", &people(20..60), &key);
    let c = set("c", &(people(500..520) + "微信：shop_seller88\n"), &key);
    let d = set("d", &(people(700..720) + "加微信 shop_seller88\n"), &key);
    let planted = set("planted", &people(58..62), &key);
    let all = [text(&a), text(&b), text(&c), text(&d)];
    let out = run(&[
        &["match", "--clusters", "--canaries", text(&planted)],
        &all[..],
    ]
    .concat());
    assert_eq!(out.status.code(), Some(0), "{}", error_of(&out));
    let lines = lines(&out);
    let of = |kind: &str| {
        lines
            .iter()
            .filter(|l| l["type"] == kind)
            .collect::<Vec<_>>()
    };
    let clusters: Vec<usize> = of("cluster")
        .iter()
        .map(|c| c["sets"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(clusters, [2, 2]);
    let mobile = of("match")
        .into_iter()
        .find(|m| m["class"] == "mobile")
        .expect("a match");
    assert_eq!(
        (mobile["shared"].as_u64(), mobile["a_in_b"].as_f64()),
        (Some(20), Some(0.5))
    );
    assert!(of("match").iter().any(|m| m["class"] == "handle"));
    let canary = of("canary")
        .into_iter()
        .find(|c| c["class"] == "mobile")
        .expect("a canary");
    assert_eq!(
        (canary["found"].as_u64(), canary["planted"].as_u64()),
        (Some(2), Some(4))
    );

    let foreign = set("foreign", &people(0..5), &other_key);
    let refused = run(&["match", text(&a), text(&foreign)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        error_of(&refused).contains("foreign.set") && error_of(&refused).contains("another key")
    );
    let bytes = std::fs::read(&a).expect("a set");
    for (name, content) in [("cut", &bytes[..bytes.len() - 5]), ("noset", &b"hello"[..])] {
        let broken = dir.path().join(name);
        std::fs::write(&broken, content).expect("written");
        let refused = run(&["match", text(&a), text(&broken)]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(error_of(&refused).contains(name), "{}", error_of(&refused));
    }
}

#[test]
fn a_refused_redaction_leaves_everything_as_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let input = dir.path().join("in.txt");
    std::fs::write(&input, TEXT).expect("written");
    let output = dir.path().join("out.txt");
    std::fs::write(&output, "kept").expect("written");
    let refused = run(&["redact", text(&input), "-o", text(&output), "-q"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&output).expect("there"), "kept");
    let forced = run(&["redact", text(&input), "-o", text(&output), "-q", "--force"]);
    assert_eq!(forced.status.code(), Some(0), "{}", error_of(&forced));
    let redacted = std::fs::read_to_string(&output).expect("there");
    assert!(
        !redacted.contains("15876540918") && redacted.contains("电话："),
        "{redacted}"
    );
    assert_eq!(
        std::fs::read_dir(dir.path()).expect("a folder").count(),
        2,
        "no draft is left"
    );
}

#[test]
fn each_kind_may_have_an_operator_of_its_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let input = dir.path().join("in.txt");
    std::fs::write(&input, TEXT).expect("written");
    let output = dir.path().join("out.txt");
    let redact = |operators: &[&str]| {
        let mut args = vec!["redact", text(&input), "-o", text(&output), "-q", "--force"];
        for operator in operators {
            args.extend(["--operator-for", operator]);
        }
        run(&args)
    };
    let done = redact(&["mobile=remove", "name=label"]);
    assert_eq!(done.status.code(), Some(0), "{}", error_of(&done));
    let redacted = std::fs::read_to_string(&output).expect("there");
    assert!(
        redacted.starts_with("收件人：[name] 电话： 地址：广东省东莞市虎门镇连升路*"),
        "{redacted}"
    );
    for (operator, told) in [
        ("passport=mask", "passport"),
        ("mobile=burn", "burn"),
        ("mobile", "mobile=remove"),
        ("mobile=pseudonym", "--key-file"),
    ] {
        let refused = redact(&[operator]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(error_of(&refused).contains(told), "{}", error_of(&refused));
    }
}
