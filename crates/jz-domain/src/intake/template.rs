//! Templates as data: which columns a workbook may have, what they are called in the
//! wild, and what they hold.
//!
//! A new column is a new row of a table. Keys are stable: they are stored with the
//! person, in the history and in saved column mappings.

use super::codes::{self, CodeList};
use std::{collections::HashMap, sync::LazyLock};

/// What kind of workbook is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 党组织
    Orgs,
    /// 人员
    Members,
}

impl Kind {
    /// `orgs` or `members`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Orgs => "orgs",
            Self::Members => "members",
        }
    }

    /// Looks a kind up by its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Orgs, Self::Members].into_iter().find(|k| k.code() == code)
    }

    /// The columns of this kind.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Orgs => ORGS,
            Self::Members => MEMBERS,
        }
    }

    /// The column without which a row of column names is not recognised.
    pub(super) fn key_field(self) -> &'static str {
        match self {
            Self::Orgs => "full_name",
            Self::Members => "name",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// Read past: running numbers, our own column of reasons.
    Nothing,
    /// The name of a person.
    Name,
    /// Identity number.
    Id,
    /// Student or staff number.
    Number,
    /// Any text.
    Text,
    /// A date that has happened.
    Date,
    /// A date that may lie ahead.
    Plan,
    /// Telephone.
    Phone,
    /// A value of a code list.
    Code(&'static CodeList),
    /// The name of an organisation.
    Org,
    /// A count of things.
    Count,
}

/// One column of a template.
#[derive(Debug)]
pub struct Field {
    /// Stable key.
    pub key: &'static str,
    /// Official column name.
    pub label: &'static str,
    /// Other column names, squeezed.
    pub synonyms: &'static [&'static str],
    /// What it holds.
    pub holds: Holds,
    /// Whether a *new* record must have it.
    pub required: bool,
    /// Whether it is in the template we hand out.
    pub listed: bool,
    /// Example for the grey row.
    pub example: &'static str,
    /// What to fill in.
    pub note: &'static str,
}

const fn f(key: &'static str, label: &'static str, holds: Holds, synonyms: &'static [&'static str]) -> Field {
    Field { key, label, synonyms, holds, required: false, listed: false, example: "", note: "" }
}

impl Field {
    const fn must(self) -> Self {
        Self { required: true, ..self }
    }
    const fn like(self, example: &'static str, note: &'static str) -> Self {
        Self { listed: true, example, note, ..self }
    }
}

use Holds::{Code, Count, Date, Id, Name, Nothing, Number, Org, Phone, Plan, Text};

