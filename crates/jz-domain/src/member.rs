//! 党员 (member): stage and status of a person, two independent columns.
//!
//! Source: `domain-membership` 2.3. Dates such as 入党时间 are derived elsewhere.

/// One row of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// What is stored.
    pub code: &'static str,
    /// What is shown.
    pub label: &'static str,
}

const fn c(code: &'static str, label: &'static str) -> Code {
    Code { code, label }
}

/// 人员类别.
#[rustfmt::skip]
pub static STAGES: &[Code] = &[
    c("0", "群众/团员"), c("1", "入党申请人"), c("2", "入党积极分子"),
    c("3", "发展对象"), c("4", "预备党员"), c("5", "正式党员"),
];

/// 党籍状态, only for stage 4 and 5.
#[rustfmt::skip]
pub static STATUSES: &[Code] = &[
    c("01", "正常"), c("02", "停止党籍"), c("03", "已出党"), c("04", "已转出"), c("05", "死亡"),
];

/// 性别 (GB/T 2261.1).
#[rustfmt::skip]
pub static SEXES: &[Code] = &[c("0", "未知的性别"), c("1", "男"), c("2", "女"), c("9", "未说明的性别")];

/// The label of a code; the code itself when the list does not know it.
pub fn label<'a>(list: &'static [Code], code: &'a str) -> &'a str {
    list.iter().find(|c| c.code == code).map_or(code, |c| c.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_and_unknown_codes_stay_visible() {
        assert_eq!(label(STAGES, "5"), "正式党员");
        assert_eq!(label(STATUSES, "77"), "77");
    }
}
