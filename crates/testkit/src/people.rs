//! People with roles: four different ones for each organisation, as the law on accounting wants it.

use crate::TestApp;
use app::command::{GrantForm, UserForm};
use app::{Command, Outcome};
use domain::identity::{Actor, Grant, Role};
use kernel::Id;
use leaf::ids::{Organisation, User};

/// 〔工作人员〕 The people of one organisation.
#[derive(Debug, Clone)]
pub struct Staff {
    /// 经办
    pub maker: Actor,
    /// 复核
    pub checker: Actor,
    /// 负责人
    pub approver: Actor,
    /// 出纳
    pub payer: Actor,
    /// 执行机构经办
    pub partner: Actor,
}

impl TestApp {
    /// A person with one role at an organisation (a printed id).
    ///
    /// # Panics
    /// The login is taken or the organisation is unknown.
    pub async fn person(&self, login: &str, role: Role, organisation: &str) -> Actor {
        let house = Actor::house("test");
        let form = UserForm {
            login: login.into(),
            name: format!("{} {login}", role.title()),
            password_hash: "none".into(),
        };
        let name = form.name.clone();
        let made = self.done(&house, Command::UserCreate(form)).await;
        let Outcome::Record { id } = made else {
            panic!("no user: {made:?}")
        };
        let grant = GrantForm {
            login: login.into(),
            role: role.code().into(),
            organisation: organisation.into(),
            region: String::new(),
        };
        self.done(&house, Command::RoleGrant(grant)).await;
        let id: Id<User> = crate::sure(self.read_id(&id), "the user's id");
        let organisation: Id<Organisation> =
            crate::sure(self.read_id(organisation), "the organisation's id");
        let today = self.now().day();
        let grant = Grant {
            role,
            organisation: Some(organisation),
            region: None,
            from: today,
            to: None,
        };
        Actor::user(id, &name, vec![grant], today)
    }

    /// The people of an organisation; their logins are unique by its id.
    ///
    /// # Panics
    /// The organisation has its people already.
    pub async fn staff(&self, organisation: &str) -> Staff {
        let login = |role: Role| format!("{}.{}", role.code(), &organisation[4..12]);
        Staff {
            maker: self
                .person(&login(Role::Maker), Role::Maker, organisation)
                .await,
            checker: self
                .person(&login(Role::Checker), Role::Checker, organisation)
                .await,
            approver: self
                .person(&login(Role::Approver), Role::Approver, organisation)
                .await,
            payer: self
                .person(&login(Role::Payer), Role::Payer, organisation)
                .await,
            partner: self
                .person(&login(Role::Partner), Role::Partner, organisation)
                .await,
        }
    }
}
