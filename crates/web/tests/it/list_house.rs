//! A house in which every list has something to show: gifts of all sizes and ways, held money, payments, deliveries,
//! goods, imports, users, checkpoints.

use crate::client::Client;
use app::command::{CounterGift, DisbursementStep, GoodsGift, GrantForm, Repair, UserForm};
use app::exchange::{ImportFile, ImportTarget};
use app::list::List;
use app::{Command, Outcome};
use domain::fundraising::IntentForm;
use domain::funds::DisbursementRequest;
use domain::identity::{Actor, Role};
use domain::parties::register::ImportedEntry;
use testkit::Charity;

/// Gifts at the counter: more than two pages of twenty.
const GIFTS: usize = 47;
/// Payments.
const PAYMENTS: usize = 6;

/// What the lists are asked about.
pub(crate) struct House {
    organisation: String,
    campaign: String,
    fund: String,
    movement: String,
    day: String,
    maker: String,
    administrator: String,
    official: String,
}

impl House {
    /// The fund that payments come from.
    pub(crate) fn fund(&self) -> &str {
        &self.fund
    }

    /// What stands in the address of a list where its path has braces. A new list with another path is added here.
    pub(crate) fn params(&self, list: &List) -> Vec<String> {
        let known: &[&str] = match list.path {
            "/organisations"
            | "/campaigns/table"
            | "/log/entries"
            | "/log/checkpoints"
            | "/rules"
            | "/desk/users"
            | "/desk/office"
            | "/desk/office/overdue" => &[],
            path if path.contains("/days/{day}") => &[&self.organisation, &self.day],
            path if path.contains("organisations/") => &[&self.organisation],
            path if path.contains("campaigns/") => &[&self.campaign],
            path if path.contains("funds/") => &[&self.fund],
            path if path.contains("movements/") => &[&self.movement],
            other => panic!("say whose {other} is"),
        };
        known.iter().map(|text| (*text).to_string()).collect()
    }

    /// The organisation whose lists they are.
    pub(crate) fn organisation(&self) -> &str {
        &self.organisation
    }

    /// The campaign that everything belongs to.
    pub(crate) fn campaign(&self) -> &str {
        &self.campaign
    }

    /// A session of the clerk.
    pub(crate) fn maker(&self) -> &str {
        &self.maker
    }

    /// A session of the official of the province.
    pub(crate) fn official(&self) -> &str {
        &self.official
    }

    /// A session of whoever keeps the users of the house.
    pub(crate) fn administrator(&self) -> &str {
        &self.administrator
    }

    /// Who may read it.
    pub(crate) fn token(&self, list: &List) -> &str {
        match list.name {
            "users" => &self.administrator,
            "office" | "overdue" => &self.official,
            _ => &self.maker,
        }
    }
}

/// Words that a spreadsheet could take for formulas, a separator, a line, or markup.
const DONORS: [&str; 8] = [
    "王小明",
    "=1+1",
    "-云山商会",
    "@广东, \"爱心\"会",
    "<b>李四</b>&amp;",
    "Ａ集团",
    "'引号'",
    "云山县第二建筑有限公司",
];

async fn gifts(client: &Client, charity: &Charity) {
    let channels = ["bank", "cash"];
    let mut numbers = Vec::new();
    for n in 0..GIFTS {
        if n % 12 == 0 {
            client.house.clock().advance(24 * 3_600 * 1_000_000);
        }
        let yuan = format!("{}.{:02}", (n * 37) % 91 + 1, (n * 13) % 100);
        let kind = if n % 8 == 0 { "person" } else { "organisation" };
        let gift = CounterGift {
            campaign: charity.campaign.clone(),
            channel: channels[n % channels.len()].into(),
            form: IntentForm {
                amount: yuan,
                donor_name: DONORS[n % DONORS.len()].into(),
                donor_kind: kind.into(),
                display: "named".into(),
                ..IntentForm::default()
            },
            slip: format!("slip-{n}"),
            received_on: String::new(),
        };
        let made = client
            .house
            .done(&charity.staff.maker, Command::CounterGift(gift))
            .await;
        let Outcome::Gift { donation, .. } = made else {
            panic!("no gift")
        };
        numbers.push(donation);
    }
    undo(client, numbers).await;
    for n in 0..3 {
        let mut notice =
            client
                .house
                .notice(&charity.organisation, &format!("held-{n}"), "", "7.77");
        notice.fee = kernel::Fen::new(5);
        let made = client.house.capture(notice).await.unwrap();
        if n == 0 {
            place(client, charity, made).await;
        }
    }
}

