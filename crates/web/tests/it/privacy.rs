//! The desk takes public content down and restricts donors; tombstones stand where something stood.

use crate::browser::Browser;
use crate::client::Client;
use domain::identity::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_is_taken_down_by_two_and_the_page_says_so() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        client.house.seal_now().await.unwrap();
        let maker = Browser::with_session(&client, &client.token(&charity, Role::Maker).await);
        let token = client.token(&charity, Role::Approver).await;
        let approver = Browser::with_session(&client, &token);
        let page = format!("/campaigns/{}", charity.campaign);
        let story = client
            .house
            .campaign_page(&charity.campaign, None)
            .await
            .unwrap()
            .story;
        assert!(maker.page(&page).await.contains(&story));
        let home = format!("/desk/organisations/{}", charity.organisation);
        let address = format!("{home}/withdraw");
        let form = maker.form(&address, "/withdraw").await;
        let wrong = [
            ("record", "cam_00000000000000"),
            ("field", "story"),
            ("reason", "personal"),
        ];
        maker.send(&form, &wrong).await.again("没有找到");
        let filed = [
            ("record", charity.campaign.as_str()),
            ("field", "scheme"),
            ("reason", "personal"),
        ];
        let form = maker.form(&address, "/withdraw").await;
        maker.send(&form, &filed).await.again("必须一直公开");
        let form = maker.form(&address, "/withdraw").await;
        let values = [
            ("record", charity.campaign.as_str()),
            ("field", "story"),
            ("reason", "personal"),
        ];
        let asked = maker.send(&form, &values).await.onwards();
        assert_eq!(asked, format!("{home}?done=asked-privacy"));
        assert!(
            maker.page(&page).await.contains(&story),
            "one person alone takes nothing down"
        );
        let desk = approver.page(&home).await;
        let start = desk.find("/desk/repairs/").unwrap();
        let repair = desk[start..].split('"').next().unwrap();
        let form = approver.form(repair, repair).await;
        let done = approver.send(&form, &[("step", "confirm")]).await.onwards();
        assert_eq!(done, format!("{home}?done=done-privacy"));
        let html = maker.page(&page).await;
        assert!(!html.contains(&story) && html.contains("（已撤回）"));
        assert!(html.contains("撤下的内容") && html.contains("含有个人信息"));
        let list = format!("/organisations/{}/withdrawn", charity.organisation);
        assert!(maker.page(&list).await.contains("说明"));
        let api = maker
            .open(&format!("/api/v1/campaigns/{}", charity.campaign))
            .await;
        assert!(api.text().contains("\"tombstones\":[{") && !api.text().contains(&story));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_donor_is_restricted_from_the_desk() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let gift = client.house.gift(&charity, "50").await;
        let maker = Browser::with_session(&client, &client.token(&charity, Role::Maker).await);
        let token = client.token(&charity, Role::Approver).await;
        let approver = Browser::with_session(&client, &token);
        let payer = Browser::with_session(&client, &client.token(&charity, Role::Payer).await);
        let home = format!("/desk/organisations/{}", charity.organisation);
        let found = maker.page(&format!("{home}/find?q={gift}")).await;
        let address = format!("/desk/privacy/{gift}");
        assert!(found.contains(&address));
        assert_eq!(payer.open(&address).await.status, 403);
        let form = maker.form(&address, &address).await;
        maker
            .send(&form, &[("reason", "consent")])
            .await
            .again("请选择怎样办理");
        let form = maker.form(&address, &address).await;
        let values = [("step", "restrict"), ("reason", "consent")];
        let done = maker.send(&form, &values).await.onwards();
        assert_eq!(done, format!("{home}?done=restricted"));
        let receipt = maker.page(&format!("/donations/{gift}")).await;
        assert!(receipt.contains("（已停止公开）") && receipt.contains("停止公开"));
        let own = maker.page(&address).await;
        assert!(!own.contains("王小明") && own.contains("已经限制处理"));
        assert!(
            approver.page(&address).await.contains("王小明"),
            "the role that may"
        );
        let list = format!("{home}/restricted");
        assert!(maker.page(&list).await.contains(&gift));
        assert_eq!(payer.open(&list).await.status, 403);
    }
}
