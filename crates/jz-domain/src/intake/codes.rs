//! Code lists as data: label ↔ code, and the other words people use.
//!
//! Stage, status and sex live in [`crate::member`], kinds of organisation in
//! [`crate::org`]; here are the lists only an intake needs and the words that lead to a
//! code. A new word is a new entry of `synonyms`; a new list a new [`CodeList`].

use super::text::squeeze;
use crate::member::{self, Code};

/// A code list with the words that are accepted for its codes.
#[derive(Debug)]
pub struct CodeList {
    /// Stable key.
    pub key: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Where the codes come from.
    pub source: &'static str,
    /// Codes and labels in the order of the standard.
    pub codes: &'static [Code],
    /// Other words, squeezed (no blanks, half width, lower case), and their codes.
    pub synonyms: &'static [(&'static str, &'static str)],
}

impl CodeList {
    /// The label of a code.
    pub fn label(&self, code: &str) -> Option<&'static str> {
        self.codes.iter().find(|c| c.code == code).map(|c| c.label)
    }

    /// The code of a label or another accepted word.
    pub fn code(&self, text: &str) -> Option<&'static str> {
        // Most cells hold exactly a label or a known word; only the others are worth folding.
        self.exact(text).or_else(|| self.exact(&squeeze(text)))
    }

    /// As [`CodeList::code`], for text that is already squeezed.
    pub fn exact(&self, squeezed: &str) -> Option<&'static str> {
        let label = self.codes.iter().find(|c| c.label == squeezed).map(|c| c.code);
        label.or_else(|| self.synonyms.iter().find(|(w, _)| *w == squeezed).map(|(_, c)| *c))
    }

    /// All labels, for drop-down lists.
    pub fn labels(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.codes.iter().map(|c| c.label)
    }
}

const fn c(code: &'static str, label: &'static str) -> Code {
    Code { code, label }
}

/// 性别, GB/T 2261.1.
#[rustfmt::skip]
pub static SEX: CodeList = CodeList {
    key: "sex", name: "性别", source: "GB/T 2261.1", codes: member::SEXES,
    synonyms: &[("男性", "1"), ("女性", "2"), ("男生", "1"), ("女生", "2"), ("m", "1"), ("f", "2"), ("未知", "0"), ("未说明", "9")],
};

/// 民族, GB/T 3304; 97 and 98 as in the Party's forms.
#[rustfmt::skip]
static ETHNICITIES: &[Code] = &[
    c("01", "汉族"), c("02", "蒙古族"), c("03", "回族"), c("04", "藏族"), c("05", "维吾尔族"), c("06", "苗族"),
    c("07", "彝族"), c("08", "壮族"), c("09", "布依族"), c("10", "朝鲜族"), c("11", "满族"), c("12", "侗族"),
    c("13", "瑶族"), c("14", "白族"), c("15", "土家族"), c("16", "哈尼族"), c("17", "哈萨克族"), c("18", "傣族"),
    c("19", "黎族"), c("20", "傈僳族"), c("21", "佤族"), c("22", "畲族"), c("23", "高山族"), c("24", "拉祜族"),
    c("25", "水族"), c("26", "东乡族"), c("27", "纳西族"), c("28", "景颇族"), c("29", "柯尔克孜族"), c("30", "土族"),
    c("31", "达斡尔族"), c("32", "仫佬族"), c("33", "羌族"), c("34", "布朗族"), c("35", "撒拉族"), c("36", "毛南族"),
    c("37", "仡佬族"), c("38", "锡伯族"), c("39", "阿昌族"), c("40", "普米族"), c("41", "塔吉克族"), c("42", "怒族"),
    c("43", "乌孜别克族"), c("44", "俄罗斯族"), c("45", "鄂温克族"), c("46", "德昂族"), c("47", "保安族"), c("48", "裕固族"),
    c("49", "京族"), c("50", "塔塔尔族"), c("51", "独龙族"), c("52", "鄂伦春族"), c("53", "赫哲族"), c("54", "门巴族"),
    c("55", "珞巴族"), c("56", "基诺族"), c("97", "其他"), c("98", "外国血统中国籍人士"),
];