/// What was held goes to the campaign after all, whole: its fee was never taken out of it.
async fn place(client: &Client, charity: &Charity, made: Outcome) {
    let Outcome::Gift { donation, .. } = made else {
        panic!("no gift")
    };
    let repair = Repair::Reassign {
        donation,
        campaign: charity.campaign.clone(),
        consent: "电话同意".into(),
    };
    let repair = Command::Repair(repair);
    client.house.done(&Actor::house("test"), repair).await;
}

/// Of some gifts not everything stands: two were wrong, one goes back whole, two in part. The house needs nobody.
async fn undo(client: &Client, numbers: Vec<String>) {
    let reason = || "记错了".to_owned();
    for (n, donation) in numbers.into_iter().enumerate() {
        let repair = match n {
            3 | 20 => Repair::Correct {
                donation,
                reason: reason(),
            },
            8 | 30 | 41 => Repair::Refund {
                donation,
                amount: if n == 8 { "" } else { "0.70" }.into(),
                reason: reason(),
            },
            _ => continue,
        };
        let repair = Command::Repair(repair);
        client.house.done(&Actor::house("test"), repair).await;
    }
}

async fn pay(client: &Client, charity: &Charity, (fund, place): (&str, &str), n: usize) {
    let request = DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: format!("云山县第{n}小学"),
        amount: format!("{}.{n}0", 20 + n * 31),
        purpose: "=购买冬衣".into(),
        ..DisbursementRequest::default()
    };
    let asked = Command::DisbursementRequest {
        fund: fund.into(),
        request,
    };
    let Outcome::Step { id, .. } = client.house.done(&charity.staff.maker, asked).await else {
        panic!("no order")
    };
    if n == 0 {
        return;
    }
    let check = Command::DisbursementStep {
        disbursement: id.clone(),
        step: DisbursementStep::Check,
        reason: String::new(),
    };
    client.house.done(&charity.staff.checker, check).await;
    let paid = Command::DisbursementPay {
        disbursement: id,
        place: place.into(),
        voucher: app::command::Voucher::default(),
    };
    client.house.done(&charity.staff.payer, paid).await;
}

async fn goods(client: &Client, charity: &Charity) {
    for (name, units) in [("冬衣", "120"), ("+口罩", "3000")] {
        let gift = GoodsGift {
            organisation: charity.organisation.clone(),
            name: name.into(),
            unit: "件".into(),
            units: units.into(),
            donor_name: "江城纺织厂".into(),
            donor_kind: "organisation".into(),
            display: "named".into(),
            campaign: charity.campaign.clone(),
            ..GoodsGift::default()
        };
        client
            .house
            .done(&charity.staff.maker, Command::GoodsGift(gift))
            .await;
    }
}

async fn import(client: &Client, charity: &Charity) {
    let target = ImportTarget {
        organisation: Some(charity.organisation.clone()),
        campaign: Some(charity.campaign.clone()),
    };
    for n in 0..3 {
        let text = format!(
            "渠道单号,金额,时间,姓名,备注,渠道,手续费\r\nB{n},10.00,2026-11-20 10:00:00,张三丰,,微信,0.06\r\nX{n},五元,2026-11-20 09:00:00,李四,,现金,\r\n"
        );
        let file = ImportFile {
            name: format!("名单{n}.csv"),
            bytes: text.into_bytes(),
        };
        client
            .house
            .import_stage(&Actor::house("test"), file, &target)
            .await
            .unwrap();
    }
}

/// Three donors whose information is only stored; their names are taken down with that.
async fn restrict(client: &Client, charity: &Charity) {
    for yuan in ["7", "8", "9"] {
        let donation = client.house.gift(charity, yuan).await;
        let reason = "consent".to_owned();
        let command = Command::DonorRestrict { donation, reason };
        client.house.done(&charity.staff.maker, command).await;
    }
}

