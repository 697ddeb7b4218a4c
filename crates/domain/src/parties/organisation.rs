//! Organisations 社会组织 of the register.

use super::register::NewEntry;
use crate::text::{Form, LINE_MAX, Problem};
use kernel::{Day, Id, RegionCode, Uscc};
use leaf::ids;

/// Above this sum a payment needs an approver unless the charter says another one: 1,000,000.00 yuan in fen.
pub const APPROVAL_THRESHOLD: i64 = 100_000_000;

/// 〔登记来源〕 The register of this house itself.
pub const OUR_REGISTER: &str = "本平台登记";

/// 〔组织类别〕 The legal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationKind {
    /// 社会团体
    Association,
    /// 基金会
    Foundation,
    /// 社会服务机构
    ServiceInstitution,
    /// 其他, among them receivers named by a source that says no form
    Other,
}

impl OrganisationKind {
    /// All kinds, in the order of forms.
    pub const ALL: [OrganisationKind; 4] = [
        OrganisationKind::Association,
        OrganisationKind::Foundation,
        OrganisationKind::ServiceInstitution,
        OrganisationKind::Other,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            OrganisationKind::Association => "association",
            OrganisationKind::Foundation => "foundation",
            OrganisationKind::ServiceInstitution => "service_institution",
            OrganisationKind::Other => "other",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            OrganisationKind::Association => "社会团体",
            OrganisationKind::Foundation => "基金会",
            OrganisationKind::ServiceInstitution => "社会服务机构",
            OrganisationKind::Other => "其他组织",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<OrganisationKind> {
        OrganisationKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// 〔社会组织〕 What decisions need to know of an organisation.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Our own key; the unified code is an attribute.
    pub id: Id<ids::Organisation>,
    /// The registered name.
    pub name: String,
    /// Where it is registered.
    pub region: Option<RegionCode>,
    /// Payments above this many fen need an approver.
    pub approval_threshold: i64,
}

/// What a form or file says of an organisation.
#[derive(Debug, Clone, Default)]
pub struct OrganisationForm {
    /// The registered name.
    pub name: String,
    /// Code of `OrganisationKind`.
    pub kind: String,
    /// Unified code, may be empty.
    pub uscc: String,
    /// Region code, may be empty.
    pub region: String,
    /// Day of registration, may be empty.
    pub registered_on: String,
}

/// 〔登记信息〕 An organisation ready to be entered.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// The registered name.
    pub name: String,
    /// Its legal form.
    pub kind: OrganisationKind,
    /// The unified code where it has one.
    pub uscc: Option<Uscc>,
    /// Where it is registered.
    pub region: Option<RegionCode>,
    /// Which register says so.
    pub source: String,
    /// Its key there.
    pub source_id: String,
    /// The day of registration as the source wrote it, never mended.
    pub registered_text: String,
    /// The same as a day, if it is one.
    pub registered_day: Option<Day>,
    /// Marks on the data, for example `date_incomplete`.
    pub marks: Vec<String>,
    /// Documents that the source names.
    pub documents: Vec<String>,
}

/// 〔他处登记的组织〕 An organisation with what its register says of it.
#[derive(Debug, Clone)]
pub struct RegisteredOrganisation {
    /// The organisation under its present name.
    pub organisation: NewOrganisation,
    /// What the register says: standings, former names and the present one.
    pub entries: Vec<NewEntry>,
}

impl From<NewOrganisation> for RegisteredOrganisation {
    fn from(organisation: NewOrganisation) -> Self {
        RegisteredOrganisation {
            organisation,
            entries: Vec::new(),
        }
    }
}

/// Reads a form into an organisation of our own register.
///
/// # Errors
/// All problems at once, field by field.
pub fn decide_organisation(form: &OrganisationForm) -> Result<NewOrganisation, Vec<Problem>> {
    let mut check = Form::new();
    let name = check.line("name", "组织名称", &form.name, LINE_MAX);
    let kind = OrganisationKind::parse(form.kind.trim());
    if kind.is_none() {
        check.refuse("kind", "choice", "请选择组织类别。");
    }
    let uscc = match form.uscc.trim() {
        "" => None,
        text => Uscc::parse(text)
            .map_err(|error| check.refuse("uscc", "uscc", error.to_string()))
            .ok(),
    };
    let region = match form.region.trim() {
        "" => None,
        text => RegionCode::parse(text)
            .map_err(|_| {
                check.refuse(
                    "region",
                    "region",
                    "行政区划代码不对，请填2、4、6、9或12位数字。",
                )
            })
            .ok(),
    };
    let registered_day = match form.registered_on.trim() {
        "" => None,
        text => check.day("registered_on", "登记日期", text),
    };
    let source_id = uscc
        .as_ref()
        .map_or_else(|| name.clone(), |code| code.as_str().to_string());
    check.finish(()).map(|()| NewOrganisation {
        name,
        kind: kind.unwrap_or(OrganisationKind::Other),
        uscc,
        region,
        source: OUR_REGISTER.into(),
        source_id,
        registered_text: form.registered_on.trim().into(),
        registered_day,
        marks: Vec::new(),
        documents: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, kind: &str, uscc: &str) -> OrganisationForm {
        OrganisationForm {
            name: name.into(),
            kind: kind.into(),
            uscc: uscc.into(),
            ..OrganisationForm::default()
        }
    }

    #[test]
    fn a_good_form_becomes_an_organisation() {
        let new = decide_organisation(&form("江城慈善总会", "association", "51330000MJ00002370"));
        assert_eq!(new.unwrap().source_id, "51330000MJ00002370");
    }

    #[test]
    fn all_problems_are_named() {
        let problems = decide_organisation(&form("", "club", "51330000MJ00002371")).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| p.field).collect();
        assert_eq!(fields, ["name", "kind", "uscc"]);
    }
}
