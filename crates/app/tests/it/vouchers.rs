//! Numbers of bank slips: kept with the payment, and one that is known is asked about before it is paid again.

use crate::house::{House, on_each_engine};
use app::command::{DisbursementStep, Voucher};
use app::{Command, Outcome};
use domain::identity::{Actor, Role};

/// An order of 20 yuan that waits for the payer, and the place to pay from.
async fn approved(house: &House, campaign: &str) -> (String, String) {
    let (fund, place) = {
        let mut read = house.app.db().read_tx().await.unwrap();
        let campaign = house.app.read_id(campaign).unwrap();
        let funds = store::funds::funds_of_campaign(&mut read, campaign).await;
        let owner = house.app.read_id(&house.organisation).unwrap();
        let places = store::funds::places_of_organisation(&mut read, owner).await;
        (
            house.app.print(funds.unwrap()[0].id),
            house.app.print(places.unwrap()[0].place.id),
        )
    };
    let request = domain::funds::DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: "云山县医院".into(),
        amount: "20".into(),
        purpose: "冬衣".into(),
        ..Default::default()
    };
    let order = house
        .record(Command::DisbursementRequest { fund, request })
        .await;
    let check = Command::DisbursementStep {
        disbursement: order.clone(),
        step: DisbursementStep::Check,
        reason: String::new(),
    };
    let checker = house.staff(2, Role::Checker);
    let done = house.app.write(&checker, &house.key(), check).await;
    done.unwrap();
    (order, place)
}

fn pay((order, place): &(String, String), number: &str, shared: bool) -> Command {
    Command::DisbursementPay {
        disbursement: order.clone(),
        place: place.clone(),
        voucher: Voucher {
            number: number.into(),
            shared,
        },
    }
}

async fn paid(house: &House, payer: &Actor, command: Command) -> Outcome {
    let done = house.app.write(payer, &house.key(), command).await;
    done.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_is_told_when_it_comes_twice() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        house.give(&campaign, "100", "pay-1").await;
        let payer = house.staff(3, Role::Payer);
        let [first, second, third] = [
            approved(&house, &campaign).await,
            approved(&house, &campaign).await,
            approved(&house, &campaign).await,
        ];
        paid(&house, &payer, pay(&first, " ｉcbc 2026-001 ", false)).await;
        let again = pay(&second, "ICBC2026-001", false);
        let refused = house.refused(&payer, again).await;
        assert_eq!(refused, "disbursement_voucher_known");
        let done = paid(&house, &payer, pay(&second, "ICBC2026-001", true)).await;
        let odd = pay(&third, "回单一号", false);
        let odd = house.app.write(&payer, &house.key(), odd).await;
        assert!(matches!(odd, Err(app::AppError::Invalid(_))), "{odd:?}");
        paid(&house, &payer, pay(&third, "", false)).await;
        let page = house.app.disbursement_page(&payer, &first.0).await.unwrap();
        let slips = page.steps.iter().map(|step| step.voucher.as_str());
        assert_eq!(slips.collect::<Vec<_>>(), ["", "", "ICBC2026-001"]);
        let Outcome::Moved { movements, .. } = done else {
            panic!("nothing moved")
        };
        let told = house.app.order_of_movement(&payer, &movements[0]).await;
        let known = (second.0.clone(), "ICBC2026-001".to_string());
        assert_eq!(told.unwrap(), Some(known));
        let public = Actor::public();
        let told = house.app.order_of_movement(&public, &movements[0]).await;
        assert_eq!(told.unwrap(), None, "the public reads no slips");
        house.check_all().await;
    })
    .await;
}
