//! Roles, as typed values with their stable codes.

/// What a person is in the house. Codes are stable: scripts and the ledger use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 系统管理员: runs the system, sees no business data.
    Sysadmin,
    /// 安全保密管理员: grants rights, sees no business data.
    Secadmin,
    /// 安全审计员: reads the ledger, sees no business data.
    Auditor,
    /// 档案员: keeps the volumes; the custodian.
    Archivist,
    /// 组织员: the committee's officer for members and volumes.
    OrgOfficer,
    /// 党委书记: leads a committee.
    CommitteeSecretary,
    /// 支部书记: leads a branch.
    BranchSecretary,
    /// 党员/入党申请人: sees only what is his or hers.
    Member,
}

impl Role {
    /// All roles, in the order of the tables.
    pub const ALL: [Self; 8] = [
        Self::Sysadmin,
        Self::Secadmin,
        Self::Auditor,
        Self::Archivist,
        Self::OrgOfficer,
        Self::CommitteeSecretary,
        Self::BranchSecretary,
        Self::Member,
    ];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sysadmin => "sysadmin",
            Self::Secadmin => "secadmin",
            Self::Auditor => "auditor",
            Self::Archivist => "archivist",
            Self::OrgOfficer => "org_officer",
            Self::CommitteeSecretary => "committee_secretary",
            Self::BranchSecretary => "branch_secretary",
            Self::Member => "member",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sysadmin => "系统管理员",
            Self::Secadmin => "安全保密管理员",
            Self::Auditor => "安全审计员",
            Self::Archivist => "档案员",
            Self::OrgOfficer => "组织员",
            Self::CommitteeSecretary => "党委书记",
            Self::BranchSecretary => "支部书记",
            Self::Member => "党员",
        }
    }

    /// Looks a role up by its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// Whether one account may hold both: the auditor is never one of the other two
    /// administrators, and no administrator holds a business role (三员分立).
    pub fn compatible(self, other: Self) -> bool {
        let admin = |r| matches!(r, Self::Sysadmin | Self::Secadmin | Self::Auditor);
        self == other || (!admin(self) && !admin(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_found() {
        for r in Role::ALL {
            assert_eq!(Role::from_code(r.code()), Some(r));
        }
        assert_eq!(Role::from_code("root"), None);
    }

    #[test]
    fn three_administrators_stand_apart() {
        assert!(!Role::Auditor.compatible(Role::Sysadmin));
        assert!(!Role::Sysadmin.compatible(Role::Secadmin));
        assert!(!Role::Auditor.compatible(Role::Archivist));
        assert!(Role::Archivist.compatible(Role::Member));
    }
}