/// 民族, GB/T 3304.
pub static ETHNICITY: CodeList = CodeList {
    key: "ethnicity",
    name: "民族",
    source: "GB/T 3304",
    codes: ETHNICITIES,
    // Without 族: found by `ethnicity`, below.
    synonyms: &[
        ("维族", "05"),
        ("维", "05"),
        ("蒙族", "02"),
        ("蒙", "02"),
        ("哈族", "17"),
        ("外国血统", "98"),
    ],
};

/// The code of an ethnic group, with or without 族.
pub fn ethnicity(text: &str) -> Option<&'static str> {
    ETHNICITY.code(text).or_else(|| {
        let folded = squeeze(text);
        ETHNICITIES.iter().find(|c| c.label.strip_suffix('族') == Some(&*folded)).map(|c| c.code)
    })
}

/// 学历, GB/T 4658. The Party's own form list has other words and eight school forms
/// that the standard does not know; they have codes of ours that start with D.
#[rustfmt::skip]
static EDUCATIONS: &[Code] = &[
    c("11", "博士研究生毕业"), c("12", "博士研究生结业"), c("13", "博士研究生肄业"),
    c("14", "硕士研究生毕业"), c("15", "硕士研究生结业"), c("16", "硕士研究生肄业"),
    c("17", "研究生班毕业"), c("18", "研究生班结业"), c("19", "研究生班肄业"),
    c("21", "大学本科毕业"), c("22", "大学本科结业"), c("23", "大学本科肄业"), c("28", "大学普通班毕业"),
    c("31", "大学专科毕业"), c("32", "大学专科结业"), c("33", "大学专科肄业"),
    c("41", "中等专科毕业"), c("42", "中等专科结业"), c("43", "中等专科肄业"),
    c("44", "职业高中毕业"), c("45", "职业高中结业"), c("46", "职业高中肄业"),
    c("47", "技工学校毕业"), c("48", "技工学校结业"), c("49", "技工学校肄业"),
    c("61", "普通高中毕业"), c("62", "普通高中结业"), c("63", "普通高中肄业"),
    c("71", "初中毕业"), c("73", "初中肄业"), c("81", "小学毕业"), c("83", "小学肄业"), c("90", "其他"),
    c("D1", "中央党校研究生"), c("D2", "省（区、市）委党校研究生"), c("D3", "第二学士学位班"),
    c("D4", "中央党校大学"), c("D5", "省（区、市）委党校大学"), c("D6", "中央党校大专"), c("D7", "省（区、市）委党校大专"),
];

/// 学历, GB/T 4658 and the Party's form list.
#[rustfmt::skip]
pub static EDUCATION: CodeList = CodeList {
    key: "education", name: "学历", source: "GB/T 4658; 党员信息采集表的学历名称", codes: EDUCATIONS,
    synonyms: &[
        ("博士研究生", "11"), ("博士", "11"), ("博士毕业", "11"), ("研究生(博士)", "11"), ("博士生", "11"),
        ("硕士研究生", "14"), ("硕士", "14"), ("硕士毕业", "14"), ("研究生", "14"), ("研究生毕业", "14"), ("硕士生", "14"), ("研究生(硕士)", "14"),
        ("硕士生班", "17"), ("研究生班", "17"),
        ("大学本科", "21"), ("本科", "21"), ("大学", "21"), ("本科毕业", "21"), ("大学毕业", "21"), ("全日制本科", "21"), ("本科生", "21"),
        ("本科在读", "21"), ("大学本科在读", "21"), ("本科(在读)", "21"), ("大学本科(在读)", "21"),
        ("硕士在读", "14"), ("硕士研究生在读", "14"), ("硕士研究生(在读)", "14"), ("博士在读", "11"), ("博士研究生在读", "11"), ("博士研究生(在读)", "11"),
        ("大学普通班", "28"), ("大学专科", "31"), ("专科", "31"), ("大专", "31"), ("大专毕业", "31"), ("专科毕业", "31"), ("高职", "31"),
        ("中等专科", "41"), ("中专", "41"), ("中专毕业", "41"), ("职业高中", "44"), ("职高", "44"), ("技工学校", "47"), ("技校", "47"),
        ("普通高中", "61"), ("高中", "61"), ("高中毕业", "61"), ("初中", "71"), ("小学", "81"),
        ("省(区、市)委党校研究生", "D2"), ("省委党校研究生", "D2"), ("市委党校研究生", "D2"),
        ("省(区、市)委党校大学", "D5"), ("省委党校大学", "D5"), ("省(区、市)委党校大专", "D7"), ("省委党校大专", "D7"),
        ("第二学士学位", "D3"), ("双学士", "D3"),
    ],
};

