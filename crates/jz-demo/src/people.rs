//! Fictitious people with a history of joining the Party that could have happened.
//!
//! Histories are spread over the rules of 1990 (about 2012), 2014 (about 2019) and
//! 2026, and some of them straddle a change of rules. They keep the waiting times that
//! all three share: a year from activist to prospect, a year of probation.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Serialize, Serializer};

use crate::names;
use crate::rng::{Rng, Stream};
use crate::school::{Body, School};

/// The day on which the demo school is looked at; no history goes beyond it.
pub(crate) const TODAY: Date = date(2026, 11, 20);

/// Most reports a person can have, and so the columns for them in the workbook.
pub(crate) const MAX_REPORTS: usize = 6;

#[rustfmt::skip]
const MINORITIES: &[&str] = &[
    "蒙古族", "回族", "壮族", "满族", "土家族", "苗族", "彝族", "藏族", "维吾尔族", "侗族", "瑶族", "白族",
];

/// One row of the member workbook. Names of fields follow its truth file.
#[derive(Clone, Serialize)]
pub struct Person {
    /// 学号/工号
    pub no: String,
    /// 姓名
    pub name: String,
    /// 性别
    pub sex: &'static str,
    /// 民族
    pub eth: &'static str,
    /// 出生日期
    #[serde(serialize_with = "iso")]
    pub birth: Date,
    /// 公民身份号码
    pub id: String,
    /// 手机号码
    pub tel: String,
    /// 学历
    pub edu: &'static str,
    /// Short name of the branch, which is the name of the sheet.
    pub branch: String,
    /// 人员类别
    pub stage: &'static str,
    /// 申请入党日期
    #[serde(serialize_with = "iso")]
    pub app: Date,
    /// 确定入党积极分子日期
    #[serde(serialize_with = "iso_or_null")]
    pub act: Option<Date>,
    /// 确定发展对象日期
    #[serde(serialize_with = "iso_or_null")]
    pub dev: Option<Date>,
    /// 入党日期: the day of the branch meeting.
    #[serde(serialize_with = "iso_or_null")]
    pub meet: Option<Date>,
    /// Day of approval by the committee; not in the workbook, but on the pages.
    #[serde(serialize_with = "iso_or_null")]
    pub appr: Option<Date>,
    /// 转正日期
    #[serde(serialize_with = "iso_or_null")]
    pub reg: Option<Date>,
    /// 思想汇报 in order.
    #[serde(serialize_with = "iso_list")]
    pub reports: Vec<Date>,
    /// College, for the pages.
    #[serde(skip)]
    pub college: &'static str,
}

// serde hands every field over by reference.
fn iso<S: Serializer>(day: &Date, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(day)
}

#[expect(clippy::ref_option, reason = "serde hands every field over by reference")]
fn iso_or_null<S: Serializer>(day: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => s.collect_str(day),
        None => s.serialize_none(),
    }
}

fn iso_list<S: Serializer>(days: &[Date], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(days.iter().map(ToString::to_string))
}

/// Person `index` of a school. Independent of all others.
pub(crate) fn person(school: &School, seed: u64, index: usize) -> Person {
    let mut rng = Rng::of(seed, Stream::Person, index as u64);
    let branch = rng.below(school.branches.len());
    let (branch, college, body) = match school.branches.get(branch) {
        Some(b) => (b.name.clone(), b.college, b.body),
        None => (String::new(), "", Body::Staff),
    };
    let eth = if rng.chance(86) { "汉族" } else { rng.pick(MINORITIES) };
    let male = rng.chance(50);
    let course = course(&mut rng);
    let age = match body {
        Body::Undergraduates => rng.between(18 * 12 + 1, 20 * 12),
        Body::Graduates => rng.between(22 * 12, 25 * 12),
        Body::Staff => rng.between(24 * 12, 38 * 12),
    };
    let birth = back(course.app, age).with().day(rng.between(1, 28) as i8).build().unwrap_or(course.app);
    let edu = match body {
        Body::Undergraduates => "大学本科",
        Body::Graduates => "硕士研究生",
        Body::Staff => rng.pick(&["大学本科", "硕士研究生", "博士研究生"]),
    };
    Person {
        no: format!("{}{index:06}", course.app.year() - i16::from(body != Body::Undergraduates)),
        name: names::name(&mut rng, eth),
        sex: if male { "男" } else { "女" },
        eth,
        birth,
        id: names::id_no(index, birth, male, &mut rng),
        tel: names::phone(index),
        edu,
        branch,
        stage: course.stage,
        app: course.app,
        act: course.act,
        dev: course.dev,
        meet: course.meet,
        appr: course.appr,
        reg: course.reg,
        reports: course.reports,
        college,
    }
}

struct Course {
    stage: &'static str,
    app: Date,
    act: Option<Date>,
    dev: Option<Date>,
    meet: Option<Date>,
    appr: Option<Date>,
    reg: Option<Date>,
    reports: Vec<Date>,
}

