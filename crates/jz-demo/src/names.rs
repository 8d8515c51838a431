//! Names, identity numbers and telephone numbers that belong to nobody.
//!
//! Identity numbers start with 99, which is no province. Telephone numbers start with
//! 154, which is given to no operator. Names are put together by chance.

use jiff::civil::Date;

use crate::rng::Rng;

#[rustfmt::skip]
const SURNAMES: &[&str] = &[
    "赵","钱","孙","李","周","吴","郑","王","冯","陈","褚","卫","蒋","沈","韩","杨","朱","秦","尤","许",
    "何","吕","施","张","孔","曹","严","华","金","魏","陶","姜","戚","谢","邹","喻","柏","水","窦","章",
    "云","苏","潘","葛","奚","范","彭","郎","鲁","韦","昌","马","苗","凤","花","方","俞","任","袁","柳",
    "酆","鲍","史","唐","费","廉","岑","薛","雷","贺","倪","汤","滕","殷","罗","毕","郝","邬","安","常",
    "乐","于","时","傅","皮","卞","齐","康","伍","余","元","卜","顾","孟","平","黄","和","穆","萧","尹",
    "欧阳","司马","上官","诸葛","闻人","东方","皇甫","尉迟","公孙","慕容","令狐","南宫",
];

#[rustfmt::skip]
const GIVEN: &[&str] = &[
    "安","柏","宝","碧","斌","波","灿","畅","超","辰","晨","诚","承","驰","楚","传","春","聪","丹","道",
    "德","迪","栋","端","恩","凡","芳","飞","菲","斐","丰","峰","凤","福","甫","刚","歌","耕","冠","光",
    "桂","国","海","涵","瀚","航","皓","禾","荷","恒","弘","虹","华","欢","焕","惠","慧","骥","佳","嘉",
    "坚","建","健","江","杰","洁","捷","瑾","京","晶","景","静","菁","娟","珏","军","俊","君","钧","骏",
    "凯","楷","珂","可","坤","兰","岚","朗","磊","蕾","黎","立","丽","莉","励","莲","良","亮","琳","霖",
    "凌","铃","龙","璐","露","伦","萌","梦","苗","敏","明","鸣","铭","默","沐","穆","宁","培","沛","朋",
    "鹏","平","萍","其","奇","琪","琦","启","千","谦","乾","倩","青","清","晴","庆","琼","秋","泉","群",
    "然","仁","荣","容","榕","蓉","如","茹","锐","瑞","睿","润","若","森","珊","善","尚","绍","深","生",
    "声","胜","诗","石","时","舒","淑","树","爽","硕","思","松","嵩","素","涛","天","恬","婷","庭","桐",
    "童","彤","维","伟","玮","炜","文","雯","武","西","熙","曦","霞","夏","贤","娴","祥","翔","晓","笑",
    "欣","新","馨","星","行","秀","旭","轩","萱","璇","雪","勋","雅","言","彦","艳","燕","阳","洋","遥",
    "瑶","烨","怡","仪","宜","艺","奕","毅","逸","英","莹","颖","永","咏","勇","悠","友","宇","羽","雨",
    "玉","育","钰","毓","元","远","悦","越","云","芸","韵","泽","展","昭","哲","真","珍","振","峥","正",
    "知","芝","志","致","智","中","洲","竹","卓","子","梓","紫","宗","祖",
];

const UYGHUR: &[&str] = &[
    "阿依古丽",
    "买买提",
    "吐尔逊",
    "古丽娜尔",
    "艾力",
    "帕提古丽",
    "热合曼",
    "阿布都拉",
    "努尔兰",
    "迪丽达",
];

/// A name; peoples with other customs get theirs.
pub(crate) fn name(rng: &mut Rng, ethnicity: &str) -> String {
    if ethnicity == "维吾尔族" {
        return format!("{}·{}", rng.pick(UYGHUR), rng.pick(UYGHUR));
    }
    let surname = rng.pick(SURNAMES);
    let first = rng.pick(GIVEN);
    let second = if rng.chance(22) { "" } else { rng.pick(GIVEN) };
    format!("{surname}{first}{second}")
}

/// An identity number, different for every `index` below a million.
pub(crate) fn id_no(index: usize, birth: Date, male: bool, rng: &mut Rng) -> String {
    let area = (index * 7919) % 10_000;
    let round = (index / 10_000) % 100;
    let order = 2 * round + usize::from(male) + 200 * rng.below(4);
    let (y, m, d) = (birth.year(), birth.month(), birth.day());
    let body = format!("99{area:04}{y:04}{m:02}{d:02}{order:03}");
    let check = check_digit(&body);
    format!("{body}{check}")
}

/// The last character of an identity number (GB 11643) for its first seventeen digits.
pub(crate) fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(d, w)| d * w).sum();
    "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('X')
}

/// A telephone number, different for every `index` below a hundred million.
pub(crate) fn phone(index: usize) -> String {
    format!("154{:08}", (index as u64 * 61_803_399 + 10_000_000) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::{check_digit, id_no, phone};
    use crate::rng::{Rng, Stream};

    #[test]
    fn check_digits_follow_the_standard() {
        for id in ["11010519491231002X", "440524188001010014", "110101200402290017"] {
            assert_eq!(id.chars().last(), Some(check_digit(id)), "{id}");
        }
    }

    #[test]
    fn numbers_do_not_repeat() {
        let mut rng = Rng::of(1, Stream::Person, 0);
        let (mut ids, mut phones) = (HashSet::new(), HashSet::new());
        // Steps of 37 cover the range up to a million with all remainders.
        for index in (0..1_000_000).step_by(37) {
            let id = id_no(index, date(2001, 2, 3), index % 2 == 0, &mut rng);
            assert!(id.starts_with("99") && id.len() == 18);
            assert!(ids.insert(id));
            assert!(phones.insert(phone(index)));
        }
    }
}