/// Columns of the person workbooks: union of templates 02 to 06 and of the export of the
/// national system (`domain-membership` 8.3, 9.3).
#[rustfmt::skip]
pub static MEMBERS: &[Field] = &[
    f("seq", "序号", Nothing, &["编号", "序", "no", "no."]),
    f("reason", "原因", Nothing, &["错误原因", "导入结果"]),
    f("name", "姓名", Name, &["党员姓名", "学生姓名", "名字", "申请人姓名", "申请人"])
        .must().like("赵示例", "与身份证一致；少数民族姓名的间隔号写作“·”。"),
    f("former_name", "曾用名", Text, &["原名"]),
    f("number", "学号/工号", Number, &["学号", "工号", "学工号", "学号(工号)", "学(工)号", "工号/学号", "教工号", "职工号", "职工编号", "人员编号"])
        .like("2023000001", "学生填学号，教职工填工号。"),
    f("sex", "性别", Code(&codes::SEX), &[]).like("女", "男或女。"),
    f("ethnicity", "民族", Code(&codes::ETHNICITY), &[]).like("汉族", "从下拉列表选择。"),
    f("birth", "出生日期", Date, &["出生年月", "出生年月日", "出生时间", "生日", "出生"])
        .like("2005-03-12", "年-月-日；须与身份证号一致。"),
    f("id_no", "公民身份号码", Id, &["身份证号", "身份证号码", "公民身份证号码", "身份证", "公民身份证号", "居民身份证号", "身份号码", "证件号码", "证件号"])
        .like("990101200503120028", "18 位，单元格格式须为文本。"),
    f("phone", "手机号码", Phone, &["手机", "手机号", "联系电话", "联系方式", "电话", "移动电话", "本人电话", "联系手机", "电话号码"])
        .like("13800000000", "11 位。"),
    f("native_place", "籍贯", Text, &[]).like("某省某县", ""),
    f("education", "学历", Code(&codes::EDUCATION), &["最高学历", "文化程度", "学历层次"]).like("大学本科毕业", "从下拉列表选择。"),
    f("degree", "学位", Code(&codes::DEGREE), &["最高学位"]).like("学士", ""),
    f("stage", "人员类别", Code(&codes::STAGE), &["党员类别", "发展阶段", "人员类型", "当前阶段", "所处阶段", "发展类别", "人员身份"])
        .must().like("预备党员", "群众/团员、入党申请人、入党积极分子、发展对象、预备党员、正式党员之一。"),
    f("status", "党籍状态", Code(&codes::STATUS), &[]).like("正常", "仅预备党员、正式党员填写。"),
    f("org", "所在党支部", Org, &["党支部", "支部", "所属党支部", "所属支部", "所在支部", "支部名称", "党支部名称", "所在党组织", "隶属党组织", "所属党组织", "接受申请党组织"])
        .must().like("某某学院学生第一党支部", "全称或简称；工作表名就是支部名时可以不填。"),
    f("group", "党小组", Text, &["所在党小组"]),
    f("applied", "申请入党日期", Date, &["申请入党时间", "入党申请日期", "入党申请时间", "申请日期", "申请时间", "递交入党申请书日期", "递交入党申请书时间", "提交入党申请书日期", "提交入党申请书时间", "递交申请书时间", "递交申请书日期", "申请书落款日期", "入党申请书时间"])
        .like("2023-10-08", "入党申请书的落款日期。"),
    f("received", "收到日期", Date, &["收到申请书日期"]),
    f("activist", "确定入党积极分子日期", Date, &["确定入党积极分子时间", "确定为入党积极分子时间", "确定为入党积极分子日期", "列为入党积极分子时间", "列为入党积极分子日期", "确定积极分子时间", "确定积极分子日期", "列为积极分子时间", "积极分子时间", "积极分子日期", "入党积极分子时间", "入党积极分子日期", "成为入党积极分子时间", "支委会日期"])
        .like("2024-04-10", ""),
    f("candidate", "确定发展对象日期", Date, &["确定发展对象时间", "确定为发展对象时间", "确定为发展对象日期", "列为发展对象时间", "列为发展对象日期", "发展对象时间", "发展对象日期", "成为发展对象时间"])
        .like("2025-05-20", ""),
    f("joined", "入党日期", Date, &["入党时间", "加入党组织日期", "加入党组织时间", "加入中共组织日期", "接收预备党员日期", "接收预备党员时间", "确定预备党员时间", "成为预备党员时间", "列为预备党员时间", "预备党员时间", "支部大会日期", "支部大会时间", "入党年月"])
        .like("2025-06-18", "支部大会通过接收其为预备党员的日期。"),
    f("regular", "转正日期", Date, &["转正时间", "转为正式党员日期", "转为正式党员时间", "按期转正时间", "成为正式党员时间", "正式党员时间"])
        .like("", "没有时留空。"),
    f("report_count", "思想汇报总篇数", Count, &["思想汇报篇数", "思想汇报数", "思想汇报次数", "思想汇报数量", "思想汇报总数", "思想汇报总次数"]),
    f("introducer_1", "入党介绍人1", Text, &["入党介绍人", "介绍人", "介绍人1", "入党介绍人一", "介绍人一"]),
    f("introducer_2", "入党介绍人2", Text, &["介绍人2", "入党介绍人二", "介绍人二"]),
    f("mentor_1", "培养联系人1", Text, &["培养联系人", "联系人1", "培养联系人一"]),
    f("mentor_2", "培养联系人2", Text, &["联系人2", "培养联系人二"]),
    f("joined_org", "入党时所在支部", Text, &["入党时所在党支部"]),
    f("form_no", "志愿书编号", Text, &["入党志愿书编号"]),
    f("talk", "谈话日期", Date, &["谈话时间", "派人谈话日期", "派人谈话时间"]),
    f("talker", "谈话人", Text, &[]),
    f("nominated_by", "推荐方式", Text, &["推优方式"]),
    f("nominated", "推优日期", Date, &["推优时间", "团组织推优时间", "团组织推优日期", "推荐日期", "推荐时间"]),
    f("filed", "备案日期", Date, &["备案时间", "积极分子备案日期"]),
    f("course", "培训班期次", Text, &["党课期次", "培训期次"]),
    f("certificate", "结业证号", Text, &["结业证书编号", "党课结业证号", "结业证编号"]),
    f("rank", "成绩排名", Text, &["班级排名", "综合排名"]),
    f("notice_from", "公示起", Date, &["公示开始日期", "公示起始日期", "公示开始时间"]),
    f("notice_to", "公示止", Date, &["公示结束日期", "公示截止日期", "公示结束时间"]),
    f("filed_reply", "备案批复日期", Date, &["备案批复时间"]),
    f("review", "政审结论日期", Date, &["政审时间", "政审日期", "政审结论时间", "政治审查日期"]),
    f("letter_father", "函调父", Text, &[]),
    f("letter_mother", "函调母", Text, &[]),
    f("training_from", "集中培训起", Date, &["集中培训开始日期", "培训开始日期"]),
    f("training_to", "集中培训止", Date, &["集中培训结束日期", "培训结束日期"]),
    f("training_hours", "学时", Text, &["培训学时", "集中培训学时"]),
    f("pre_review", "预审日期", Date, &["预审时间", "上级党委预审时间"]),
    f("votes_due", "应到", Count, &["应到人数"]),
    f("votes_present", "实到", Count, &["实到人数"]),
    f("votes_for", "赞成", Count, &["赞成票", "同意"]),
    f("votes_against", "反对", Count, &["反对票", "不同意"]),
    f("votes_abstain", "弃权", Count, &["弃权票"]),
    f("approved", "党委审批日期", Date, &["审批日期", "党委审批时间", "审批时间", "上级党委审批时间"]),
    f("probation_from", "预备期起", Date, &["预备期开始日期", "预备期起始日期"]),
    f("probation_to", "预备期止", Plan, &["预备期结束日期", "预备期截止日期", "预备期满日期"]),
    f("oath", "宣誓日期", Date, &["宣誓时间", "入党宣誓时间", "入党宣誓日期"]),
    f("regular_applied", "转正申请日期", Date, &["转正申请时间", "转正申请书日期"]),
    f("extended", "延长预备期时间", Text, &["延长预备期"]),
    f("join_type", "入党类型", Text, &[]),
    f("regular_type", "转正情况", Text, &[]),
    f("political", "政治面貌", Code(&codes::POLITICAL), &[]),
    f("league", "入团日期", Date, &["入团时间"]),
    f("post", "工作岗位", Text, &["岗位"]).like("大学本科其他年级学生", "按全国党员管理信息系统的岗位名称。"),
    f("prof_title", "从事专业技术职务", Text, &["专业技术职务", "职称"]),
    f("stratum", "新社会阶层类型", Text, &[]),
    f("migrant", "是否农民工", Code(&codes::YES_NO), &[]),
    f("work_start", "参加工作日期", Date, &["参加工作时间"]),
    f("job", "工作单位及职务", Text, &["工作单位", "职务"]),
    f("campus", "校区", Text, &[]),
    f("college", "学院", Text, &["所在学院", "院系", "二级学院", "所在院系"]).like("某某学院", ""),
    f("major", "专业", Text, &["所学专业", "专业名称"]).like("会计学", ""),
    f("grade", "年级", Text, &["所在年级"]).like("2023", ""),
    f("class", "班级", Text, &["所在班级", "行政班", "专业班级"]).like("会计2301", ""),
    f("level", "培养层次", Text, &["学生类别"]).like("本科", ""),
    f("enrolled", "入学年月", Date, &["入学时间", "入学日期"]),
    f("graduated", "毕业年月", Plan, &["毕业时间", "毕业日期", "预计毕业年月", "预计毕业时间"]),
    f("tutor", "导师", Text, &["导师姓名"]),
    f("counsellor", "辅导员", Text, &["辅导员姓名"]),
    f("party_post", "党内职务", Text, &["支部职务"]),
    f("dues", "党费标准", Text, &["月交党费", "党费"]),
    f("seniority", "党龄", Text, &[]),
    f("seniority_fix", "党龄校正值", Text, &["党龄校正值(月)"]),
    f("is_floating", "是否流动党员", Code(&codes::YES_NO), &["流动党员"]),
    f("floating_to", "流动去向", Text, &[]),
    f("is_lost", "是否失联党员", Code(&codes::YES_NO), &["失联党员"]),
    f("lost_since", "失联日期", Date, &["失联时间"]),
    f("domicile", "户籍所在地", Text, &["户口所在地", "户籍地"]),
    f("address", "现居住地", Text, &["家庭住址", "家庭地址", "居住地", "住址", "通讯地址"]),
    f("added", "党员增加信息", Text, &[]),
    f("removed", "党员减少信息", Text, &[]),
    f("registered", "党员注册时间", Text, &[]),
    f("registered_phone", "注册手机号", Text, &[]),
    f("archive_place", "档案所在地", Text, &["人事档案所在地", "党员档案所在单位", "档案所在单位"]),
    f("archive_no", "档案号", Text, &["档案编号"]),
    f("remark", "备注", Text, &["备注信息", "说明"]).like("", "没有时留空。"),
];

