//! The fictitious school and its Party organisations.

use serde::Serialize;

pub(crate) const SCHOOL: &str = "江洲理工大学";

#[rustfmt::skip]
const COLLEGES: &[&str] = &[
    "机械与动力工程学院", "信息科学与技术学院", "化学与材料工程学院", "土木与水利工程学院",
    "经济与管理学院", "外国语学院", "数学与统计学院", "物理与光电学院", "生命科学学院", "环境与生态学院",
    "公共管理学院", "法学院", "马克思主义学院", "艺术与设计学院", "建筑与城市规划学院", "交通运输学院",
    "电气与自动化学院", "食品科学与工程学院", "体育学院", "医学技术学院",
];

/// Who is in a branch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Undergraduates,
    Graduates,
    Staff,
}

/// A Party branch.
#[derive(Clone)]
pub(crate) struct Branch {
    /// Short name: `外国语学院教工党支部`.
    pub(crate) name: String,
    pub(crate) college: &'static str,
    pub(crate) body: Body,
}

/// One row of the organisation workbook.
#[derive(Clone, Serialize)]
pub struct Org {
    /// 党组织全称
    pub full_name: String,
    /// 党组织简称
    pub short_name: String,
    /// 组织类别
    pub kind: &'static str,
    /// 上级党组织, by full name; empty for the top.
    pub parent: String,
    /// 成立日期
    pub founded: &'static str,
    /// 本届起始日期
    pub term_from: &'static str,
    /// 本届届满日期
    pub term_to: &'static str,
    /// 是否具有审批预备党员权限
    pub approves: bool,
}

pub(crate) struct School {
    pub(crate) branches: Vec<Branch>,
}

impl School {
    /// As many colleges and branches as so many people need.
    pub(crate) fn for_people(people: usize) -> Self {
        let colleges = match people {
            0..=400 => 3,
            401..=4000 => 8,
            _ => COLLEGES.len(),
        };
        let per_college = people / (colleges * 60);
        let groups = (per_college / 3).clamp(1, 12);
        let mut branches = Vec::new();
        for college in COLLEGES.iter().take(colleges) {
            for (body, label) in
                [(Body::Undergraduates, "本科生"), (Body::Graduates, "研究生"), (Body::Staff, "教工")]
            {
                for n in 1..=groups {
                    let number = if groups == 1 { String::new() } else { format!("第{}", numeral(n)) };
                    let name = format!("{college}{label}{number}党支部");
                    branches.push(Branch { name, college, body });
                }
            }
        }
        Self { branches }
    }

    /// All organisations, parents before children.
    pub(crate) fn orgs(&self) -> Vec<Org> {
        let top = format!("中共{SCHOOL}委员会");
        let mut orgs = vec![Org {
            full_name: top.clone(),
            short_name: format!("{SCHOOL}党委"),
            kind: "学校党委",
            parent: String::new(),
            founded: "1978-09-01",
            term_from: "2022-06-01",
            term_to: "2027-06-01",
            approves: true,
        }];
        let mut college = "";
        for branch in &self.branches {
            let committee = format!("中共{SCHOOL}{}委员会", branch.college);
            if branch.college != college {
                college = branch.college;
                orgs.push(Org {
                    full_name: committee.clone(),
                    short_name: format!("{college}党委"),
                    kind: "二级党委",
                    parent: top.clone(),
                    founded: "2001-03-01",
                    term_from: "2023-10-15",
                    term_to: "2028-10-15",
                    approves: true,
                });
            }
            orgs.push(Org {
                full_name: format!("中共{SCHOOL}{}", branch.name),
                short_name: branch.name.clone(),
                kind: "党支部",
                parent: committee,
                founded: "2015-09-10",
                term_from: "2024-11-20",
                term_to: "2027-11-20",
                approves: false,
            });
        }
        orgs
    }
}

/// 1 to 99 in Chinese.
pub(crate) fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: usize| DIGITS.get(d).copied().unwrap_or_default();
    match n {
        0..10 => digit(n).to_owned(),
        10..20 => format!("十{}", digit(n - 10)),
        _ => format!("{}十{}", digit(n / 10), digit(n % 10)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::School;

    #[test]
    fn organisations_have_unique_names_and_known_parents() {
        for people in [0, 160, 3000, 20_000, 1_000_000] {
            let mut known = HashSet::from([String::new()]);
            for org in School::for_people(people).orgs() {
                assert!(known.contains(&org.parent), "{} comes before its parent", org.full_name);
                assert!(org.short_name.chars().count() <= 31, "a sheet name has at most 31 characters");
                assert!(known.insert(org.full_name));
            }
        }
    }
}
