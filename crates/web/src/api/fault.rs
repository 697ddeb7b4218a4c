//! What a machine can do wrong, each with a stable code and one sentence that says what to do.
//!
//! Faults of the house itself come as [`AppError`]; the others are found before it is asked.
//! Which status a fault has is said in `error.rs` and nowhere else.

use app::AppError;
use gateway::evidence::EvidenceRefused;
use gateway::payment::NoticeRefused;
use kernel::ParseIdError;

/// One thing wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldFault {
    /// Where it stands in the body, for example `evidence[0].sha256`.
    pub(crate) field: String,
    /// Stable code.
    pub(crate) code: &'static str,
    /// One plain Chinese sentence with what to do.
    pub(crate) sentence: String,
}

/// 〔请求差错〕 Why a request has no answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The house said no.
    House(AppError),
    /// A payment notice is not believed.
    Notice(NoticeRefused),
    /// A file is not taken as evidence.
    Evidence(EvidenceRefused),
    /// A printed number that is none of this kind: what it should be, and why it is not.
    Number(&'static str, ParseIdError),
    /// `Authorization` is absent or names a session that has ended.
    SessionUnknown,
    /// `Authorization` is there and not `Bearer` with a token.
    BearerMalformed,
    /// `Idempotency-Key` is absent.
    KeyRequired,
    /// `Idempotency-Key` has the wrong form.
    KeyMalformed,
    /// More bytes than this door takes.
    TooLarge(usize),
    /// The body broke off.
    BodyBroken,
    /// `Content-Type` is not what this door takes.
    MediaType(&'static str),
    /// Not JSON: line and column where reading stopped.
    Json(usize, usize),
    /// JSON of another shape, or fields that are wrong.
    Fields(Vec<FieldFault>),
    /// The part of the address behind `?` cannot be read.
    Query,
    /// No checkpoint covers the record yet.
    NotSealed,
    /// A file that was taken down: the moment and the reason.
    Withdrawn(String, String),
    /// Too many attempts; try again after so many seconds.
    TooMany(u32),
    /// More questions than this address or key may ask; try again after so many seconds.
    TooFast(u32),
    /// `X-Api-Key` is absent where it is needed, or nobody was given this key.
    ApiKeyUnknown,
    /// No such address.
    Route,
    /// The address exists, the method does not.
    Method,
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        Fault::House(error)
    }
}

impl Fault {
    /// One field is wrong.
    pub(crate) fn field(
        field: impl Into<String>,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> Fault {
        Fault::Fields(vec![FieldFault {
            field: field.into(),
            code,
            sentence: sentence.into(),
        }])
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::House(error) => house_code(error),
            Fault::Notice(refused) => refused.code(),
            Fault::Evidence(refused) => evidence_code(refused),
            Fault::Number(_, error) => error.code(),
            Fault::SessionUnknown => "session_unknown",
            Fault::BearerMalformed => "bearer_malformed",
            Fault::KeyRequired => "idempotency_key_required",
            Fault::KeyMalformed => "idempotency_key_malformed",
            Fault::TooLarge(_) => "body_too_large",
            Fault::BodyBroken => "body_broken",
            Fault::MediaType(_) => "media_type",
            Fault::Json(..) => "json_malformed",
            Fault::Fields(_) => "invalid",
            Fault::Query => "query_malformed",
            Fault::NotSealed => "not_sealed",
            Fault::Withdrawn(..) => "withdrawn",
            Fault::TooMany(_) => "too_many_attempts",
            Fault::TooFast(_) => "rate_limited",
            Fault::ApiKeyUnknown => "api_key_unknown",
            Fault::Route => "route_unknown",
            Fault::Method => "method_not_allowed",
        }
    }

