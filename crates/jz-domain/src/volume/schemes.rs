//! Class schemes as versioned data.
//!
//! Sources: `domain-archives` 1.2 (CADRE-2018 names in the first column, CADRE-2009
//! printed labels in the second), 1.11 (STUDENT), `domain-membership` 4.1–4.2 (PARTY).
//! Old volumes keep their scheme; nothing is re-sorted when a scheme changes.

/// One class of a scheme.
#[derive(Debug, Clone, Copy)]
pub struct Class {
    /// `4-1`; unique in the scheme.
    pub code: &'static str,
    /// Parent class, for sub-classes.
    pub parent: Option<&'static str>,
    /// Full name.
    pub name: &'static str,
    /// Label in the printed catalogue.
    pub label: &'static str,
    /// Whether materials may stand directly in it.
    pub leaf: bool,
    /// Rule of order inside the class: `time`, `case` or `party`.
    pub order: &'static str,
}

/// A version of a class scheme.
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// Stable code with its year.
    pub code: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// First day it is used for new volumes; empty when not dated.
    pub valid_from: &'static str,
    /// Where the classes come from.
    pub source: &'static str,
    /// Classes in the order of the catalogue.
    pub classes: &'static [Class],
}

const fn top(code: &'static str, name: &'static str, label: &'static str, order: &'static str) -> Class {
    Class { code, parent: None, name, label, leaf: true, order }
}
const fn head(code: &'static str, name: &'static str, label: &'static str) -> Class {
    Class { code, parent: None, name, label, leaf: false, order: "time" }
}
const fn sub(code: &'static str, parent: &'static str, name: &'static str, label: &'static str) -> Class {
    Class { code, parent: Some(parent), name, label, leaf: true, order: "time" }
}

#[rustfmt::skip]
static CADRE_2018: &[Class] = &[
    top("1", "履历类材料", "履历材料", "time"),
    top("2", "自传和思想类材料", "自传和思想材料", "time"),
    top("3", "考核鉴定类材料", "考核鉴定材料", "time"),
    head("4", "学历学位、专业技术职务（职称）、学术评鉴、教育培训类材料", "学历学位、职称、学术、培训材料"),
    sub("4-1", "4", "学历学位材料", "学历学位材料"),
    sub("4-2", "4", "职业（任职）资格和评聘专业技术职务（职称）材料", "职业（任职）资格和评聘专业技术职务材料"),
    sub("4-3", "4", "反映科研学术水平的材料", "反映科研学术水平的材料"),
    sub("4-4", "4", "培训材料", "培训材料"),
    top("5", "政审、审计和审核类材料", "政审、审计和审核材料", "case"),
    top("6", "党、团类材料", "党、团材料", "party"),
    top("7", "表彰奖励类材料", "表彰奖励材料", "time"),
    top("8", "违规违纪违法处理处分类材料", "违规违纪违法处理处分材料", "case"),
    head("9", "工资、任免、出国和会议代表类材料", "工资、任免、出国、会议代表材料"),
    sub("9-1", "9", "工资材料", "工资材料"),
    sub("9-2", "9", "任免材料", "任免材料"),
    sub("9-3", "9", "出国（境）审批材料", "出国（境）材料"),
    sub("9-4", "9", "会议代表材料", "会议代表材料"),
    top("10", "其他可供组织参考的材料", "其他可供参考的材料", "time"),
];