/// Columns of 01 党组织信息采集表 (`domain-membership` 9.3).
#[rustfmt::skip]
pub static ORGS: &[Field] = &[
    f("seq", "序号", Nothing, &["编号", "序", "no", "no."]),
    f("reason", "原因", Nothing, &["错误原因", "导入结果"]),
    f("full_name", "党组织全称", Text, &["组织全称", "全称", "党组织名称", "组织名称", "党支部全称", "名称"])
        .must().like("中共某某大学某某学院学生第一支部委员会", "与公章一致；没有公章时写“中共＋单位＋类型”。"),
    f("short_name", "党组织简称", Text, &["简称", "组织简称"]).like("某某学院学生第一党支部", "人员表的工作表名和“所在党支部”可以用简称。"),
    f("kind", "组织类别", Code(&codes::ORG_KIND), &["党组织类别", "类别", "组织类型", "党组织类型"]).must().like("党支部", "从下拉列表选择。"),
    f("parent", "上级党组织", Org, &["上级党组织全称", "上级组织", "上级党组织名称", "隶属党组织", "上级"])
        .like("中共某某大学某某学院委员会", "学校党委不填，其余必填；可以写在本表后面的行里。"),
    f("founded", "成立日期", Date, &["成立时间", "建立日期", "批准成立日期"]).like("2015-09-10", ""),
    f("approval_no", "批准文号", Text, &["批准成立文号", "成立文号"]).like("", "没有时留空。"),
    f("unit", "所在单位情况", Text, &["单位情况"]).like("与上级党组织相同", ""),
    f("secretary", "书记", Text, &["书记姓名", "党支部书记", "支部书记"]).like("钱示例", ""),
    f("deputy", "副书记", Text, &["副书记姓名"]),
    f("contact", "联系人", Text, &["联系人姓名"]),
    f("phone", "联系电话", Phone, &["电话", "手机号码", "联系方式"]),
    f("term_from", "本届起始日期", Date, &["本届起始时间", "换届日期", "本届起"]).like("2023-11-20", ""),
    f("term_to", "本届届满日期", Plan, &["本届届满时间", "届满日期", "届满时间", "本届止"]).like("2026-11-20", ""),
    f("can_approve", "是否具有审批预备党员权限", Code(&codes::YES_NO), &["审批预备党员权限", "具有审批预备党员权限", "是否有审批权限"]).like("否", "是或否。"),
    f("remark", "备注", Text, &["备注信息"]),
];

