//! Sample data for every form: as it usually is, as bad as it can get, and empty.
//!
//! Tests print all of them, and so does `examples/samples.rs` for the PDF/A judge.
//! Persons are fictitious; identity numbers begin with 99 and belong to nobody.

use crate::{CatalogueClass, CatalogueData, CatalogueItem};

/// One sample.
pub struct Sample {
    /// Name for files: `catalogue-filled`.
    pub name: &'static str,
    /// What is printed.
    pub data: CatalogueData,
}

/// All samples of all forms.
pub fn samples() -> Vec<Sample> {
    vec![
        Sample { name: "catalogue-filled", data: filled() },
        Sample { name: "catalogue-cadre-2009", data: cadre_2009() },
        Sample { name: "catalogue-overlong", data: overlong() },
        Sample { name: "catalogue-empty", data: empty() },
        Sample { name: "catalogue-student", data: student() },
        Sample { name: "catalogue-party", data: party() },
    ]
}

#[rustfmt::skip]
const CADRE: &[(&str, &str)] = &[
    ("1", "履历材料"),
    ("2", "自传和思想材料"),
    ("3", "考核鉴定材料"),
    ("4", "学历学位、职称、学术、培训材料"),
    ("4-1", "学历学位材料"),
    ("4-2", "职业（任职）资格和评聘专业技术职务材料"),
    ("4-3", "反映科研学术水平的材料"),
    ("4-4", "培训材料"),
    ("5", "政审、审计和审核材料"),
    ("6", "党、团材料"),
    ("7", "表彰奖励材料"),
    ("8", "违规违纪违法处理处分材料"),
    ("9", "工资、任免、出国、会议代表材料"),
    ("9-1", "工资材料"),
    ("9-2", "任免材料"),
    ("9-3", "出国（境）材料"),
    ("9-4", "会议代表材料"),
    ("10", "其他可供参考的材料"),
];

/// Class, title, date, pages, remark.
type Row = (&'static str, &'static str, &'static str, i64, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("1", "干部履历表", "2012-09-03", 8, ""),
    ("1", "干部履历表", "2021-05-18", 8, ""),
    ("2", "自传", "2004-11", 6, "无日期，按内容推定"),
    ("3", "2021年度考核登记表", "2021-12-30", 2, ""),
    ("3", "2022年度考核登记表", "2022-12-28", 2, ""),
    ("3", "2023年度考核登记表", "2023-12-27", 2, ""),
    ("4-1", "普通高等学校毕业生登记表", "2008-06-20", 4, ""),
    ("4-1", "硕士研究生学籍表", "2011-06-15", 4, ""),
    ("4-1", "［硕士学位授予证明］", "2011", 1, "复印件"),
    ("4-2", "讲师专业技术职务任职资格评审表", "2014-12-09", 12, ""),
    ("4-2", "副教授专业技术职务任职资格评审表", "2020-11-26", 14, ""),
    ("4-4", "高等学校青年教师岗前培训结业登记表", "2012-10-12", 2, ""),
    ("5", "干部人事档案任前审核登记表", "2023-03-02", 2, ""),
    ("6", "中国共产党入党志愿书", "2007-06-12", 16, ""),
    ("6", "入党申请书", "2005-09-18", 5, ""),
    ("6", "转正申请书", "2008-06-02", 3, ""),
    ("6", "入党积极分子培养教育考察登记表", "2007-05-30", 6, ""),
    ("6", "政治审查综合材料", "2007-05-21", 3, ""),
    ("7", "关于表彰校级优秀共产党员的决定", "2019-06-28", 2, ""),
    ("9-1", "事业单位工作人员工资变动审批表", "2018-07-01", 1, ""),
    ("9-2", "新进人员聘用审批表", "2011-07-11", 2, ""),
    ("9-2", "干部任免审批表（任信息工程学院教学科科长）", "2023-04-20", 3, "附考察材料"),
    ("9-2", "考察材料", "2023-04-11", 4, "附件"),
    ("10", "全国毕业研究生就业报到证", "2011-07", 1, ""),
];

fn classes(scheme: &[(&str, &str)], rows: &[Row]) -> Vec<CatalogueClass> {
    let is_parent = |code: &str| scheme.iter().any(|(c, _)| c.starts_with(&format!("{code}-")));
    let class = |(code, label): &(&str, &str)| CatalogueClass {
        code: (*code).to_owned(),
        label: (*label).to_owned(),
        sub: code.contains('-'),
        leaf: !is_parent(code),
        items: items(rows.iter().filter(|r| r.0 == *code)),
    };
    scheme.iter().map(class).collect()
}

fn items<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<CatalogueItem> {
    let item = |(seq, row): (i64, &Row)| CatalogueItem {
        seq,
        title: row.1.to_owned(),
        formed: row.2.to_owned(),
        pages: Some(row.3),
        copies: 1,
        remark: row.4.to_owned(),
    };
    (1..).zip(rows).map(item).collect()
}

