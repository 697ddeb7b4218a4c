//! What `shanji bench` can be asked.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What is measured.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchKind {
    /// 每秒经 HTTP 落盘多少笔捐赠（durable gifts per second through HTTP）
    Intake(Intake),
    /// 追踪一笔捐赠要多久（how long a trace takes）
    Trace(Trace),
    /// 在九十万个名称里查找要多久（how fast names are found）
    Search(Search),
    /// 九十万家组织的登记簿：导入、查找、查某一天（a register of organisations）
    Register(Register),
    /// 每种公开网页要多久（how long each public page takes）
    Pages(Pages),
    /// 日志每秒收多少条、多久公布、每秒给多少份证明（the log alone: entries, latency, proofs）
    Log(Log),
    /// 反复在满负荷时强行终止服务，看有没有丢一笔（kill -9 in a loop）
    #[command(hide = true)]
    Crash(Crash),
    /// 让每一个文件和数据库的系统调用各失败一次，看有没有丢一条（strace fault matrix）
    #[command(hide = true)]
    Faults(Faults),
}

/// Where a bench builds its throw-away house.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Where {
    /// 在哪个目录建库（应为空）；不写就用临时目录，量完删掉
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 改用 PostgreSQL：一个空库的地址
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// `shanji bench intake`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji bench intake\n  shanji bench intake --algorithm rsa --clients 256\n  shanji bench intake --duplicates 10 --funds 100 --database postgres://…\n客户端与服务端在同一台机器上；签名在计时之前做好，验签算在计时之内。"
)]
pub(crate) struct Intake {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 送多少笔
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) gifts: u32,
    /// 同时多少个连接
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    pub(crate) clients: u32,
    /// 另外重复送百分之几
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) duplicates: u32,
    /// 通知用什么签名
    #[arg(long, value_enum, default_value_t = Algorithm::Ed25519)]
    pub(crate) algorithm: Algorithm,
    /// 捐给几个活动（每个活动两份资金）
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) funds: u32,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How notices are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Algorithm {
    /// Ed25519
    Ed25519,
    /// RSA-2048，SHA-256
    Rsa,
}

/// `shanji bench trace`
#[derive(Debug, Args)]
#[command(after_help = "例：\n  shanji bench trace\n  shanji bench trace --gifts 10000")]
pub(crate) struct Trace {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 先记多少笔
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    pub(crate) gifts: u32,
    /// 追踪多少次
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) traces: u32,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench search`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji bench search\n  shanji bench search --names 100000 --house 0\n名称是按固定种子编出来的，每次都一样。"
)]
pub(crate) struct Search {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 编多少个名称
    #[arg(long, default_value_t = 900_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) names: u32,
    /// 每一类问多少次
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) questions: u32,
    /// 经 HTTP 的那个库登记多少个名称；0 就不测 HTTP
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) house: u32,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench register`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji bench register\n  shanji bench register --organisations 100000\n组织是按固定种子编出来的，每次都一样；--beside 先导入真实的登记册文件，让两者并存。"
)]
pub(crate) struct Register {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 编多少家组织
    #[arg(long, default_value_t = 900_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) organisations: u32,
    /// 每一类问多少次
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) questions: u32,
    /// 先导入这些真实的登记册文件
    #[arg(long, value_name = "FILE")]
    pub(crate) beside: Vec<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench pages`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji bench pages\n  shanji bench pages --gifts 1000000\n量的是服务端的时间；在浏览器里的时间见 e2e/run speed lighthouse。"
)]
pub(crate) struct Pages {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 先记多少笔
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    pub(crate) gifts: u32,
    /// 每页问多少次
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) times: u32,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench crash`
#[derive(Debug, Args)]
pub(crate) struct Crash {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 几轮
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rounds: u32,
    /// 什么时候终止由它决定；不写就随机，并打印出来
    #[arg(long)]
    pub(crate) seed: Option<u64>,
}

/// `shanji bench log`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji bench log\n  shanji bench log --entries 1000000 --rounds 5\n在真实的数据库文件上建一个测试日志，每条250字节，每次落盘都等磁盘；同一进程内量，不经 HTTP。"
)]
pub(crate) struct Log {
    #[command(flatten)]
    pub(crate) place: Where,
    /// 每轮写多少条
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) entries: u32,
    /// 几轮，取中位数
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) rounds: u32,
    /// 按每秒一千条写多少秒
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub(crate) seconds: u32,
    /// 每轮给多少份证明
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) proofs: u32,
    /// 只量，不与标准比：退出码总是0
    #[arg(long)]
    pub(crate) no_bars: bool,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench faults`
#[derive(Debug, Args)]
pub(crate) struct Faults {
    /// 写什么：捐赠（正式日志）或任意字节（测试日志）
    #[arg(long, value_enum, default_value_t = Written::Gifts)]
    pub(crate) written: Written,
    /// 每个系统调用最多试几处；多出的均匀抽取
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) most: u32,
    /// 只试这些系统调用
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// 同时试几个；给了 --database 时总是一个接一个
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) parallel: u32,
    /// 在这个空的 PostgreSQL 上：服务进程在与数据库往来、写守卫文件的每一步被强行终止
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// 改为让数据库服务自己的文件调用出错：它的 postmaster.pid；这个数据库服务要专供测试
    #[arg(long, value_name = "FILE", requires_all = ["database", "cluster_restart"])]
    pub(crate) cluster_pid: Option<std::path::PathBuf>,
    /// 立即停掉、再从磁盘启动这个数据库服务的命令
    #[arg(long, value_name = "COMMAND", requires = "cluster_pid")]
    pub(crate) cluster_restart: Option<String>,
}

/// What the fault matrix writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// 捐赠：行、陈述、索引
    Gifts,
    /// 任意字节：POST /log/add
    Entries,
    /// 很长的任意字节：写前日志也要折回数据库文件
    Long,
}