/// A history: the last step is put somewhere, the others follow from the gaps.
fn course(rng: &mut Rng) -> Course {
    let to_act = rng.between(3, 8);
    let to_dev = rng.between(12, 18);
    let to_meet = rng.between(2, 6);
    let to_appr = rng.between(1, 2);
    let day = |months: i32, day: i32| back(TODAY, months).with().day(day as i8).build().unwrap_or(TODAY);
    let month_day = rng.between(1, 28);
    let (stage, reached) = match rng.below(100) {
        0..18 => ("入党申请人", 1),
        18..38 => ("入党积极分子", 2),
        38..50 => ("发展对象", 3),
        50..63 => ("预备党员", 4),
        _ => ("正式党员", 5),
    };
    let app = match reached {
        1 => day(rng.between(1, 6), month_day),
        2 => forth(day(rng.between(1, 14), month_day), -to_act),
        3 => forth(day(rng.between(1, 5), month_day), -to_act - to_dev),
        // The rules of 2026 came into force six months before the day of the demo.
        4 => forth(day(rng.between(2, 11), month_day), -to_act - to_dev - to_meet),
        _ => {
            let meet = match rng.below(100) {
                0..30 => date(rng.between(2011, 2013) as i16, rng.between(1, 12) as i8, month_day as i8),
                30..70 => date(rng.between(2018, 2020) as i16, rng.between(1, 12) as i8, month_day as i8),
                _ => date(rng.between(2022, 2024) as i16, rng.between(1, 12) as i8, month_day as i8),
            };
            forth(meet, -to_act - to_dev - to_meet)
        }
    };
    let step = |needed: i32, months: i32| (reached >= needed).then(|| forth(app, months));
    let act = step(2, to_act);
    let meet = step(4, to_act + to_dev + to_meet);
    let reports = act.map_or_else(Vec::new, |act| reports(act, meet.unwrap_or(TODAY)));
    Course {
        stage,
        app,
        act,
        dev: step(3, to_act + to_dev),
        meet,
        appr: meet.map(|m| forth(m, to_appr)).filter(|a| *a <= TODAY),
        reg: step(5, to_act + to_dev + to_meet + 12),
        reports,
    }
}

/// One report a quarter while being observed.
fn reports(from: Date, until: Date) -> Vec<Date> {
    let quarters = (1..=MAX_REPORTS as i32).map(|q| forth(from, 3 * q));
    quarters.take_while(|day| *day < until).collect()
}

fn forth(day: Date, months: i32) -> Date {
    day.saturating_add(months.months())
}

fn back(day: Date, months: i32) -> Date {
    forth(day, -months)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    use super::{TODAY, person};
    use crate::names::check_digit;
    use crate::school::School;

    #[test]
    fn histories_keep_the_rules_all_regimes_share() {
        let school = School::for_people(3000);
        let (mut ids, mut numbers, mut stages) = (HashSet::new(), HashSet::new(), HashMap::new());
        let mut regimes = HashMap::new();
        for index in 0..3000 {
            let p = person(&school, 7, index);
            let later = |a: Option<Date>, b: Option<Date>| b.is_none() || a <= b;
            assert!(p.birth.saturating_add(18.years()) <= p.app, "18 when applying");
            assert!(later(Some(p.app), p.act) && later(p.act.map(|d| d.saturating_add(1.year())), p.dev));
            assert!(later(p.dev, p.meet) && later(p.meet, p.appr));
            assert_eq!(p.reg, p.reg.and(p.meet).map(|d| d.saturating_add(1.year())));
            assert!([p.reg, p.appr, p.meet, p.dev, p.act].iter().all(|d| d.is_none_or(|d| d <= TODAY)));
            assert!(p.reports.windows(2).all(|w| w[0] < w[1]) && p.reports.iter().all(|d| *d <= TODAY));
            assert_eq!(p.id.chars().last(), Some(check_digit(&p.id)));
            assert_eq!(&p.id[6..14], p.birth.strftime("%Y%m%d").to_string());
            assert_eq!(p.id.as_bytes()[16] % 2 == 1, p.sex == "男");
            assert!(ids.insert(p.id) && numbers.insert(p.no));
            *stages.entry(p.stage).or_insert(0) += 1;
            let regime = match p.meet {
                None => "none",
                Some(d) if d < date(2014, 5, 28) => "N1990",
                Some(d) if d < date(2026, 5, 11) => "N2014",
                Some(_) => "N2026",
            };
            *regimes.entry(regime).or_insert(0) += 1;
        }
        assert_eq!(stages.len(), 5, "{stages:?}");
        assert_eq!(regimes.len(), 4, "{regimes:?}");
        assert!(regimes.values().all(|n| *n > 90), "{regimes:?}");
    }

    #[test]
    fn a_person_does_not_depend_on_the_others() {
        let school = School::for_people(3000);
        assert_eq!(person(&school, 7, 42).id, person(&school, 7, 42).id);
        assert_ne!(person(&school, 8, 42).id, person(&school, 7, 42).id);
    }
}
