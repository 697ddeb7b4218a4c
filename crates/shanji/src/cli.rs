//! What can be said on the command line, and the help that teaches it.

mod log;

use clap::{Args, Parser, Subcommand, ValueEnum};
pub(crate) use log::{Elsewhere, LogArgs, LogGuard, LogKind, LogRecover};
use std::path::PathBuf;

const AFTER: &str = "\
退出码 / exit codes:
  0  正常，没有发现问题              fine
  1  核对发现问题（票据、日志、数据库） something is wrong
  2  命令写法不对                    usage
  3  读不到、写不了、连不上           cannot read, write or connect
  4  看懂了但不允许                  refused

例 / examples:
  shanji demo --data ./data-demo                    在本机试用
  shanji verify 凭据.tlog-proof --vkey log.vkey      离线核对一张凭据
  shanji audit https://example.org.cn/log/          核对整个公开日志
  shanji export --data ./data --format hledger --out ./账
";

/// 善迹：每一分善款都有迹可循。The traces that kindness leaves.
#[derive(Debug, Parser)]
#[command(name = "shanji", version, after_help = AFTER, propagate_version = false, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// 做什么
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Everything the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 建一个虚构的演示省并提供网页（make and serve a fictional province）
    Demo(Demo),
    /// 提供网页、接口和公开日志（serve pages, API and log）
    Serve(Serve),
    /// 把数据库升级到本程序的版本（bring the database up to this version）
    Migrate(Migrate),
    /// 导入账单、名单、登记簿（load bills, lists and registers）
    Import(Import),
    /// 导出流转、资金、捐赠和会计账（write CSV, JSON lines, hledger, Beancount）
    Export(Export),
    /// 写出开放数据：公开的全部表，签名、带摘要（write open data of the newest checkpoint, signed）
    Dump(Dump),
    /// 离线核对 .tlog-proof 凭据（check a receipt without a network）
    Verify(Verify),
    /// 生成离线核验网页，并打印它的 SHA-256（make the verify page that works offline）
    Verifier(Verifier),
    /// 核对整个公开日志，或把数据库与日志逐条对比（check a whole log, or rows against leaves）
    Audit(Audit),
    /// 生成见证人或镜像的签名密钥，用口令加密（make a signing key, sealed with a passphrase）
    Keygen(Keygen),
    /// 给公开日志做镜像：下载、逐字节核对、存成任何网站都能提供的文件（mirror a log）
    Mirror(Mirror),
    /// 监视公开日志：历史被改写、变短、签名不对、停滞、连不上时写信（watch a log and report）
    Monitor(Monitor),
    /// 为别人的日志作见证：只签与上次一致的检查点（witness the logs of others）
    Witness(WitnessArgs),
    /// 量一量速度（measure）
    Bench(Bench),
    /// 本机的日志：从镜像恢复，核对并确认守卫文件（bring this house's log back, confirm its guard）
    Log(LogArgs),
    /// 用户、角色、会话、密钥和本机体检（users, roles, sessions, keys, doctor）
    Admin(Admin),
}

/// Which house a command works on.
#[derive(Clone, Debug, Args)]
pub(crate) struct House {
    /// 数据目录：数据库、密钥和凭证文件都在这里
    #[arg(
        long,
        value_name = "DIR",
        env = "SHANJI_DATA",
        default_value = "./data",
        global = true
    )]
    pub(crate) data: PathBuf,
    /// 改用 PostgreSQL：postgres://用户@主机/库；密钥仍在数据目录
    #[arg(long, value_name = "URL", env = "SHANJI_DATABASE", global = true)]
    pub(crate) database: Option<String>,
    /// 密钥文件加了密时，从文件第一行读口令；也可放在环境变量 SHANJI_PASSPHRASE 里，都没有就在终端询问
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// `shanji demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// 演示数据放在哪里
    #[arg(
        long,
        value_name = "DIR",
        env = "SHANJI_DATA",
        default_value = "./data-demo"
    )]
    pub(crate) data: PathBuf,
    /// 监听地址
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// 清空演示数据重新来过
    #[arg(long)]
    pub(crate) reset: bool,
    /// 验证政策文件：请哪些见证人联署，几家签了凭据才算最终（tlog-policy 格式）；签名以前先与它们存着的检查点核对，数据库旧了就只读；不写就仅由本平台签名
    #[arg(long, value_name = "FILE", env = "SHANJI_WITNESS_POLICY")]
    pub(crate) witness_policy: Option<PathBuf>,
    /// 在本机另起一个演示见证人，看凭据怎样变成最终的；它与平台由同一人运行，不增加可信
    #[arg(long, conflicts_with = "witness_policy")]
    pub(crate) witness: bool,
}

