//! How surnames are read.
//!
//! A general dictionary lists the everyday reading first (单 dān, 解 jiě, 曾
//! céng), but as surnames these characters have a reading of their own. The
//! table holds the surnames in use today whose reading a dictionary does not
//! put first, or puts beside others; where two readings are in use, the more
//! common one is first. Readings are facts of the language, without tones.

/// Surnames of one character.
#[rustfmt::skip]
static SINGLE: &[(char, &[&str])] = &[
    ('万', &["wan"]), ('不', &["fou"]), ('乐', &["yue", "le"]), ('乜', &["nie"]), ('么', &["yao"]),
    ('亓', &["qi"]), ('仇', &["qiu"]), ('任', &["ren"]), ('佴', &["nai"]),
    ('俞', &["yu"]), ('冼', &["xian"]), ('勾', &["gou"]), ('区', &["ou"]),
    ('华', &["hua"]), ('单', &["shan"]), ('卜', &["bu"]), ('占', &["zhan"]), ('厍', &["she"]),
    ('句', &["gou", "ju"]), ('召', &["shao"]), ('叶', &["ye"]), ('员', &["yun", "yuan"]), ('哈', &["ha"]),
    ('奇', &["qi"]),
    ('宁', &["ning"]), ('宓', &["mi", "fu"]), ('宿', &["su"]), ('尉', &["wei", "yu"]), 
    ('居', &["ju"]), ('干', &["gan"]), ('幺', &["yao"]), ('应', &["ying"]), ('强', &["qiang"]),
    ('恽', &["yun"]), ('折', &["she"]), ('拓', &["tuo"]),
    ('撒', &["sa"]), ('於', &["yu"]), ('晁', &["chao"]),
    ('曲', &["qu"]), ('曾', &["zeng"]), ('朴', &["piao", "pu"]), ('查', &["zha"]),
    ('柏', &["bai", "bo"]), ('桓', &["huan"]), ('殷', &["yin"]), ('殳', &["shu"]), ('汤', &["tang"]),
    ('沈', &["shen"]), ('洗', &["xian"]), ('洪', &["hong"]), ('炅', &["gui"]), ('燕', &["yan"]),
    ('牟', &["mou", "mu"]), ('璩', &["qu"]), ('甄', &["zhen"]), ('盖', &["ge", "gai"]), ('盛', &["sheng"]),
    ('相', &["xiang"]), ('眭', &["sui"]), ('瞿', &["qu"]), ('石', &["shi"]), ('祭', &["zhai"]),
    ('秘', &["bi", "mi"]), ('种', &["chong"]), ('笪', &["da"]), ('粘', &["nian"]), ('糜', &["mi"]),
    ('繁', &["po", "fan"]), ('纪', &["ji"]), ('缪', &["miao"]), ('缴', &["jiao"]), ('翟', &["zhai", "di"]),
    ('能', &["nai", "neng"]), ('臧', &["zang"]), ('艾', &["ai"]), ('莘', &["shen", "xin"]), ('葛', &["ge"]),
    ('薄', &["bo"]), ('藉', &["ji"]), ('藏', &["zang"]), ('行', &["xing"]), ('褚', &["chu"]),
    ('覃', &["qin", "tan"]), ('解', &["xie"]), ('訾', &["zi"]), ('谌', &["chen", "shen"]), ('谷', &["gu"]),
    ('贲', &["ben"]), ('费', &["fei", "bi"]), ('贾', &["jia"]), ('车', &["che"]), ('过', &["guo"]),
    ('适', &["kuo"]), ('逄', &["pang"]), ('那', &["na"]), ('邢', &["xing"]), ('邰', &["tai"]),
    ('郄', &["qie", "xi"]), ('郇', &["xun", "huan"]), ('郗', &["xi", "chi"]), ('都', &["du"]),
    ('重', &["chong"]), ('钭', &["tou"]), ('长', &["zhang", "chang"]), ('阚', &["kan"]), ('阿', &["a"]),
    ('隗', &["wei", "kui"]), ('隽', &["juan"]), ('鲜', &["xian"]), ('黑', &["he", "hei"]), ('昝', &["zan"]),
    ('余', &["yu"]), ('佘', &["she"]), ('嬴', &["ying"]), ('南', &["nan"]), ('家', &["jia"]),
];

/// Surnames of two characters that are not read like their characters.
#[rustfmt::skip]
static DOUBLE: &[(&str, [&str; 2])] = &[
    ("万俟", ["mo", "qi"]), ("乐正", ["yue", "zheng"]), ("令狐", ["ling", "hu"]), ("公冶", ["gong", "ye"]),
    ("单于", ["chan", "yu"]), ("叱干", ["chi", "gan"]), ("夹谷", ["jia", "gu"]), ("太叔", ["tai", "shu"]),
    ("宰父", ["zai", "fu"]), ("尉迟", ["yu", "chi"]), ("拓跋", ["tuo", "ba"]), ("段干", ["duan", "gan"]),
    ("淳于", ["chun", "yu"]), ("澹台", ["tan", "tai"]), ("申屠", ["shen", "tu"]), ("皇甫", ["huang", "fu"]),
    ("相里", ["xiang", "li"]), ("诸葛", ["zhu", "ge"]), ("谷梁", ["gu", "liang"]), ("长孙", ["zhang", "sun"]),
    ("颛孙", ["zhuan", "sun"]), ("鲜于", ["xian", "yu"]), ("亓官", ["qi", "guan"]), ("宇文", ["yu", "wen"]),
    ("夏侯", ["xia", "hou"]), ("南宫", ["nan", "gong"]), ("钟离", ["zhong", "li"]), ("百里", ["bai", "li"]),
];

/// The readings of a surname of one character, the usual one first.
pub(crate) fn single(c: char) -> Option<&'static [&'static str]> {
    SINGLE.iter().find(|(s, _)| *s == c).map(|(_, readings)| *readings)
}

/// The reading of a surname of two characters. Two characters alone are surname and given name.
pub(crate) fn double(name: &[char]) -> Option<[&'static str; 2]> {
    let [a, b, _, ..] = name else { return None };
    let is = |text: &str| text.chars().eq([*a, *b]);
    DOUBLE.iter().find(|(s, _)| is(s)).map(|(_, readings)| *readings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_sound() {
        let singles: HashSet<char> = SINGLE.iter().map(|(c, _)| *c).collect();
        assert_eq!(singles.len(), SINGLE.len(), "no surname twice");
        let doubles: HashSet<&str> = DOUBLE.iter().map(|(s, _)| *s).collect();
        assert_eq!(doubles.len(), DOUBLE.len());
        let readings =
            SINGLE.iter().flat_map(|(_, r)| r.iter()).chain(DOUBLE.iter().flat_map(|(_, r)| r.iter()));
        for reading in readings {
            assert!(reading.bytes().all(|b| b.is_ascii_lowercase()), "{reading}");
        }
        for (surname, _) in DOUBLE {
            assert_eq!(surname.chars().count(), 2, "{surname}");
            assert_eq!(crate::fold_text(surname), *surname, "keys are made from folded names");
        }
        assert!(SINGLE.iter().all(|(_, readings)| !readings.is_empty()));
    }
}
