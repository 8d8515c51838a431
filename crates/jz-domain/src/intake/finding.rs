//! What is wrong with a cell or a row, in words that say where and what to do.
//!
//! Codes are those of the import contract (`domain-membership` 9.2); `RULE_…` are the
//! rules of 4.4 and a few of ours. The sentence never repeats the value: sentences end
//! up in reports and annotated workbooks that travel further than the preview.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a row can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It is taken; somebody should look.
    Warning,
    /// It is not taken.
    Error,
}

/// One thing to say about a workbook. `Debug` shows place and code only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the sheet.
    pub sheet: String,
    /// Row as shown in Excel, from 1; 0 for the sheet as a whole.
    pub row: u32,
    /// Column from 0, if one column is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub col: Option<u16>,
    /// Name of that column as it stands in the sheet.
    pub column: String,
    /// The value as it stands in the sheet: for the importer's eyes only.
    pub value: String,
    /// Stable code.
    pub code: std::borrow::Cow<'static, str>,
    /// Whether the row can be taken.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
}

impl Finding {
    /// Whether the row is not taken because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// A finding about a whole sheet.
    pub fn on_sheet(sheet: &str, code: &'static str, severity: Severity, message: String) -> Self {
        Self {
            sheet: sheet.to_owned(),
            row: 0,
            col: None,
            column: String::new(),
            value: String::new(),
            code: code.into(),
            severity,
            message,
        }
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}:{:?} {} {:?}", self.sheet, self.row, self.col, self.code, self.severity)
    }
}

/// 未找到表头
pub const HEADER_NOT_FOUND: &str = "HEADER_NOT_FOUND";
/// 未知工作表
pub const UNKNOWN_SHEET: &str = "UNKNOWN_SHEET";
/// 支部（或上级党组织）不存在
pub const UNKNOWN_BRANCH: &str = "UNKNOWN_BRANCH";
/// 疑似列错位
pub const ROW_SHIFTED: &str = "ROW_SHIFTED";
/// 身份证号有误
pub const ID_INVALID: &str = "ID_INVALID";
/// 文件内重复
pub const ID_DUPLICATE: &str = "ID_DUPLICATE";
/// 学号与姓名不符
pub const NAME_ID_CONFLICT: &str = "NAME_ID_CONFLICT";
/// 日期有误
pub const DATE_INVALID: &str = "DATE_INVALID";
/// 日期有多种读法
pub const DATE_AMBIGUOUS: &str = "DATE_AMBIGUOUS";
/// 不在代码表中
pub const CODE_UNKNOWN: &str = "CODE_UNKNOWN";
/// 人员类别有误
pub const STAGE_INVALID: &str = "STAGE_INVALID";
/// 思想汇报篇数不符
pub const REPORT_COUNT_MISMATCH: &str = "REPORT_COUNT_MISMATCH";
/// 思想汇报次序不符
pub const REPORT_SEQUENCE: &str = "REPORT_SEQUENCE";
/// 缺少必填项
pub const REQUIRED_MISSING: &str = "REQUIRED_MISSING";
/// 出生日期与身份证号不一致
pub const RULE_R002: &str = "RULE_R002";
/// 性别与身份证号不一致
pub const RULE_R003: &str = "RULE_R003";
/// 日期在将来
pub const RULE_R028: &str = "RULE_R028";
/// 手机号码不是 11 位
pub const RULE_PHONE: &str = "RULE_PHONE";
/// 上级关系成环
pub const RULE_ORG_CYCLE: &str = "RULE_ORG_CYCLE";
/// 第二个学校党委
pub const RULE_ORG_ROOT: &str = "RULE_ORG_ROOT";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_value() {
        let f = Finding {
            value: "990101200401011235".into(),
            ..Finding::on_sheet("表", ID_INVALID, Severity::Error, "改".into())
        };
        assert_eq!(format!("{f:?}"), "表!0:None ID_INVALID Error");
    }
}
