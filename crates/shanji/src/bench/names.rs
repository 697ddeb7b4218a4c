//! Names of organisations that do not exist: as long and as alike as real ones, the same for the same seed.

/// Places, from the whole country down to the county.
const PLACES: &str = "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 内蒙古 广西 西藏 宁夏 新疆 武汉市 杭州市 广州市 深圳市 成都市 西安市 南京市 长沙市 郑州市 济南市 青岛市 大连市 厦门市 苏州市 无锡市 宁波市 合肥市 昆明市 贵阳市 南宁市 兰州市 长乐区 重阳县 石门县 云梦县 黄冈市 宜昌市 襄阳市 荆州市 十堰市 孝感市 咸宁市 随州市 恩施州";
/// First characters of a name of one's own.
const FIRST: &str = "爱 德 仁 善 慈 博 同 心 新 阳 光 明 星 春 晖 晨 曦 和 平 福 寿 康 乐 安 宁 永 恒 远 志 诚 信 义 礼 智 文 华 国 民 天 地 海 山 江 河 林 木 金 玉 石 水 火 东 西 南 北 中 正 大 小 红 绿 蓝 白 青 云 月 日 风 雨 雪 花 草 禾 谷 稻 麦 泉 溪 桥 路 灯 塔 舟 帆 翼 飞 鹏 凤 龙 马 牛 羊";
/// What it is for.
const PURPOSES: &str = "助学 教育 扶贫 助残 养老 敬老 儿童 妇女 青少年 医疗 健康 环保 生态 文化 艺术 体育 科技 救灾 应急 社区 社会工作 志愿服务 法律援助 乡村振兴 就业创业 心理健康 听力康复 罕见病关爱 自闭症关爱 留守儿童关爱 残疾人服务 老年人服务 退役军人关爱 公益 慈善 商业 建筑业 物流 餐饮 计算机 书法 摄影 钓鱼 围棋 太极拳 校友";
/// What it is.
const FORMS: &str = "协会 基金会 促进会 服务中心 慈善总会 联合会 商会 学会 研究会 红十字会 志愿者协会 公益服务中心 发展中心 校友会 联谊会 福利院 培训学校 幼儿园 研究院 俱乐部";

/// 〔假名册〕 Makes names one after the other.
#[derive(Debug)]
pub(super) struct Names {
    state: u64,
    places: Vec<&'static str>,
    first: Vec<&'static str>,
    purposes: Vec<&'static str>,
    forms: Vec<&'static str>,
}

impl Names {
    /// The same seed gives the same names.
    pub(super) fn new(seed: u64) -> Names {
        let words = |text: &'static str| text.split(' ').collect();
        Names {
            state: seed,
            places: words(PLACES),
            first: words(FIRST),
            purposes: words(PURPOSES),
            forms: words(FORMS),
        }
    }

    /// A number below `limit`: splitmix64.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(mixed % limit).unwrap_or_default()
    }

    fn pick(&mut self, words: fn(&Names) -> &Vec<&'static str>) -> &'static str {
        let count = words(self).len();
        let place = self.below(count);
        words(self)[place]
    }

    /// The next name: place, often a smaller place, a name of its own, purpose, form.
    pub(super) fn next(&mut self) -> String {
        let mut name = String::from(self.pick(|n| &n.places));
        if self.below(3) == 0 {
            name.push_str(self.pick(|n| &n.places));
        }
        for _ in 0..2 + self.below(2) {
            name.push_str(self.pick(|n| &n.first));
        }
        name.push_str(self.pick(|n| &n.purposes));
        name.push_str(self.pick(|n| &n.forms));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_register() {
        let names = |seed| {
            let mut names = Names::new(seed);
            (0..2_000).map(|_| names.next()).collect::<Vec<_>>()
        };
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
        let characters: usize = names(1).iter().map(|name| name.chars().count()).sum();
        assert!((11..14).contains(&(characters / 2_000)), "{characters}");
    }
}