fn filled() -> CatalogueData {
    CatalogueData {
        person: "闻人知遥".to_owned(),
        volume_no: "A002-RS-000123".to_owned(),
        id_no: "990112198603171236".to_owned(),
        classes: classes(CADRE, ROWS),
        arranged_by: "柏景行".to_owned(),
        checked_by: "池云舒".to_owned(),
        date: "2026-05-20".to_owned(),
        revision: 3,
        secrecy: "内部".to_owned(),
        ..CatalogueData::default()
    }
}

/// The older names of the same classes.
fn cadre_2009() -> CatalogueData {
    let older = [
        ("2", "自传材料"),
        ("3", "鉴定、考核、考察材料"),
        ("6", "参加中国共产党、共青团及民主党派的材料"),
        ("8", "涉法违纪材料"),
        ("9-1", "工资、待遇材料"),
        ("9-2", "招录聘用、任免、调动、转业、退休材料"),
        ("10", "其他可供组织参考的材料"),
    ];
    let mut data = filled();
    for class in &mut data.classes {
        if let Some((_, label)) = older.iter().find(|(code, _)| *code == class.code) {
            (*label).clone_into(&mut class.label);
        }
    }
    data
}

/// 200 rows of the longest titles, long words, long remarks, characters outside the
/// usual set.
fn overlong() -> CatalogueData {
    let title: String = "关于同意接收为中共预备党员并按期转为正式党员的批复及有关附件材料汇编"
        .chars()
        .cycle()
        .take(128)
        .collect();
    let codes: Vec<&str> = CADRE.iter().map(|c| c.0).filter(|c| *c != "4" && *c != "9").collect();
    let mut data = CatalogueData {
        person: "买买提·吐尔逊·䶮㛃𬭎𫖯".to_owned(),
        volume_no: "A002-RS·XS·2026-000123".to_owned(),
        id_no: "99011219860317123X".to_owned(),
        id_in_full: true,
        classes: classes(CADRE, &[]),
        arranged_by: "欧阳一二三四五".to_owned(),
        date: "2026-12".to_owned(),
        revision: 1208,
        secrecy: "秘密★10年".to_owned(),
        ..CatalogueData::default()
    };
    for n in 0..200_usize {
        let code = codes.get(n * codes.len() / 200).copied().unwrap_or_default();
        let Some(class) = data.classes.iter_mut().find(|c| c.code == code) else { continue };
        let seq = class.items.len() as i64 + 1;
        let remark = match n % 40 {
            7 => {
                "复印件，原件存于学校综合档案馆；经办人已核对并签字。".repeat(20).chars().take(500).collect()
            }
            9 => "https://example.invalid/archives/volumes/000123/materials/0009".to_owned(),
            _ => String::new(),
        };
        class.items.push(CatalogueItem {
            seq,
            title: if n % 17 == 3 { "ABCDEFGH".repeat(16) } else { title.clone() },
            formed: ["2019-06-05", "2019-06", "2019", ""][n % 4].to_owned(),
            pages: if n % 5 == 4 { None } else { Some(500) },
            copies: 99,
            remark,
        });
    }
    data
}

fn empty() -> CatalogueData {
    CatalogueData { classes: classes(CADRE, &[]), ..CatalogueData::default() }
}

#[rustfmt::skip]
fn student() -> CatalogueData {
    let scheme = [
        ("S1", "入学前材料"), ("S2", "入学材料"), ("S3", "学业材料"), ("S4", "奖惩材料"),
        ("S5", "团员材料"), ("S6", "党员材料"), ("S7", "其他材料"),
    ];
    let rows: &[Row] = &[
        ("S1", "普通高中毕业生登记表", "2019-06", 4, ""),
        ("S2", "新生入学登记表", "2019-09-02", 2, ""),
        ("S3", "学业成绩总表", "2023-06-10", 2, ""),
        ("S3", "毕业生登记表", "2023-06-20", 4, ""),
        ("S5", "入团志愿书", "2017-05-04", 4, ""),
        ("S6", "中国共产党入党志愿书", "2022-06-15", 16, ""),
    ];
    CatalogueData {
        title: "学生档案目录".to_owned(),
        volume_no: "A002-RS·XS·2023-000456".to_owned(),
        classes: classes(&scheme, rows),
        ..filled()
    }
}

#[rustfmt::skip]
fn party() -> CatalogueData {
    let scheme = [
        ("P1", "入党申请材料"), ("P2", "培养教育考察材料"), ("P3", "政治审查材料"),
        ("P4", "入党志愿书"), ("P5", "预备期考察和转正材料"), ("P6", "其他党员材料"),
    ];
    let rows: &[Row] = &[
        ("P1", "入党申请书", "2018-10-19", 4, ""),
        ("P1", "谈话记录", "2018-11-05", 1, ""),
        ("P2", "入党积极分子培养教育考察登记表", "2020-09-20", 6, ""),
        ("P3", "政治审查综合材料", "2021-01-08", 2, ""),
        ("P4", "中国共产党入党志愿书", "2021-04-19", 16, ""),
        ("P5", "转正申请书", "2022-02-10", 3, ""),
    ];
    CatalogueData {
        title: "党员档案目录".to_owned(),
        volume_no: "A002-RS·DY-000123".to_owned(),
        classes: classes(&scheme, rows),
        ..filled()
    }
}