/// `shanji serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) house: House,
    /// 监听地址
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// 日志的名称，像网址但不带 https://，定下后不能改；新建日志时必须写明（演示除外）
    #[arg(long, value_name = "NAME", env = "SHANJI_ORIGIN")]
    pub(crate) origin: Option<String>,
    /// 网页的公开地址，例如 https://gongyi.example.org.cn；通行密钥属于它。不写就用日志名称里的域名
    #[arg(long, value_name = "URL", env = "SHANJI_SITE")]
    pub(crate) site: Option<String>,
    /// 开启演示支付（不收真钱；正式使用时不要开）
    #[arg(long)]
    pub(crate) demo: bool,
    /// 在空的数据目录里建一个测试日志：用 POST /log/add 收任意字节，不办业务，内容不作数；建成后不能改
    #[arg(long, conflicts_with = "demo")]
    pub(crate) test_log: bool,
    /// 验证政策文件：请哪些见证人联署，几家签了凭据才算最终（tlog-policy 格式）；签名以前先与它们存着的检查点核对，数据库旧了就只读；不写就仅由本平台签名
    #[arg(long, value_name = "FILE", env = "SHANJI_WITNESS_POLICY")]
    pub(crate) witness_policy: Option<PathBuf>,
    /// 做 PDF 凭据用的中文字体文件；不写就找系统里的（fonts-noto-cjk 等）
    #[arg(long, value_name = "FILE", env = "SHANJI_FONT")]
    pub(crate) font: Option<PathBuf>,
    /// 运行日志写成 JSON
    #[arg(long)]
    pub(crate) log_json: bool,
}

/// `shanji migrate`
#[derive(Debug, Args)]
#[command(
    after_help = "例：shanji migrate --data /var/lib/shanji\n升级只向前。请先备份；服务在运行时会拒绝。"
)]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) house: House,
}

/// `shanji import`
#[derive(Debug, Args)]
#[command(
    subcommand_negates_reqs = true,
    after_help = "例：\n  shanji import 名单.csv --organisation org_… --campaign cam_… --dry-run   只看结果\n  shanji import 名单.csv --organisation org_… --campaign cam_… --rejects 退回.csv\n  shanji import 账单.csv --organisation org_… --campaign cam_… --stage   只暂存\n  shanji import list            最近的批次\n  shanji import post imp_…      入账；中途断了再来一次即可\n  shanji import undo imp_…      撤销（入账前）\n  shanji import divisions       省、市、县、乡四级区划；村级另用 --villages\n  shanji import organisations 登记簿.csv\n版式按表头自动认出。几个文件一起导入时，捐赠按到账时间合并排序。\n同一文件再导一次不会重复入账，会告诉您上次是哪一批。"
)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) house: House,
    /// 导入什么，或对已暂存的批次做什么
    #[command(subcommand)]
    pub(crate) step: Option<ImportStep>,
    /// 文件：CSV、XLSX 或 gzip，UTF-8 或 GB18030
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 收到这些款物的组织
    #[arg(long, value_name = "ID")]
    pub(crate) organisation: Option<String>,
    /// 归入的募捐活动
    #[arg(long, value_name = "ID")]
    pub(crate) campaign: Option<String>,
    /// 只看结果，什么都不写
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// 未接受的行写到这个文件，版式不变，多两列原因；几个文件时写成目录，每个文件一份
    #[arg(long, value_name = "FILE|DIR", global = true)]
    pub(crate) rejects: Option<PathBuf>,
    /// 只暂存不入账，以后用 import post 入账
    #[arg(long, global = true)]
    pub(crate) stage: bool,
    /// 输出 JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// `shanji import wuhan|organisations|divisions|post|undo|list`
