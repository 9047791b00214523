//! What a marketplace calls for every message, listing and upload: let through, ask a person, or hold back.
//!
//! usage: moderation_hook [--time N]    (with --time, also measures N decisions on one listing)

use std::io::Write;
use std::time::Instant;

use miandan::listing::{self, Listing};
use miandan::policy::{Decision, Policy};
use miandan::{Scanner, Scratch};

/// Holds what is costly to make; one per thread.
struct Hook {
    scanner: Scanner,
    scratch: Scratch,
    policy: Policy,
}

impl Hook {
    fn new(policy: Policy) -> miandan::Result<Hook> {
        policy.check()?;
        let scanner = Scanner::new()?;
        Ok(Hook {
            scratch: scanner.scratch(),
            scanner,
            policy,
        })
    }

    /// A chat message or a file: what it shows counts.
    fn content(&mut self, bytes: &[u8]) -> Decision {
        let findings = self.scanner.scan_with(&mut self.scratch, bytes);
        let decision = self.policy.decide(&findings, None);
        self.scratch.recycle(findings);
        decision
    }

    /// A listing: what it shows and what it offers count.
    fn listing(&mut self, text: &str) -> Decision {
        let findings = self.scanner.scan_with(&mut self.scratch, text);
        let assessment = listing::assess(&Listing::from(text), (&findings).into());
        let decision = self.policy.decide(&findings, Some(&assessment));
        self.scratch.recycle(findings);
        decision
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let mut hook = Hook::new(Policy::default())?;
    let upload = "姓名,电话,地址\n".to_owned()
        + &"余波,15876540918,广东省东莞市虎门镇连升路311号2栋305室\n林静,13926471583,江苏省苏州市吴中区东吴南路92号\n".repeat(4);
    let listing = "全新热敏打印纸 100*180 电子面单通用,500张一卷,三防防水,现货当天发,整箱20卷包邮,支持定制,量大联系客服改价,有质量问题包退换,\
                   适用于各大快递公司的便携和台式打印机,不卡纸不掉粉,字迹清晰保存时间长,驿站和网店常年采购";
    for (what, decision) in [
        (
            "message",
            hook.content("您的快递放在驿站了,取件码 3-2-1024".as_bytes()),
        ),
        (
            "listing",
            hook.listing("出一手快递面单数据,姓名电话地址齐全,八毛一条,千条起,加V详聊"),
        ),
        ("listing", hook.listing(listing)),
        ("upload", hook.content(upload.as_bytes())),
    ] {
        writeln!(out, "{what}: {}", serde_json::to_string(&decision)?)?;
    }
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("--time") {
        let rounds: u32 = args.next().unwrap_or_default().parse()?;
        let start = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(hook.listing(std::hint::black_box(listing)));
        }
        let micros = start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds.max(1));
        writeln!(out, "{} bytes: {micros:.1} µs a listing", listing.len())?;
    }
    Ok(())
}