/// 学位, GB/T 6864; 0 is ours, for people who have none.
#[rustfmt::skip]
pub static DEGREE: CodeList = CodeList {
    key: "degree", name: "学位", source: "GB/T 6864",
    codes: &[c("1", "名誉博士"), c("2", "博士"), c("3", "硕士"), c("4", "学士"), c("0", "无")],
    synonyms: &[("博士学位", "2"), ("硕士学位", "3"), ("学士学位", "4"), ("双学士", "4"), ("无学位", "0"), ("没有", "0")],
};

/// 人员类别 (`domain-membership` 2.3). 「党员」 alone is not accepted: it may be either.
#[rustfmt::skip]
pub static STAGE: CodeList = CodeList {
    key: "stage", name: "人员类别", source: "domain-membership 2.3", codes: member::STAGES,
    synonyms: &[
        ("群众", "0"), ("团员", "0"), ("共青团员", "0"), ("普通群众", "0"), ("群众(团员)", "0"),
        ("申请人", "1"), ("申请入党人", "1"), ("入党申请者", "1"), ("提交入党申请书", "1"), ("已递交入党申请书", "1"),
        ("积极分子", "2"), ("入党积极份子", "2"), ("积极份子", "2"),
        ("拟发展对象", "3"), ("发展对象人选", "3"),
        ("中共预备党员", "4"), ("预备", "4"), ("中国共产党预备党员", "4"),
        ("正式", "5"), ("中共党员", "5"), ("中共正式党员", "5"), ("中国共产党党员", "5"), ("中共党员(正式)", "5"),
    ],
};

/// 党籍状态 (`domain-membership` 2.3).
#[rustfmt::skip]
pub static STATUS: CodeList = CodeList {
    key: "status", name: "党籍状态", source: "domain-membership 2.3", codes: member::STATUSES,
    synonyms: &[("正常党籍", "01"), ("出党", "03"), ("转出", "04"), ("去世", "05"), ("已死亡", "05"), ("停止党籍(失联)", "02")],
};

/// 政治面貌, GB/T 4762.
#[rustfmt::skip]
pub static POLITICAL: CodeList = CodeList {
    key: "political", name: "政治面貌", source: "GB/T 4762",
    codes: &[
        c("01", "中共党员"), c("02", "中共预备党员"), c("03", "共青团员"), c("04", "民革会员"), c("05", "民盟盟员"),
        c("06", "民建会员"), c("07", "民进会员"), c("08", "农工党党员"), c("09", "致公党党员"), c("10", "九三学社社员"),
        c("11", "台盟盟员"), c("12", "无党派人士"), c("13", "群众"),
    ],
    synonyms: &[("党员", "01"), ("正式党员", "01"), ("预备党员", "02"), ("团员", "03"), ("无党派民主人士", "12"), ("民革党员", "04")],
};