#[derive(Debug, Subcommand)]
pub(crate) enum ImportStep {
    /// 武汉市红十字会2020年1月的公示名单：目录里的六个文件
    Wuhan {
        /// 目录
        dir: PathBuf,
    },
    /// 登记簿记载：每行一条，写明是哪家组织、事项、状态、起始日、决定机关和文号；重复导入不重复记载
    Register {
        /// 文件
        file: PathBuf,
    },
    /// 组织登记簿；疑似重复的只提示，不合并
    Organisations {
        /// 文件
        file: PathBuf,
    },
    /// 行政区划：省到乡随产品提供
    Divisions {
        /// 村级区划文件（code,name 两列；.xz 请先解压）
        #[arg(long, value_name = "FILE")]
        villages: Option<PathBuf>,
    },
    /// 把暂存的批次入账；几个批次一起给，捐赠按到账时间合并排序
    Post {
        /// 批次编号
        #[arg(required = true)]
        runs: Vec<String>,
    },
    /// 撤销还没有入账的批次
    Undo {
        /// 批次编号
        run: String,
    },
    /// 列出最近的批次
    List,
}

/// `shanji export`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji export --data ./data --format hledger --out ./账   然后 hledger -f ./账/shanji.journal check\n  shanji export --data ./data --format beancount --out ./账 然后 bean-check ./账/shanji.beancount\n只写公开的栏目；金额精确到分；已有的同名文件会被替换。"
)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) house: House,
    /// 写成什么
    #[arg(long, value_enum)]
    pub(crate) format: Format,
    /// 写到哪个目录
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 只要这一个组织
    #[arg(long, value_name = "ID")]
    pub(crate) organisation: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji dump`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji dump --data ./data ./开放数据\n每次写一个以检查点大小命名的目录，只依据公开日志：同一检查点，每个字节都相同；目录里已有旧的，就另写增量。运行中的服务每天自己写一份，在网页 /open 上下载。"
)]
pub(crate) struct Dump {
    #[command(flatten)]
    pub(crate) house: House,
    /// 写到哪个目录
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 逗号分隔的表格，Excel 可直接打开
    Csv,
    /// 每行一个 JSON
    Jsonl,
    /// hledger 账
    Hledger,
    /// Beancount 账
    Beancount,
}

/// Whose signature is believed.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Keys {
    /// 日志公钥（名称+编号+base64）或存有公钥的文件；可写多个
    #[arg(long = "vkey", value_name = "KEY|FILE")]
    pub(crate) vkeys: Vec<String>,
    /// 记住这次给的公钥，以后不必再写
    #[arg(long, requires = "vkeys")]
    pub(crate) remember: bool,
}

/// `shanji verify`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji verify 凭据.tlog-proof --vkey 'log.example.org.cn/gongyi+1a2b3c4d+A…'\n  shanji verify *.tlog-proof --vkey log.vkey --remember   记住公钥\n  shanji verify 凭据.tlog-proof                          以后只需这样\n公钥请从两处取得并比对：网站的 /log/vkey，以及纸质公告、监管部门或媒体等另一处。\n不联网；文件改动任何一个字节都会被拒绝并说明原因。\n退出码：0全部属实，1有不可信的，2有的没有核对成（例如签名的公钥没有给出）或命令写错，3文件读不到。"
)]
pub(crate) struct Verify {
    /// 凭据文件；也可以是证书二维码里的内容（SJ1.… 或者网址）或存着它的文件
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// 公钥历史文件（网站的 /log/vkeys）：日志换过公钥时，凭它从您的公钥认到签名的那一把
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// 验证政策文件：见证人签名达到其要求，凭据才算最终；其中 log 行的公钥就是日志的公钥（tlog-policy 格式）
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// 日志的 SM2 公钥，或者 SM2 公钥历史文件（网站的 /log/vkeys-sm2）：凭据的检查点必须也有它的签名
    #[arg(long, value_name = "KEY|FILE")]
    pub(crate) sm2_vkey: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji verifier`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji verifier shanji-verify.html --vkey 'log.example.org.cn/gongyi+1a2b3c4d+A…'\n同一版程序、同一把公钥、同一份验证政策、同一种语言，生成的文件字节完全相同：\n把打印的 SHA-256 与网站日志页上公布的比较，就知道网站给的是不是这个程序的核验页。"
)]
pub(crate) struct Verifier {
    /// 写到哪个文件
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// 日志的公钥
    #[arg(long, value_name = "VKEY")]
    pub(crate) vkey: String,
    /// 日志的公钥历史（/log/vkeys）；日志换过公钥时要写
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// 日志公布的验证政策（/log/policy）；日志没有见证人时不写
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// 网页的语言：zh-Hans、zh-Hant 或 en
    #[arg(long, value_name = "TAG", default_value = "zh-Hans")]
    pub(crate) language: String,
}

