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
    /// 每种公开网页要多久（how long each public page takes）
    Pages(Pages),
    /// 反复在满负荷时强行终止服务，看有没有丢一笔（kill -9 in a loop）
    #[command(hide = true)]
    Crash(Crash),
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
