//! The decision itself: a table of rules and a function over it.

use super::{Action, Role};
use crate::{Id, org::Span};

/// How far a rule reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Only what is about the actor as a person.
    Own,
    /// The organisation of the grant and all below it.
    Below,
    /// The whole house; the object has no place in the tree.
    House,
}

/// One right: a role may do something, as far as `reach`.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable name, shown in refusals and in the ledger.
    pub id: &'static str,
    /// Who.
    pub role: Role,
    /// What.
    pub action: Action,
    /// How far.
    pub reach: Reach,
}

macro_rules! rules {
    ($($role:ident $reach:ident { $($action:ident)* })*) => {
        &[$($(Rule {
            id: concat!(stringify!($role), ".", stringify!($action), ".", stringify!($reach)),
            role: Role::$role, action: Action::$action, reach: Reach::$reach,
        },)*)*]
    };
}

/// Every right there is. What is not here is denied.
///
/// The three administrators read no business data (三员分立, S20 of the security bar).
/// A member reads the own record, its history, who looked, and the own catalogue; the
/// contents of a personnel file stay closed to its subject (S48).
pub static RULES: &[Rule] = rules! {
    Sysadmin House { AccountRead AccountManage SystemCheck JobRead JobManage OrgRead SelfService }
    Secadmin House { AccountRead RoleGrant OrgRead SystemCheck SelfService }
    Auditor House { LedgerRead LedgerVerify AccountRead OrgRead SystemCheck SelfService }
    Archivist House { SelfService JobRead JobManage SystemCheck }
    Archivist Below {
        OrgRead OrgEdit PersonList PersonRead PersonReveal PersonEdit PersonHistory PersonLooks ImportRun
        VolumeList VolumeRead VolumeEdit PageView PageCorrect CataloguePrint Search
    }
    OrgOfficer House { SelfService JobRead }
    OrgOfficer Below {
        OrgRead OrgEdit PersonList PersonRead PersonReveal PersonEdit PersonHistory PersonLooks ImportRun
        VolumeList VolumeRead PageView CataloguePrint Search
    }
    CommitteeSecretary House { SelfService }
    CommitteeSecretary Below {
        OrgRead PersonList PersonRead PersonHistory PersonLooks VolumeList VolumeRead PageView Search
    }
    BranchSecretary House { SelfService }
    BranchSecretary Below {
        OrgRead PersonList PersonRead PersonReveal PersonEdit PersonHistory ImportRun
        VolumeList VolumeRead PageView Search
    }
    Member House { SelfService }
    Member Own { PersonRead PersonReveal PersonHistory PersonLooks VolumeRead }
};

/// Actions that nobody may do to the own file, whatever the role: nobody reads or
/// changes the contents of a file about himself (GA, `domain-archives` 1.6).
const NEVER_ON_SELF: &[Action] =
    &[Action::PageView, Action::PageCorrect, Action::VolumeEdit, Action::PersonEdit, Action::CataloguePrint];

/// A role that somebody holds today, at a place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which role.
    pub role: Role,
    /// The subtree it is held for.
    pub span: Span,
}

/// Who asks: the account, the person behind it if known, and today's grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: Id,
    /// The person whose account it is, when it is a person of the archive.
    pub person: Option<Id>,
    /// Grants valid today.
    pub grants: Vec<Grant>,
}

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Object {
    /// Where it stands in the tree; `None` for things of the whole house.
    pub org_no: Option<i64>,
    /// Whose personal data it is.
    pub subject: Option<Id>,
}

/// Yes, by this rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// The rule that allows it.
    pub rule: &'static str,
    /// The role it was done in.
    pub role: Role,
}

/// No. The sentence for people belongs to the page; this is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No role of the actor has this right at all.
    #[error("no role allows {}", .0.code())]
    NoRight(Action),
    /// The right exists, but not for this place or person.
    #[error("{} reaches not that far", .0.code())]
    OutOfReach(Action),
    /// Nobody does this to the own file.
    #[error("{} is closed for the own file", .0.code())]
    OwnFile(Action),
}

impl Denied {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoRight(_) => "identity.no-right",
            Self::OutOfReach(_) => "identity.out-of-reach",
            Self::OwnFile(_) => "identity.own-file",
        }
    }

    /// The sentence for people.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NoRight(_) => "您的角色没有这项权限，如工作需要请联系安全保密管理员授权。",
            Self::OutOfReach(_) => "没有这项内容，或者不在您的管理范围内。",
            Self::OwnFile(_) => "任何人不得查阅或改动本人的档案内容；如需核对，请通过组织部门办理。",
        }
    }
}

fn rules_for(role: Role, action: Action) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |r| r.role == role && r.action == action)
}

/// The widest reach any of the actor's roles has for an action, if any.
pub fn reach_of(actor: &Actor, action: Action) -> Option<Reach> {
    actor.grants.iter().flat_map(|g| rules_for(g.role, action)).map(|r| r.reach).max()
}