/// `shanji audit`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji audit https://example.org.cn/log/ --vkey log.vkey\n  shanji audit https://example.org.cn/log/ --keep ./留存   断了再运行，不必重新下载\n  shanji audit ./日志副本 --since 上次的检查点 --save 这次的检查点\n  shanji audit --database ./data            把每行账与日志逐条对比\n--since 用您自己保存的检查点：能发现对您改写过历史的日志。"
)]
pub(crate) struct Audit {
    /// 日志的网址或目录；有 --database 时是数据目录或 postgres:// 地址
    #[arg(value_name = "URL|DIR")]
    pub(crate) log: String,
    /// 核对数据库：每行账与它的公开陈述逐条对比
    #[arg(long)]
    pub(crate) database: bool,
    /// 数据库在 PostgreSQL 时，密钥所在的数据目录
    #[arg(long, value_name = "DIR", requires = "database")]
    pub(crate) data: Option<PathBuf>,
    /// 您以前保存的检查点文件
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    pub(crate) since: Option<PathBuf>,
    /// 没有问题时把这次的检查点存到这里，供下次 --since
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    pub(crate) save: Option<PathBuf>,
    /// 读过的文件留在这个目录：中断后用同一命令再运行，不必重新下载；内容每次都重新核对
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub(crate) keep: Option<PathBuf>,
    /// 只核对摘要、瓦片和根，不看陈述的内容；别家的日志也可核对
    #[arg(long, conflicts_with = "database")]
    pub(crate) hashes_only: bool,
    /// 只读 --since 的检查点以后的新陈述：快，但不从头核对账目，结论里会说明
    #[arg(long, requires = "since", conflicts_with_all = ["database", "hashes_only"])]
    pub(crate) only_new: bool,
    /// 日志的 SM2 公钥（从 /log/vkey-sm2 和另一处独立来源取得）：检查点必须也有它的签名
    #[arg(long, value_name = "KEY", conflicts_with = "database")]
    pub(crate) sm2_vkey: Option<tlog::Sm2Key>,
    /// 验证政策文件：也按它核对见证人的签名，其中 log 行的公钥就是日志的公钥；不给就不核对见证
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    pub(crate) policy: Option<PathBuf>,
    /// 重算日志陈述的国密摘要根；检查点有 SM2 签名的日志不加也会重算
    #[arg(long, conflicts_with_all = ["database", "hashes_only", "only_new"])]
    pub(crate) sm3: bool,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where a passphrase comes from; without any of them it is asked for at the terminal.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Passphrase {
    /// 从文件第一行读密钥的口令；也可放在环境变量 SHANJI_PASSPHRASE 里，都没有就在终端询问
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// `shanji keygen`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji keygen witness.example.org/w1 --out 见证人.key\n  shanji keygen mirror.example.org/m1 --out 镜像.key --passphrase-file 口令\n打印两行公钥：名称相同，用途不同，按用途公布其中一行。\n口令丢了没有办法找回；请把密钥文件和口令分开各备份一份。已有的文件不会被覆盖。"
)]
pub(crate) struct Keygen {
    /// 签名用的名称，像网址但不带 https://
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// 密钥写到哪个文件
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// 不加密：写成别的日志工具也能读的一行，只靠文件权限保护
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) plain: bool,
    /// 生成 SM2 密钥（SM3 摘要），签名与 Ed25519 并列：日志用，或者见证人用
    #[arg(long, value_enum, value_name = "用途")]
    pub(crate) sm2: Option<Sm2For>,
}