/// One column of the template we hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateColumn {
    /// Header, without the star.
    pub header: String,
    /// Whether it is starred.
    pub required: bool,
    /// What to fill in.
    pub note: &'static str,
    /// Value of the grey example row.
    pub example: &'static str,
    /// Values of the drop-down list.
    pub options: Vec<&'static str>,
}

/// Version of the templates, printed beside the title.
pub const TEMPLATE_VERSION: &str = "2026-1";

/// 思想汇报 columns in the template; people add more by copying one.
const TEMPLATE_REPORTS: [&str; 4] = ["第一次思想汇报", "第二次思想汇报", "第三次思想汇报", "第四次思想汇报"];

/// Title of the template of a kind.
pub fn template_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Orgs => "党组织信息采集表",
        Kind::Members => "党员和发展对象信息采集表",
    }
}

/// General remarks of the sheet 填表说明.
pub const TEMPLATE_REMARKS: &[&str] = &[
    "第 3 行是示例，导入时自动跳过，可以删除。",
    "带星号的栏目，新增时必填；修改已有记录时，空白表示不修改，填“清空”表示删除原有内容。",
    "日期写成 2025-12-30；只知道年月时写 2025-12，只知道年份时写 2025，不要用 01 补齐。",
    "身份证号、学号、电话所在列的单元格格式须为“文本”，否则 Excel 会丢失末几位。",
    "一张工作表填一个支部时，把工作表名改为支部名称，可不填“所在党支部”。",
    "思想汇报的列可以增加，列名写作“第五次思想汇报”等。",
];