    /// A few words that are the same for every fault of this code.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Fault::House(error) => house_title(error),
            Fault::Notice(_) => "支付通知未被接受",
            Fault::Evidence(_) => "附件未被接受",
            Fault::Number(..) => "编号不对",
            Fault::SessionUnknown | Fault::BearerMalformed => "需要登录",
            Fault::KeyRequired | Fault::KeyMalformed => "缺少命令编号",
            Fault::TooLarge(_) => "内容太大",
            Fault::BodyBroken => "内容没有收全",
            Fault::MediaType(_) => "内容类型不对",
            Fault::Json(..) => "不是合法的 JSON",
            Fault::Fields(_) => "填写有误",
            Fault::Query => "地址参数不对",
            Fault::NotSealed => "正在封存",
            Fault::Withdrawn(..) => "已经撤下",
            Fault::TooMany(_) => "尝试太频繁",
            Fault::TooFast(_) => "取数太快",
            Fault::ApiKeyUnknown => "接口密钥不对",
            Fault::Route => "没有这个地址",
            Fault::Method => "不支持这个方法",
        }
    }

    /// One sentence about this occurrence, with what to do next.
    pub(crate) fn detail(&self) -> String {
        match self {
            Fault::House(AppError::Invalid(_)) | Fault::Fields(_) => {
                "有字段填写不对，没有执行；请按 problems 逐项改正后重新提交。".into()
            }
            Fault::House(error) => error.to_string(),
            Fault::Notice(refused) => format!("{refused}。"),
            Fault::Evidence(refused) => evidence_sentence(refused),
            Fault::Number(what, error) => number_sentence(what, *error),
            Fault::SessionUnknown => "请先登录：用 POST /api/v1/sessions 取得令牌，再以 Authorization: Bearer 发送；令牌过期也请重新登录。".into(),
            Fault::BearerMalformed => "请求头 Authorization 写法不对，请写成“Bearer 加空格加令牌”。".into(),
            Fault::KeyRequired => "请在请求头 Idempotency-Key 里放一个随机编号（例如 UUID）；网络中断后用同一编号重发，不会重复执行。".into(),
            Fault::KeyMalformed => format!(
                "请求头 Idempotency-Key 须为 {} 至 {} 个可见的英文字符，请改用 UUID 一类的随机编号。",
                super::limits::KEY_MIN,
                super::limits::KEY_MAX
            ),
            Fault::TooLarge(limit) => format!("内容超过 {limit} 字节，请缩短或分几次发送。"),
            Fault::BodyBroken => "内容没有收全，请检查网络后用同一个编号重发。".into(),
            Fault::MediaType(wanted) => format!("请求头 Content-Type 请写 {wanted}，内容也按它编写。"),
            Fault::Json(line, column) => {
                format!("内容在第 {line} 行第 {column} 列处不是合法的 JSON，请检查引号、逗号和括号，并用 UTF-8 编码。")
            }
            Fault::Query => "地址里问号后面的参数读不出来，请按接口文档改正。".into(),
            Fault::NotSealed => "这笔捐赠正在封存进公开日志，请过几秒再来取证明文件。".into(),
            Fault::Withdrawn(at, reason) => format!(
                "这份文件已于 {at} 撤下（{reason}），不再公开；日志里它的摘要和全部证明照样有效。"
            ),
            Fault::TooMany(seconds) => format!("尝试次数太多，请 {seconds} 秒后再试。"),
            Fault::TooFast(seconds) => format!(
                "问得比允许的快，请 {seconds} 秒后再试；要取全部数据请下载 /open 的文件，要更高的限额请向运营方申请接口密钥。"
            ),
            Fault::ApiKeyUnknown => "请求头 X-Api-Key 里没有密钥，或者没有发过这个密钥，请核对后再试，或者去掉这个请求头。".into(),
            Fault::Route => "没有这个地址，请查看 /api/v1/openapi.json 里的接口清单。".into(),
            Fault::Method => "这个地址不支持这种方法，请查看 /api/v1/openapi.json 里的接口清单。".into(),
        }
    }

    /// What is wrong with single fields.
    pub(crate) fn fields(&self) -> Vec<FieldFault> {
        match self {
            Fault::House(AppError::Invalid(problems)) => problems
                .iter()
                .map(|problem| FieldFault {
                    field: problem.field.into(),
                    code: problem.code,
                    sentence: problem.sentence.to_string(),
                })
                .collect(),
            Fault::Fields(fields) => fields.clone(),
            _ => Vec::new(),
        }
    }

    /// The article behind a refusal.
    pub(crate) fn law(&self) -> Option<&'static str> {
        match self {
            Fault::House(AppError::Refused(r) | AppError::Denied(r) | AppError::Conflict(r)) => {
                r.law
            }
            _ => None,
        }
    }
}

fn house_code(error: &AppError) -> &'static str {
    match error {
        AppError::Invalid(_) => "invalid",
        AppError::Refused(r)
        | AppError::Denied(r)
        | AppError::Conflict(r)
        | AppError::Unwell(r) => r.code,
        AppError::NotFound(_) => "not_found",
        AppError::Busy(_) => "busy",
        AppError::Internal(_) => "internal",
    }
}

fn house_title(error: &AppError) -> &'static str {
    match error {
        AppError::Invalid(_) => "填写有误",
        AppError::Refused(_) => "这一步现在不能办理",
        AppError::Denied(refusal) if refusal.code == "wrong_password" => "用户名或密码不对",
        AppError::Denied(refusal) if refusal.code.starts_with("second_factor") => "需要两步验证",
        AppError::Denied(_) => "没有权限",
        AppError::NotFound(_) => "没有找到",
        AppError::Conflict(_) => "内容有冲突",
        AppError::Busy(_) => "现在人多，请稍候",
        AppError::Unwell(_) => "暂时不能写入",
        AppError::Internal(_) => "系统出错",
    }
}

fn evidence_code(refused: &EvidenceRefused) -> &'static str {
    match refused {
        EvidenceRefused::Empty => "evidence.empty",
        EvidenceRefused::TooLarge => "evidence.too_large",
        EvidenceRefused::UnknownType => "evidence.unknown_type",
        EvidenceRefused::TypeDiffers { .. } => "evidence.type_differs",
        EvidenceRefused::BrokenPicture => "evidence.broken_picture",
        EvidenceRefused::Entropy(_) | EvidenceRefused::Disk(_) => "internal",
    }
}

/// The refusal's own sentence without the code that stands before it for the command line.
fn evidence_sentence(refused: &EvidenceRefused) -> String {
    let text = refused.to_string();
    let plain = text
        .split_once("] ")
        .map_or(text.as_str(), |(_, plain)| plain);
    format!("{plain}。")
}

fn number_sentence(what: &str, error: ParseIdError) -> String {
    let why = match error {
        ParseIdError::Prefix { expected } => {
            return format!("这不是{what}的编号，{what}的编号以 {expected}_ 开头，请核对后再试。");
        }
        ParseIdError::Length => "长度不对",
        ParseIdError::Character(_) => "里有编号不会用到的字符",
        ParseIdError::Check => "的校验位不符，可能抄错或漏了一位",
        ParseIdError::TooLarge | ParseIdError::NeverPrinted => "不是本系统发出的",
    };
    format!("{what}编号{why}，请对照凭据或页面上的编号重新输入。")
}