/// 组织类别 (`domain-membership` 2.1); the codes are those of [`crate::org::KINDS`].
#[rustfmt::skip]
pub static ORG_KIND: CodeList = CodeList {
    key: "org_kind", name: "组织类别", source: "domain-membership 2.1",
    codes: &[
        c("XDW", "学校党委"), c("EJDW", "二级党委"), c("DZZ", "党总支"), c("ZB", "党支部"),
        c("LHZB", "联合党支部"), c("LSZB", "临时党支部"), c("DXZ", "党小组"),
    ],
    synonyms: &[
        ("校党委", "XDW"), ("党委", "XDW"), ("高校党委", "XDW"), ("基层党委", "EJDW"), ("院系级党委", "EJDW"), ("院(系)级党委", "EJDW"),
        ("院级党委", "EJDW"), ("学院党委", "EJDW"), ("二级学院党委", "EJDW"), ("分党委", "EJDW"), ("总支", "DZZ"), ("党总支部", "DZZ"),
        ("直属党总支", "DZZ"), ("支部", "ZB"), ("直属党支部", "ZB"), ("学生党支部", "ZB"), ("教工党支部", "ZB"),
        ("联合支部", "LHZB"), ("临时支部", "LSZB"), ("小组", "DXZ"),
    ],
};

/// 是/否.
#[rustfmt::skip]
pub static YES_NO: CodeList = CodeList {
    key: "yes_no", name: "是否", source: "通用", codes: &[c("1", "是"), c("0", "否")],
    synonyms: &[("√", "1"), ("有", "1"), ("y", "1"), ("yes", "1"), ("true", "1"), ("1", "1"), ("无", "0"), ("×", "0"), ("x", "0"), ("n", "0"), ("no", "0"), ("false", "0"), ("0", "0")],
};

/// All lists of this module.
pub static LISTS: &[&CodeList] =
    &[&SEX, &ETHNICITY, &EDUCATION, &DEGREE, &STAGE, &STATUS, &POLITICAL, &ORG_KIND, &YES_NO];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lists_are_consistent() {
        for list in LISTS {
            let codes: BTreeSet<_> = list.codes.iter().map(|c| c.code).collect();
            assert_eq!(codes.len(), list.codes.len(), "{}: codes are unique", list.key);
            for c in list.codes {
                assert_eq!(list.code(c.label), Some(c.code), "{}: {}", list.key, c.label);
            }
            let mut words = BTreeSet::new();
            for (word, code) in list.synonyms {
                assert!(codes.contains(code), "{}: {word} leads nowhere", list.key);
                assert_eq!(squeeze(word), *word, "{}: {word} is not squeezed", list.key);
                assert!(words.insert(word), "{}: {word} twice", list.key);
                assert_eq!(list.code(word), Some(*code), "{}: {word} is hidden by a label", list.key);
            }
        }
        assert_eq!(ETHNICITIES.len(), 58);
        let kinds: Vec<_> = crate::org::KINDS.iter().map(|k| (k.code, k.label)).collect();
        assert_eq!(kinds, ORG_KIND.codes.iter().map(|c| (c.code, c.label)).collect::<Vec<_>>());
    }

    #[test]
    fn words_of_real_workbooks() {
        #[rustfmt::skip]
        let cases: [(&CodeList, &str, Option<&str>); 12] = [
            (&SEX, "男 ", Some("1")), (&SEX, "雄", None),
            (&EDUCATION, "大学本科", Some("21")), (&EDUCATION, "硕士研究生", Some("14")), (&EDUCATION, "专升本", None),
            (&STAGE, " 预备党员", Some("4")), (&STAGE, "党员同志", None), (&STAGE, "党员", None), (&STAGE, "入党积极分子", Some("2")),
            (&ORG_KIND, "院（系）级党委", Some("EJDW")), (&STATUS, "正常", Some("01")), (&YES_NO, "是", Some("1")),
        ];
        for (list, text, want) in cases {
            assert_eq!(list.code(text), want, "{} {text}", list.key);
        }
        for (text, want) in
            [("汉", "01"), ("汉族", "01"), ("土家", "15"), ("蒙", "02"), ("基诺族 ", "56"), ("维吾尔", "05")]
        {
            assert_eq!(ethnicity(text), Some(want), "{text}");
        }
        assert_eq!(ethnicity("火星族"), None);
    }
}