/// May `actor` do `action` to `object`?
pub fn decide(actor: &Actor, action: Action, object: &Object) -> Result<Allowed, Denied> {
    let own = object.subject.is_some() && object.subject == actor.person;
    if own && NEVER_ON_SELF.contains(&action) {
        return Err(Denied::OwnFile(action));
    }
    let mut has_right = false;
    for grant in &actor.grants {
        for rule in rules_for(grant.role, action) {
            has_right = true;
            let reaches = match rule.reach {
                Reach::House => object.org_no.is_none() || object == &Object::default(),
                Reach::Below => object.org_no.is_none_or(|no| grant.span.holds(no)),
                Reach::Own => own,
            };
            if reaches {
                return Ok(Allowed { rule: rule.id, role: grant.role });
            }
        }
    }
    Err(if has_right { Denied::OutOfReach(action) } else { Denied::NoRight(action) })
}

/// The subtrees in which the actor may do `action` to things that are not about the
/// actor alone; lists, counts and searches are trimmed to these.
pub fn scope(actor: &Actor, action: Action) -> Vec<Span> {
    let spans = actor
        .grants
        .iter()
        .filter(|g| rules_for(g.role, action).any(|r| r.reach != Reach::Own))
        .map(|g| g.span)
        .collect();
    crate::org::merge(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRANCH: Span = Span { lo: 100, hi: 199 };

    fn actor(role: Role) -> Actor {
        Actor { account: Id(1), person: Some(Id(7)), grants: vec![Grant { role, span: BRANCH }] }
    }

    fn at(org_no: i64, subject: i64) -> Object {
        Object { org_no: Some(org_no), subject: Some(Id(subject)) }
    }

    #[test]
    #[rustfmt::skip]
    fn the_table_decides() {
        let cases = [
            // name                              role                   action                object        want
            ("own branch",                       Role::BranchSecretary, Action::PersonRead,   at(150, 9),   Ok(Role::BranchSecretary)),
            ("sibling branch",                   Role::BranchSecretary, Action::PersonRead,   at(200, 9),   Err(Denied::OutOfReach(Action::PersonRead))),
            ("branch above",                     Role::BranchSecretary, Action::PersonRead,   at(1, 9),     Err(Denied::OutOfReach(Action::PersonRead))),
            ("member reads own record",          Role::Member,          Action::PersonRead,   at(150, 7),   Ok(Role::Member)),
            ("member reads a neighbour",         Role::Member,          Action::PersonRead,   at(150, 9),   Err(Denied::OutOfReach(Action::PersonRead))),
            ("member has no pages",              Role::Member,          Action::PageView,     at(150, 9),   Err(Denied::NoRight(Action::PageView))),
            ("archivist, own file",              Role::Archivist,       Action::PageView,     at(150, 7),   Err(Denied::OwnFile(Action::PageView))),
            ("archivist, other file",            Role::Archivist,       Action::PageView,     at(150, 9),   Ok(Role::Archivist)),
            ("system administrator, person",     Role::Sysadmin,        Action::PersonRead,   at(150, 9),   Err(Denied::NoRight(Action::PersonRead))),
            ("auditor, ledger",                  Role::Auditor,         Action::LedgerRead,   Object::default(), Ok(Role::Auditor)),
            ("auditor grants nothing",           Role::Auditor,         Action::RoleGrant,    Object::default(), Err(Denied::NoRight(Action::RoleGrant))),
        ];
        for (name, role, action, object, want) in cases {
            assert_eq!(decide(&actor(role), action, &object).map(|a| a.role), want, "{name}");
        }
    }

    #[test]
    fn nobody_without_a_grant_may_do_anything() {
        let nobody = Actor { account: Id(1), person: Some(Id(7)), grants: vec![] };
        for action in Action::ALL {
            assert!(decide(&nobody, *action, &Object::default()).is_err());
            assert!(scope(&nobody, *action).is_empty());
        }
    }

    #[test]
    fn administrators_touch_no_business_data() {
        let business = |a: Action| {
            let c = a.code();
            c.starts_with("person.")
                || c.starts_with("volume.")
                || c.starts_with("page.")
                || matches!(a, Action::Search | Action::ImportRun | Action::CataloguePrint)
        };
        let wrong: Vec<_> = RULES
            .iter()
            .filter(|r| {
                matches!(r.role, Role::Sysadmin | Role::Secadmin | Role::Auditor) && business(r.action)
            })
            .map(|r| r.id)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn scope_is_empty_for_rights_over_oneself() {
        assert!(scope(&actor(Role::Member), Action::PersonRead).is_empty());
        assert_eq!(scope(&actor(Role::BranchSecretary), Action::PersonRead), vec![BRANCH]);
    }
}