/// Applications of some months, written beside the house so that some are late already.
async fn matters(client: &Client, charity: &Charity) {
    let id = client
        .house
        .read_id::<leaf::ids::Organisation>(&charity.organisation);
    let organisation = id.unwrap().raw();
    let now = client.house.now().micros();
    let day = 86_400_000_000_i64;
    let mut script = String::new();
    for (n, days) in [(1_i64, 90_i64), (2, 60), (3, 3), (4, 20)] {
        let (key, at) = (organisation + n, now - days * day);
        let procedure = if n == 2 {
            "registration_change"
        } else {
            "recognition"
        };
        script.push_str(&format!(
            "INSERT INTO matter (id, procedure, organisation_id, region, opened_by, opened_at, state, version, round, code) VALUES ({key}, '{procedure}', {organisation}, '330106', 1, {at}, 'accepted', 3, 1, 'ABCD1234');"
        ));
        for (entry, (step, user)) in [("prepare", 1), ("submit", 2), ("accept", 11)]
            .iter()
            .enumerate()
        {
            let entry = entry + 1;
            script.push_str(&format!(
                "INSERT INTO matter_taken (matter_id, entry, step, user_id, at, gaps, facts) VALUES ({key}, {entry}, '{step}', {user}, {at}, '', '');"
            ));
        }
    }
    client.house.script(&script).await;
}

/// Somebody with one role over a region, or over the whole house if none is named; the session.
pub(crate) async fn official(client: &Client, login: &str, role: Role, region: &str) -> String {
    let house = Actor::house("test");
    let form = UserForm {
        login: login.into(),
        name: login.into(),
        password_hash: "none".into(),
    };
    client.house.done(&house, Command::UserCreate(form)).await;
    let form = GrantForm {
        login: login.into(),
        role: role.code().into(),
        organisation: String::new(),
        region: region.into(),
    };
    client.house.done(&house, Command::RoleGrant(form)).await;
    client.token_of(login).await
}

/// Annual reports that another register has.
async fn reports(client: &Client, charity: &Charity) {
    let report = |year: i32| ImportedEntry {
        item: "report".into(),
        words: "开展的慈善活动：助学。".into(),
        from: format!("{year}-01-01"),
        until: format!("{year}-12-31"),
        office: "云山基金会".into(),
        document: format!("云基〔{year}〕1号"),
        ..ImportedEntry::default()
    };
    let import = Command::RegisterImport {
        organisation: charity.organisation.clone(),
        source: "浙江省社会组织登记簿".into(),
        entries: (2019..=2023).map(report).collect(),
    };
    client.house.done(&Actor::house("test"), import).await;
}

/// Builds it.
pub(crate) async fn built(client: &Client) -> House {
    built_as(client, "云山基金会").await
}

/// Builds it for a charity that is called so.
pub(crate) async fn built_as(client: &Client, name: &str) -> House {
    let charity = client.house.charity(name).await;
    for n in 0..25 {
        client.house.organisation(&format!("第{n}慈善会")).await;
    }
    reports(client, &charity).await;
    gifts(client, &charity).await;
    client.house.seal_now().await.unwrap();
    goods(client, &charity).await;
    let page = client
        .house
        .campaign_page(&charity.campaign, None)
        .await
        .unwrap();
    let fund = page
        .funds
        .iter()
        .find(|fund| fund.kind == "project")
        .unwrap();
    let fund = fund.id.clone();
    let owner = client
        .house
        .organisation_page(&charity.organisation)
        .await
        .unwrap();
    let place = owner
        .places
        .iter()
        .find(|place| place.account == "1002")
        .unwrap();
    for n in 0..PAYMENTS {
        pay(client, &charity, (&fund, &place.id), n).await;
    }
    import(client, &charity).await;
    restrict(client, &charity).await;
    client.house.seal_now().await.unwrap();
    let page = client
        .house
        .campaign_page(&charity.campaign, None)
        .await
        .unwrap();
    let movement = page.deliveries[0].movement.clone();
    matters(client, &charity).await;
    House {
        official: official(client, "official", Role::Handler, "33").await,
        organisation: charity.organisation.clone(),
        campaign: charity.campaign.clone(),
        fund,
        movement,
        day: page.days[0].day.clone(),
        maker: client.token(&charity, Role::Maker).await,
        administrator: official(client, "administrator", Role::Administrator, "").await,
    }
}
