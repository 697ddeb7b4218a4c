//! `shanji log`: keeping the log of this house.

use super::House;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `shanji log`
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(crate) house: House,
    /// 做什么
    #[command(subcommand)]
    pub(crate) what: LogKind,
}

/// Keeping the log of this house.
#[derive(Debug, Subcommand)]
pub(crate) enum LogKind {
    /// 恢复的备份比守卫文件旧、或者数据库没有了时，从镜像补齐丢失的陈述，重建公开的记录，然后才能再签名
    Recover(LogRecover),
    /// 守卫文件不在、服务只读时：显示数据库签到哪里，与见证人和存下的检查点核对，由人确认后写好守卫文件
    Guard(LogGuard),
}

/// Where else checkpoints of this log are kept.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Elsewhere {
    /// 别处存下的检查点或凭据（本日志的密钥签过的），可以写几次：必须正好包含它们
    #[arg(long, value_name = "FILE")]
    pub(crate) at_least: Vec<PathBuf>,
    /// 验证政策文件：向其中每家见证人取它存着的检查点核对
    #[arg(long, value_name = "FILE", env = "SHANJI_WITNESS_POLICY")]
    pub(crate) witness_policy: Option<PathBuf>,
}

/// `shanji log recover`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji log recover --data /var/lib/shanji /srv/镜像\n  shanji log recover --data /var/lib/shanji https://mirror.example.org/… --witness-policy /etc/shanji/policy.txt\n服务要先停下。每条陈述都与已签名的检查点核对；任何一处不符就什么也不改。断了再来一次即可。\n守卫文件（log.guard）也没有了的，谁也不知道镜像是不是最新的：请再给 --witness-policy 或 --at-least，镜像比它们旧就拒绝；两样都没有，要由人用 --confirm 确认。\n捐赠人姓名、留言、支付单号和经办人不在日志里，补不回来；公开文字只有承诺，认得出的补上，其余遗失。命令会逐项列出，并说明要怎样办。\n测试日志的内容不作数，照原样补回。"
)]
pub(crate) struct LogRecover {
    /// 镜像的目录或网址（shanji mirror 做的，或任何一份完整的日志）
    #[arg(value_name = "URL|DIR")]
    pub(crate) mirror: String,
    /// 在别处找到的公开文字，每行一个 JSON：{"leaf":12,"field":"title","value":"…"}；与承诺不符的不采用
    #[arg(long, value_name = "FILE")]
    pub(crate) words: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) elsewhere: Elsewhere,
    /// 没有守卫文件，也没有别的凭证时：由人确认这份镜像就是最新的，写出它的条数
    #[arg(long, value_name = "SIZE")]
    pub(crate) confirm: Option<i64>,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji log guard`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji log guard --data /var/lib/shanji --witness-policy /etc/shanji/policy.txt\n  shanji log guard --data /var/lib/shanji --at-least 存下的checkpoint --confirm 3296\n服务要先停下。守卫文件记着最后一次签过的检查点；它不在时，数据库也许是旧备份，再签名就是两份历史。\n先不写 --confirm 运行一次，核对条数和根；确定它就是最后签过的，再照显示的条数写 --confirm。\n见证人或存下的检查点比数据库新的，不能确认，请换最新的数据库，或用 shanji log recover 从镜像补回。"
)]
pub(crate) struct LogGuard {
    #[command(flatten)]
    pub(crate) elsewhere: Elsewhere,
    /// 由人确认数据库就是最新的，写出它签到的条数，然后写好守卫文件
    #[arg(long, value_name = "SIZE")]
    pub(crate) confirm: Option<i64>,
}
