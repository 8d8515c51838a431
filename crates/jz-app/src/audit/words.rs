//! Sentences for the reasons of `jz-proof`, which itself has none.

use jz_proof::{
    Refused,
    daily::{Part, TypedError, Why},
};

/// Why a receipt does not hold.
pub fn refused_zh(e: &Refused) -> String {
    match e {
        Refused::Form(_) => "这不是凭证文件，或文件已损坏。".into(),
        Refused::Checkpoint(_) => "凭证中的检查点不能读取。".into(),
        Refused::UnknownLog => "检查点不是由您信任的公钥签名的：凭证来自另一个系统，或公钥没有给全。".into(),
        Refused::Ambiguous(name) => format!("有两个不同的可信公钥同名：{name}。"),
        Refused::BadSignature(name) => format!("{name} 的签名不成立：凭证被改动过，或是伪造的。"),
        Refused::NoSm2 => "检查点没有 SM2 签名。".into(),
        Refused::TooFewWitnesses { have, need } => {
            format!("可信的见证签名只有 {have} 个，要求 {need} 个。")
        }
        Refused::Future(name) => format!("{name} 的见证时间在将来：见证方或本机的时钟不对。"),
        Refused::NotIncluded(_) => "这一条不在检查点所签的账中：内容、位置或账被改动过。".into(),
        Refused::Unreadable => "这一条在账中，但内容不能读取。".into(),
        Refused::Number => "这一条的编号与它在账中的位置不符。".into(),
        Refused::Detail => "所附的详情与账中的承诺不符：详情被改动过。".into(),
    }
}

fn part_zh(part: Part) -> String {
    match part {
        Part::Date => "日期".into(),
        Part::Size => "条数".into(),
        Part::Group(n) => format!("第 {n} 组"),
    }
}

/// What is wrong with a typed line.
pub(super) fn typed_zh(e: &TypedError) -> String {
    let part = part_zh(e.part);
    match e.why {
        Why::Length { found: 0 } => format!("缺少{part}。"),
        Why::Length { found } => format!("{part}的位数不对（输入了 {found} 位数字，含校验位）。"),
        Why::Check => format!("{part}的校验位不符：有数字抄错，或次序颠倒，请对照纸上再看一遍。"),
        Why::Value => format!("{part}不是可能的数值。"),
        Why::Character(c) => format!("{part}附近有不该出现的字符“{c}”。"),
        Why::TooMuch => "输入的数字多于一行日检票。".into(),
    }
}
