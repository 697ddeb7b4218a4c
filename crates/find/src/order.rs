//! 〔按拼音排列〕 How names stand in lists: by the sounds of their characters, as dictionaries and telephone books do it.

use crate::fold::folded;
use crate::limits::NAME_CHARS_MAX;
use crate::sound::reading;

/// Behind the sounds, before the name itself; smaller than whatever a name is made of.
const THEN: char = '\t';

/// Places whose first character has another reading than the one it has most often.
const PLACES: [(&str, &str); 7] = [
    ("重庆", "chong qing "),
    ("厦门", "xia men "),
    ("长春", "chang chun "),
    ("长沙", "chang sha "),
    ("长江", "chang jiang "),
    ("长治", "chang zhi "),
    ("成都", "cheng du "),
];

/// The key by which a name stands in a list: the readings of its characters with a blank behind each, then the folded
/// name, so that what sounds alike stands together character by character. Letters and digits stand for themselves and
/// come before characters with equal beginnings; keys are compared byte by byte.
///
/// It depends on the name alone, never on other names of a list.
#[must_use]
pub fn sort_key(name: &str) -> String {
    let folded = folded(name, NAME_CHARS_MAX);
    let mut key = String::with_capacity(folded.len() * 8);
    let mut at = 0;
    while let Some(rest) = folded.get(at..).filter(|rest| !rest.is_empty()) {
        let place = PLACES.iter().find(|(place, _)| {
            let mut chars = place.chars().enumerate();
            chars.all(|(n, c)| rest.get(n) == Some(&c))
        });
        if let Some((place, sounds)) = place {
            key.push_str(sounds);
            at += place.chars().count();
            continue;
        }
        if let Some(c) = rest.first() {
            match reading(*c) {
                Some(sound) => {
                    key.push_str(&sound);
                    key.push(' ');
                }
                None => key.push(*c),
            }
        }
        at += 1;
    }
    key.push(THEN);
    key.extend(folded);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;
    use proptest::prelude::*;

    #[test]
    fn names_stand_as_they_sound() {
        let names = [
            "安平县慈善总会",
            "北京市慈善协会",
            "长沙市慈善会",
            "成都市慈善总会",
            "重庆市慈善总会",
            "江城市慈善总会",
            "上海市慈善基金会",
            "厦门市慈善总会",
            "云山省慈善总会",
        ];
        let mut sorted = names;
        sorted.sort_by_key(|name| sort_key(name));
        assert_eq!(sorted, names);
    }

    #[test]
    fn the_same_sound_goes_on_with_the_characters() {
        let mut names = ["石山会", "十山会", "石山会", "十上会"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["十山会", "石山会", "石山会", "十上会"]);
    }

    #[test]
    fn scripts_and_widths_do_not_part_names() {
        let sounds = |name: &str| sort_key(name).split(THEN).next().map(str::to_owned);
        assert_eq!(sounds("慈濟會"), sounds("慈济会"));
        assert_eq!(sounds("ＡＢＣ会"), sounds("abc会"));
        assert_eq!(sort_key(""), "\t");
    }

    proptest! {
        #[test]
        fn equal_names_have_equal_keys_and_keys_tell_folded_names_apart(
            one in "[一-龥a-z0-9]{0,8}", other in "[一-龥a-z0-9]{0,8}",
        ) {
            prop_assert_eq!(sort_key(&one), sort_key(&one));
            prop_assert_eq!(sort_key(&one) == sort_key(&other), fold(&one, NAME_CHARS_MAX) == fold(&other, NAME_CHARS_MAX));
        }
    }
}