/// The columns of the template of a kind.
pub fn template_columns(kind: Kind) -> Vec<TemplateColumn> {
    let column = |f: &Field| TemplateColumn {
        header: f.label.to_owned(),
        required: f.required,
        note: f.note,
        example: f.example,
        options: match f.holds {
            Code(list) => list.labels().collect(),
            _ => Vec::new(),
        },
    };
    let mut columns: Vec<TemplateColumn> = kind.fields().iter().filter(|f| f.listed).map(column).collect();
    if kind == Kind::Members {
        columns.extend(TEMPLATE_REPORTS.map(|header| TemplateColumn {
            header: header.to_owned(),
            required: false,
            note: "该次思想汇报的日期。",
            example: "",
            options: Vec::new(),
        }));
        columns.extend(kind.fields().iter().filter(|f| f.key == "report_count").map(column));
    }
    columns
}

/// A column of a sheet that was recognised: the field, and the number of a repeated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldRef {
    /// Row of the table of fields.
    One(u16),
    /// 第N次思想汇报
    Report(u16),
    /// 半年考察N
    Observation(u16),
}

impl FieldRef {
    /// Stable key: the field's, `report:3`, `observation:2`.
    pub fn key(self, kind: Kind) -> std::borrow::Cow<'static, str> {
        match self {
            Self::One(i) => kind.fields().get(usize::from(i)).map_or("", |f| f.key).into(),
            Self::Report(n) => format!("report:{n}").into(),
            Self::Observation(n) => format!("observation:{n}").into(),
        }
    }

    /// Label for people.
    pub fn label(self, kind: Kind) -> std::borrow::Cow<'static, str> {
        match self {
            Self::One(i) => kind.fields().get(usize::from(i)).map_or("", |f| f.label).into(),
            Self::Report(n) => format!("第{n}次思想汇报").into(),
            Self::Observation(n) => format!("半年考察{n}").into(),
        }
    }

    /// The reference of a key, for saved mappings.
    pub fn from_key(kind: Kind, key: &str) -> Option<Self> {
        if let Some((name, n)) = key.split_once(':') {
            let n = n.parse().ok().filter(|n| (1..=999).contains(n))?;
            return match name {
                "report" => Some(Self::Report(n)),
                "observation" => Some(Self::Observation(n)),
                _ => None,
            };
        }
        kind.fields().iter().position(|f| f.key == key).map(|i| Self::One(i as u16))
    }
}

/// Label of a stored key, for histories and previews.
pub fn label_of(kind: Kind, key: &str) -> String {
    FieldRef::from_key(kind, key).map_or_else(|| key.to_owned(), |f| f.label(kind).into_owned())
}

/// Squeezed name → field, for each kind.
pub(super) fn names(kind: Kind) -> &'static HashMap<String, u16> {
    static NAMES: LazyLock<[HashMap<String, u16>; 2]> = LazyLock::new(|| [build(ORGS), build(MEMBERS)]);
    let [orgs, members] = &*NAMES;
    match kind {
        Kind::Orgs => orgs,
        Kind::Members => members,
    }
}

fn build(fields: &'static [Field]) -> HashMap<String, u16> {
    let mut map = HashMap::new();
    for (i, field) in (0_u16..).zip(fields) {
        for name in std::iter::once(field.label).chain(field.synonyms.iter().copied()) {
            map.entry(super::text::squeeze_header(name)).or_insert(i);
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_name_leads_to_two_fields() {
        for kind in [Kind::Orgs, Kind::Members] {
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            for field in kind.fields() {
                for name in std::iter::once(&field.label).chain(field.synonyms) {
                    let squeezed = super::super::text::squeeze_header(name);
                    let before = seen.insert(squeezed, field.key);
                    assert!(before.is_none(), "{} {name}: also {before:?}", kind.code());
                }
            }
            assert!(kind.fields().iter().any(|f| f.key == kind.key_field()));
        }
    }

    #[test]
    fn keys_come_back() {
        for kind in [Kind::Orgs, Kind::Members] {
            for (i, field) in (0_u16..).zip(kind.fields()) {
                assert_eq!(FieldRef::from_key(kind, field.key), Some(FieldRef::One(i)));
                assert_eq!(label_of(kind, field.key), field.label);
            }
        }
        assert_eq!(label_of(Kind::Members, "report:12"), "第12次思想汇报");
        assert_eq!(FieldRef::from_key(Kind::Members, "report:0"), None);
    }
}