/// What an SM2 key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sm2For {
    /// 日志的检查点：名称用日志的来源，文件放进 keys，叫 log-sm2.key
    Log,
    /// 见证人的联署
    Witness,
}

impl From<Sm2For> for tlog::Sm2Use {
    fn from(purpose: Sm2For) -> tlog::Sm2Use {
        match purpose {
            Sm2For::Log => tlog::Sm2Use::Log,
            Sm2For::Witness => tlog::Sm2Use::Cosignature,
        }
    }
}

/// `shanji mirror`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji mirror https://example.org.cn/log/ /srv/镜像 --vkey log.vkey\n  shanji mirror https://example.org.cn/log/ /srv/镜像 --watch 60 --cosign-key 镜像.key\n  shanji audit /srv/镜像                      核对镜像里的内容\n文件核对无误才会出现；断了再来一次，从断处接着下载。\n发现日志变短或历史被改写时停下，退出码1，并把那份检查点存在 evidence 目录里。"
)]
pub(crate) struct Mirror {
    /// 日志的网址或目录
    #[arg(value_name = "URL|DIR")]
    pub(crate) log: String,
    /// 镜像存放的目录；每个日志一个子目录
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// 用这个密钥在镜像的检查点上加一行见证签名（shanji keygen 生成）；一把密钥只给一个目录用
    #[arg(long, value_name = "FILE")]
    pub(crate) cosign_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// 不停下：每隔这么多秒再看一次
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) watch: Option<u64>,
    /// 同时下载几个文件
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(crate) parallel: u8,
    /// 把已有的文件也重新核对一遍，坏的重新下载
    #[arg(long)]
    pub(crate) recheck: bool,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji monitor`
#[derive(Debug, Args)]
#[command(
    after_help = "例：\n  shanji monitor https://example.org.cn/log/ --state 监视.json --vkey log.vkey --webhook https://例子/通知\n  shanji monitor https://example.org.cn/log/ --state 监视.json --mail-to shen@example.org\n  shanji monitor https://example.org.cn/log/ --state 监视.json --once   定时任务里用，看退出码\n开始时发一封信，说明送得到；以后只在出事和恢复时发。邮件交给本机的 sendmail（postfix、msmtp 等都有）。\n--once 的退出码：0正常，1有异常，3连不上。"
)]
pub(crate) struct Monitor {
    /// 日志的网址
    #[arg(value_name = "URL")]
    pub(crate) log: String,
    /// 记住上次检查点的文件；丢了就看不出历史是否被改写
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// 用 POST 把通知（JSON）发到这个网址；可写多个
    #[arg(long = "webhook", value_name = "URL")]
    pub(crate) webhooks: Vec<String>,
    /// 把通知寄到这个邮箱；可写多个
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail_to: Vec<String>,
    /// 寄信人；不写就由 sendmail 决定
    #[arg(long, value_name = "ADDRESS", requires = "mail_to")]
    pub(crate) mail_from: Option<String>,
    /// 寄信程序，收 -t -i 两个参数
    #[arg(long, value_name = "PROGRAM", default_value = "/usr/sbin/sendmail")]
    pub(crate) sendmail: String,
    /// 每隔这么多秒看一次
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) every: u64,
    /// 这么多秒没有新的检查点就算停滞
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u64).range(60..=31_536_000))]
    pub(crate) stale: u64,
    /// 连续这么多次连不上才通知
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) misses: u8,
    /// 只看一次就结束
    #[arg(long)]
    pub(crate) once: bool,
    /// 历史被改写的事已有人处理，不再算作异常；证据仍留在状态文件里
    #[arg(long)]
    pub(crate) acknowledge: bool,
    /// 通知在屏幕上写成 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `shanji bench`
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// 量什么
    #[command(subcommand)]
    pub(crate) what: crate::bench::BenchKind,
}

/// `shanji witness`
#[derive(Debug, Args)]
#[command(
    after_help = "例：shanji witness --data /var/lib/shanji-witness --listen :8090\n目录里的 witness.toml 写见证人名称和登记的日志公钥；密钥在首次启动时生成。\n见证人须由日志运营方以外的单位运行，目录不能与善迹机构共用。"
)]
pub(crate) struct WitnessArgs {
    /// 见证人自己的目录：密钥、已签的检查点、witness.toml
    #[arg(
        long,
        value_name = "DIR",
        env = "SHANJI_WITNESS_DATA",
        default_value = "./data-witness"
    )]
    pub(crate) data: PathBuf,
    /// 设置文件；不写就用目录里的 witness.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// 签名密钥文件（shanji keygen 生成）；不写就用目录里首次启动时生成的密钥
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// 另用 SM2 并列联署的密钥文件（shanji keygen --sm2 witness 生成）
    #[arg(long, value_name = "FILE")]
    pub(crate) sm2_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// 监听地址
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub(crate) listen: String,
    /// 运行日志写成 JSON
    #[arg(long)]
    pub(crate) log_json: bool,
}

/// `shanji admin`
#[derive(Debug, Args)]
pub(crate) struct Admin {
    #[command(flatten)]
    pub(crate) house: House,
    /// 做什么
    #[command(subcommand)]
    pub(crate) what: AdminKind,
}

/// Keeping the house.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例：\n  shanji admin --data ./data user-add 王会计 --login wang < 密码文件\n  shanji admin --data ./data role-grant wang maker --organisation org_…\n  shanji admin --data ./data session-end wang\n  shanji admin --data ./data doctor"
)]
pub(crate) enum AdminKind {
    /// 发一个接口密钥：只显示一次，本机只存摘要
    ApiKey {
        /// 给谁用
        label: String,
        /// 每分钟最多问多少次
        #[arg(long, default_value_t = 6_000)]
        per_minute: u32,
    },
    /// 新增用户；密码从标准输入读一行
    UserAdd {
        /// 姓名
        name: String,
        /// 登录名
        #[arg(long)]
        login: String,
    },
    /// 给用户一个角色
    RoleGrant {
        /// 登录名
        login: String,
        /// 角色代码；写错会列出全部代码
        role: String,
        /// 在哪个组织
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
        /// 在哪个行政区划
        #[arg(long, value_name = "CODE")]
        region: Option<String>,
    },
    /// 结束用户的全部会话
    SessionEnd {
        /// 登录名
        login: String,
    },
    /// 重设用户的两步验证：手机和恢复码都丢了才用；数据库从旧备份恢复以后用 --all
    FactorReset {
        /// 登录名
        #[arg(required_unless_present = "all")]
        login: Option<String>,
        /// 所有开启了两步验证的用户，列出登录名
        #[arg(long, conflicts_with = "login")]
        all: bool,
    },
    /// 日志的签名公钥：查看、更换
    LogKey {
        /// 做什么
        #[command(subcommand)]
        what: LogKeyKind,
    },
    /// 用口令加密密钥文件；已加密的就换口令
    KeySeal {
        /// 从文件第一行读新口令；不写就在终端询问
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// 去掉密钥文件的加密，只靠文件权限保护
    KeyUnseal,
    /// 体检：磁盘落盘、密钥、数据库
    Doctor {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

/// `shanji admin log-key`
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例：\n  shanji admin --data ./data log-key list\n  shanji admin --data ./data log-key rotate                     30天后启用，再并用90天\n  shanji admin --data ./data log-key rotate --from 2027-01-01 --until 2027-03-31\n  shanji admin --data ./data log-key rotate --compromised       旧密钥可能被盗：立即停用\n服务要先停下；办完再启动。新公钥请同时在网站以外公布（纸质公告、监管部门、媒体）。"
)]
pub(crate) enum LogKeyKind {
    /// 列出日志的公钥，哪把在用
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 生成新密钥，在日志里公布，按期启用
    Rotate {
        /// 新公钥从哪天起签名；不写就是30天后
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// 旧公钥并用到哪天；不写就是启用后90天
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
        /// 旧密钥可能被盗：新公钥立即启用，旧公钥立即停用
        #[arg(long, conflicts_with_all = ["from", "until"])]
        compromised: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[track_caller]
    fn check(line: &str, understood: bool) {
        let parsed = Cli::try_parse_from(line.split(' '));
        assert_eq!(parsed.is_ok(), understood, "{line}: {parsed:?}");
    }

    #[test]
    fn what_the_documents_say_is_understood() {
        check("shanji demo --data d --listen 127.0.0.1:9 --reset", true);
        check("shanji serve --witness-policy policy.txt", true);
        check("shanji serve --database postgres://x/y --listen :1", true);
        check("shanji migrate", true);
        check(
            "shanji import a.csv b.csv --organisation org_1 --campaign cam_1 --dry-run --rejects r.csv",
            true,
        );
        check("shanji import post imp_1 imp_2 --data d", true);
        check("shanji import --data d undo imp_1 --json", true);
        check("shanji import wuhan folder --data d", true);
        check("shanji import organisations f.csv.gz --stage", true);
        check("shanji import divisions --villages v.csv", true);
        check("shanji import list --json", true);
        check("shanji import post", false);
        check("shanji import", false);
        check(
            "shanji export --format hledger --out o --organisation org_1",
            true,
        );
        check("shanji export --format excel --out o", false);
        check(
            "shanji verify a.tlog-proof b.tlog-proof --vkey k --remember",
            true,
        );
        check("shanji verify a.tlog-proof --remember", false);
        check("shanji verify", false);
        check("shanji verifier page.html --vkey k --language en", true);
        check(
            "shanji verifier page.html --vkey k --policy policy.txt",
            true,
        );
        check("shanji verifier --vkey k", false);
        check(
            "shanji audit http://127.0.0.1:8080/log/ --since c --save d --json",
            true,
        );
        check("shanji audit ./mirror --hashes-only", true);
        check("shanji audit ./mirror --since c --only-new", true);
        check("shanji audit ./mirror --only-new", false);
        check("shanji audit --database ./data", true);
        check("shanji audit --database ./data --since c", false);
        check(
            "shanji witness --data w --config c --listen :1 --log-json",
            true,
        );
        check(
            "shanji mirror http://127.0.0.1:8080/log/ m --vkey k --cosign-key c --watch 60 --parallel 8 --recheck",
            true,
        );
        check(
            "shanji keygen w.example/1 --out f --passphrase-file p",
            true,
        );
        check("shanji keygen w.example/1 --out f --plain", true);
        check("shanji keygen w.example/1", false);
        check("shanji witness --data w --key k --passphrase-file p", true);
        check("shanji mirror http://127.0.0.1:8080/log/", false);
        check("shanji mirror u d --watch 0", false);
        check(
            "shanji monitor u --state s --vkey k --webhook http://x/y --mail-to a@b --mail-from c@d --every 5 --stale 600 --misses 2 --once --json",
            true,
        );
        check("shanji monitor u", false);
        check("shanji monitor u --state s --mail-from c@d", false);
        check("shanji bench intake", true);
        check("shanji bench trace --gifts 5", true);
    }

    #[test]
    fn what_the_documents_say_of_keeping_the_house_is_understood() {
        check("shanji log recover --data d mirror --json", true);
        check("shanji log recover", false);
        check("shanji admin --data d doctor", true);
        check("shanji admin --data d log-key list --json", true);
        check(
            "shanji admin log-key rotate --from 2027-01-01 --until 2027-03-31",
            true,
        );
        check("shanji admin log-key rotate --compromised", true);
        check(
            "shanji admin log-key rotate --compromised --from 2027-01-01",
            false,
        );
        check("shanji admin key-seal --new-passphrase-file p", true);
        check("shanji admin --passphrase-file p key-unseal", true);
        check("shanji serve --passphrase-file p", true);
        check("shanji verify a.tlog-proof --vkey k --history vkeys", true);
        check("shanji admin user-add 王会计 --login wang", true);
        check("shanji admin factor-reset wang", true);
    }
}
