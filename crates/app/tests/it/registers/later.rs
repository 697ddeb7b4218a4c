//! What comes later: corrections, suspensions that outlive their certificate, files that are read twice, certificates.

use super::*;
use app::exchange::ImportFile;
use leaf::{CertificateError, CertificateKind, SignedCertificate};

const FIRST_CERTIFICATE: (Standing, &str) = (Standing::Valid, "2022-01-01");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspension_that_outlives_its_certificate_is_lifted_and_a_new_one_granted() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.qualify("2026-06-30").await;
        at(&office.house, "2026-06-10T12:00");
        office.decide("suspension", "").await;
        at(&office.house, "2026-07-10T12:00");
        assert_eq!(office.register("", "").await.right, "stopped");
        office.decide("lifting", "").await;
        let register = office.register("", "").await;
        assert_eq!(register.right, "expired");
        let line = register.of("fundraising").unwrap();
        assert_eq!(line.standing.as_deref(), Some("lapsed"));
        office.qualify("2028-06-30").await;
        assert_eq!(office.register("", "").await.right, "valid");
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_takes_two_people_and_the_old_knowledge_stays() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office
            .import(&[FIRST_CERTIFICATE, (Standing::Revoked, "2024-05-01")])
            .await;
        let wrong = office.register("", "").await;
        let wrong = wrong.of("fundraising").unwrap().leaf_index;
        at(&office.house, "2026-06-02T12:00");
        let number = wrong.to_string();
        let said = [
            ("entry", number.as_str()),
            ("standing", "fundraising.suspended"),
            ("from", "2024-05-01"),
            ("until", "2024-10-31"),
            FINDINGS[0],
            ("public_reason", "把中止错记成了吊销。"),
        ];
        let id = office.begin(&office.handler, "correction", &said).await;
        let proposed = office.step(&office.handler, &id, named("propose")).await;
        sure(proposed, "proposed");
        let decide = MatterStep {
            document: "浙民更〔2026〕1号".into(),
            ..named("decide")
        };
        // The one who proposed it does not decide it.
        let alone = office.step(&office.handler, &id, decide.clone()).await;
        assert_eq!(code(alone), "not_permitted");
        sure(office.step(&office.decider, &id, decide).await, "decided");
        let now = office.register("", "").await;
        assert_eq!(now.right, "valid");
        let corrected: Vec<i64> = now
            .entries
            .iter()
            .filter(|line| line.is_corrected)
            .map(|line| line.leaf_index)
            .collect();
        assert_eq!(corrected, [wrong]);
        assert_eq!(now.entries[0].reason, "把中止错记成了吊销。");
        let before = office.register("", "2026-06-02T11:59").await;
        assert_eq!(before.right, "stopped");
        assert!(before.entries.iter().all(|line| !line.is_corrected));
        // What was corrected already is not corrected again.
        let again = office.begin(&office.handler, "correction", &said).await;
        let refused = office.step(&office.handler, &again, named("propose")).await;
        assert_eq!(code(refused), "entry");
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_entries_is_looked_at_entered_and_entered_once() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let text = format!(
            "编号,来源登记簿,事项,状态,内容,起始日,终止日,决定机关,文号\n\
             {id},{SOURCE},公开募捐资格,有效,,2022-01-01,,浙江省民政厅,浙民〔2022〕1号\n\
             {id},{SOURCE},住所,,杭州市一号,2022-01-01,,浙江省民政厅,浙民〔2022〕2号\n\
             org_00000000000000,{SOURCE},住所,,杭州市一号,2022-01-01,,浙江省民政厅,浙民〔2022〕2号\n\
             {id},{SOURCE},公开募捐资格,已吊销,,2030-01-01,2031-01-01,,无\n",
            id = office.organisation
        );
        let text = text.replacen("编号", "组织", 1);
        let file = || ImportFile {
            name: "记载.csv".into(),
            bytes: text.clone().into_bytes(),
        };
        let app = &office.house.app;
        let looked = sure(app.register_file(file()).await, "looked at");
        let report = &looked.report;
        assert_eq!((report.rows, report.accepted, report.rejected), (4, 2, 2));
        let lines: Vec<(i64, &str)> = report.rejects.iter().map(|r| (r.0, r.1.as_str())).collect();
        assert_eq!(lines, [(4, "register.organisation"), (5, "register.row")]);
        let rejects = String::from_utf8(looked.rejects).unwrap();
        assert!(rejects.contains("决定机关") && rejects.lines().count() == 3, "{rejects}");
        assert_eq!(office.register("", "").await.right, "unknown");
        let operator = Actor::house("测试");
        for _ in 0..2 {
            sure(app.register_file_enter(&operator, file()).await, "entered");
            let register = office.register("", "").await;
            assert_eq!((register.right.as_str(), register.count), ("valid", 4));
        }
        // The command by itself enters nothing twice either.
        office.import(&[(Standing::InForce, "2020-01-01")]).await;
        assert_eq!(office.register("", "").await.count, 4);
        let maker = app.register_file_enter(&office.staff[0], file()).await;
        sure(maker, "nothing new, so nothing was asked");
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_register_is_read_whole_and_shown_page_by_page() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let mut days = (0..2_100).map(|n| Day::from_number(10_000 + n).to_string());
        for _ in 0..11 {
            let part: Vec<String> = days.by_ref().take(200).collect();
            let rows: Vec<(Standing, &str)> = part
                .iter()
                .map(|day| (Standing::Valid, day.as_str()))
                .collect();
            office.import(&rows).await;
        }
        office.import(&[(Standing::Revoked, "2026-05-01")]).await;
        let asked = |before: String| AsOf {
            before,
            ..AsOf::default()
        };
        let app = &office.house.app;
        let (mut seen, mut before) = (0, String::new());
        loop {
            let asked = asked(before);
            let page = app.organisation_page_as_of(&office.organisation, &asked);
            let register = sure(page.await, "the page").register;
            assert_eq!(
                (register.right.as_str(), register.count),
                ("stopped", 2_103)
            );
            seen += register.entries.len();
            match register.older {
                Some(older) => before = older.to_string(),
                None => break,
            }
        }
        assert_eq!(seen, 2_103);
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_signed_and_says_what_the_register_says() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.qualify("2027-05-31").await;
        let app = &office.house.app;
        sure(app.seal_now().await, "sealed");
        let page = app.certificate(&office.organisation, "fundraising").await;
        let page = sure(page, "the certificate");
        let payload = page.payload.unwrap();
        let keys = [app.verifier_key().parse().unwrap()];
        let read = SignedCertificate::parse(&payload).unwrap();
        let said = read.verify(&keys).unwrap();
        assert_eq!(said.kind, CertificateKind::Fundraising);
        assert_eq!(said.organisation, office.organisation);
        assert_eq!(said.number.as_deref(), Some("浙民慈募〔2026〕5号"));
        assert_eq!(said.until, Day::parse("2027-05-31").ok());
        let entry = page.entry.unwrap();
        assert_eq!(i64::try_from(said.leaf), Ok(entry.leaf_index));
        // Another key of the same name is not believed.
        let other = tlog::Signer::from_seed(app.origin(), &[9; 32]).unwrap();
        let refused = read.verify(&[other.verifier().clone()]);
        assert_eq!(refused, Err(CertificateError::UnknownKey));
        office.decide("suspension", "").await;
        let page = app.certificate(&office.organisation, "fundraising").await;
        let page = sure(page, "the page without a certificate");
        assert!(page.entry.is_none() && page.payload.is_none());
        let none = app.certificate(&office.organisation, "colour").await;
        assert_eq!(code(none), "not_found");
        office.house.check_all().await;
    })
    .await;
}