#[rustfmt::skip]
static CADRE_2009: &[Class] = &[
    top("1", "履历材料", "履历材料", "time"),
    top("2", "自传材料", "自传材料", "time"),
    top("3", "鉴定、考核、考察材料", "鉴定、考核、考察材料", "time"),
    head("4", "学历学位、职称、学术、培训材料", "学历学位、职称、学术、培训材料"),
    sub("4-1", "4", "学历学位材料", "学历学位材料"),
    sub("4-2", "4", "职业（任职）资格和评聘专业技术职务材料", "职业（任职）资格和评聘专业技术职务材料"),
    sub("4-3", "4", "反映科研学术水平的材料", "反映科研学术水平的材料"),
    sub("4-4", "4", "培训材料", "培训材料"),
    top("5", "政审、审计和审核材料", "政审、审计和审核材料", "case"),
    top("6", "参加中国共产党、共青团及民主党派的材料", "参加党团材料", "party"),
    top("7", "表彰奖励材料", "表彰奖励材料", "time"),
    top("8", "涉法违纪材料", "涉法违纪材料", "case"),
    head("9", "招录、聘用、工资、待遇、任免、出国、代表会材料", "招录、工资、任免、出国、代表会材料"),
    sub("9-1", "9", "工资、待遇材料", "工资、待遇材料"),
    sub("9-2", "9", "招录聘用、任免、调动、转业、退休材料", "招录聘用、任免、调动、转业、退休材料"),
    sub("9-3", "9", "出国（境）材料", "出国（境）材料"),
    sub("9-4", "9", "会议代表材料", "会议代表材料"),
    top("10", "其他可供组织参考的材料", "其他材料", "time"),
];

#[rustfmt::skip]
static STUDENT: &[Class] = &[
    top("S1", "入学前材料", "入学前材料", "time"),
    top("S2", "入学材料", "入学材料", "time"),
    top("S3", "学业材料", "学业材料", "time"),
    top("S4", "奖惩材料", "奖惩材料", "time"),
    top("S5", "团员材料", "团员材料", "time"),
    top("S6", "党员材料", "党员材料", "party"),
    top("S7", "其他材料", "其他材料", "time"),
];

#[rustfmt::skip]
static PARTY: &[Class] = &[
    top("P1", "入党申请材料", "入党申请材料", "time"),
    top("P2", "培养教育考察材料", "培养教育考察材料", "time"),
    top("P3", "政治审查材料", "政治审查材料", "time"),
    top("P4", "入党志愿书", "入党志愿书", "party"),
    top("P5", "预备期考察和转正材料", "预备期考察和转正材料", "time"),
    top("P6", "其他党员材料", "其他党员材料", "time"),
];

/// All schemes that ship with the product.
#[rustfmt::skip]
pub static SCHEMES: &[Scheme] = &[
    Scheme { code: "CADRE-2018", name: "干部人事档案十大类（2018）", valid_from: "2018-11-28",
             source: "干部人事档案工作条例 2018; 名称待核 (domain-archives 1.2)", classes: CADRE_2018 },
    Scheme { code: "CADRE-2009", name: "干部人事档案十大类（2009）", valid_from: "2009-07-16",
             source: "中组发〔2009〕12号 (domain-archives 1.2)", classes: CADRE_2009 },
    Scheme { code: "STUDENT", name: "学生档案", valid_from: "",
             source: "domain-archives 1.11, 建议方案", classes: STUDENT },
    Scheme { code: "PARTY", name: "党员档案（单独立卷）", valid_from: "",
             source: "domain-membership 4.1, 五类归个人档案; 分类为建议方案", classes: PARTY },
];

/// Looks a scheme up by its code.
pub fn scheme(code: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|s| s.code == code)
}

impl Scheme {
    /// Looks a class up by its code.
    pub fn class(&self, code: &str) -> Option<&'static Class> {
        self.classes.iter().find(|c| c.code == code)
    }

    /// Place of a class in the catalogue, for sorting.
    pub fn rank(&self, code: &str) -> usize {
        self.classes.iter().position(|c| c.code == code).unwrap_or(self.classes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_unique_and_parents_come_first_and_hold_nothing() {
        for s in SCHEMES {
            for (i, c) in s.classes.iter().enumerate() {
                assert_eq!(s.rank(c.code), i, "{} {}", s.code, c.code);
                if let Some(p) = c.parent {
                    assert!(s.rank(p) < i && s.class(p).is_some_and(|p| !p.leaf), "{} {}", s.code, c.code);
                }
            }
        }
    }

    #[test]
    fn the_two_cadre_schemes_share_their_codes() {
        let codes = |s: &'static [Class]| s.iter().map(|c| c.code).collect::<Vec<_>>();
        assert_eq!(codes(CADRE_2018), codes(CADRE_2009));
    }
}
