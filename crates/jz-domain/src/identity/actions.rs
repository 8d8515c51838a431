//! Everything that can be done, named once for the rules, the ledger and the pages.

macro_rules! actions {
    ($($variant:ident $code:literal $label:literal $doc:literal;)*) => {
        /// One thing that somebody may or may not do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $doc] $variant,)* }

        impl Action {
            /// All actions, in the order of the tables.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// Stable code, used by the ledger and by the pages.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code,)* } }
            /// Chinese label.
            pub fn label(self) -> &'static str { match self { $(Self::$variant => $label,)* } }
        }
    };
}

actions! {
    OrgRead "org.read" "查看组织" "See the tree of organisations.";
    OrgEdit "org.edit" "维护组织" "Create and rename organisations.";
    PersonList "person.list" "查看名册" "List people.";
    PersonRead "person.read" "查看人员档案信息" "Open one person's record.";
    PersonReveal "person.reveal" "查看完整证件与电话号码" "See identity number and telephone unmasked.";
    PersonEdit "person.edit" "维护人员信息" "Create and change people.";
    PersonHistory "person.history" "查看变更记录" "Read the history of changes of a person.";
    PersonLooks "person.looks" "查看谁看过" "Read who looked at a person's file.";
    ImportRun "import.run" "导入表格" "Preview, commit and undo workbook imports.";
    VolumeList "volume.list" "查看案卷清单" "List volumes.";
    VolumeRead "volume.read" "查看案卷目录" "Open the catalogue of a volume.";
    VolumeEdit "volume.edit" "编辑案卷目录" "Change the catalogue, file pages, import volumes.";
    PageView "page.view" "阅档" "See page images and recognised text.";
    PageCorrect "page.correct" "校对文字" "Correct recognised text.";
    CataloguePrint "catalogue.print" "打印目录" "Print or export the catalogue of a volume.";
    Search "search" "检索" "Search people, catalogue and page text.";
    JobRead "job.read" "查看任务" "See background jobs.";
    JobManage "job.manage" "管理任务" "Retry background jobs.";
    LedgerRead "ledger.read" "查看审计账" "Read the ledger.";
    LedgerVerify "ledger.verify" "核验审计账" "Recompute the ledger.";
    AccountRead "account.read" "查看用户" "List accounts and their roles.";
    AccountManage "account.manage" "管理用户" "Create, disable and reset accounts.";
    RoleGrant "role.grant" "授权" "Give and take roles.";
    SystemCheck "system.check" "系统自检" "See the state of the installation.";
    SelfService "self" "个人事务" "Own session, own password, own settings.";
}

impl Action {
    /// Looks an action up by its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.code() == code)
    }
}
